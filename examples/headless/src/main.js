import { Shoal } from 'image-shoal';

const input = document.querySelector('input');
const bar = document.querySelector('progress');
const list = document.querySelector('ul');

const shoal = new Shoal({ 'asset-base': new URL('shoal/', document.baseURI).href });
shoal.addEventListener('progress', ({ detail: { done, total } }) => {
  bar.hidden = false;
  bar.max = total || 1;
  bar.value = done;
});

input.addEventListener('change', async () => {
  await shoal.add(input.files);
  const { clusters } = await shoal.cluster({ k: 'auto' });
  bar.hidden = true;
  list.replaceChildren(...clusters.map(({ name, size }) => {
    const item = document.createElement('li');
    item.textContent = `${name}: ${size}`;
    return item;
  }));
});

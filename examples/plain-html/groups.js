// Lists the clusters that the element finds.

const list = document.querySelector('ul');

document.querySelector('image-shoal').addEventListener('result', ({ detail }) => {
  list.replaceChildren(...detail.clusters.map(({ name, size }) => {
    const item = document.createElement('li');
    item.textContent = `${name}: ${size}`;
    return item;
  }));
});

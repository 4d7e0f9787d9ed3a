// The lightbox walks through a whole cluster, and edits it from the keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { groupOf, pathsIn } from './support/arrangement.mjs';
import { openImported } from './support/imported.mjs';
import { card, cluster, settled } from './support/shoal.mjs';

/** Opens the most typical image of the first cluster from its card. */
async function openFromCard(t, options) {
  const { page } = await openImported(t, { attributes: { k: '6' }, ...options });
  const before = await cluster(page);
  const dialog = page.getByRole('dialog');
  await card(page, 0).getByRole('button', { name: groupOf(before, 0).representatives[0] }).click();
  await dialog.waitFor();
  return { page, before, dialog, heading: () => dialog.getByRole('heading', { level: 2 }).textContent() };
}

test('from a card, the lightbox walks through all images of the cluster and counts them', async (t) => {
  const { page, before, dialog, heading } = await openFromCard(t);
  const { size } = groupOf(before, 0);
  const seen = new Set();
  for (let place = 1; place <= size; place += 1) {
    await dialog.getByText(`${place} of ${size}`, { exact: true }).waitFor();
    seen.add(await heading());
    await page.keyboard.press('ArrowRight');
  }
  assert.deepEqual([...seen].sort(), pathsIn(before, 0));
  await dialog.getByText(`${size} of ${size}`, { exact: true }).waitFor();
});

test('its buttons stay where they are, and keep the focus, from image to image', async (t) => {
  const { page, dialog } = await openFromCard(t);
  const next = dialog.getByRole('button', { name: 'Next picture' });
  const place = await next.boundingBox();
  const focused = () => dialog.evaluate((dialog) => dialog.getRootNode().activeElement?.title);
  for (let step = 0; step < 3; step += 1) {
    await next.click();
    assert.deepEqual(await next.boundingBox(), place);
    assert.equal(await focused(), 'Next picture');
  }
  // A button of one image disappears with it.
  await dialog.getByRole('button', { name: 'Keep here' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('image-shoal').shadowRoot.activeElement?.textContent === 'Close');
});

for (const [name, context] of [['wide', {}], ['narrow', { viewport: { width: 390, height: 844 } }]]) {
  test(`all destinations of its menu can be seen, ${name}`, async (t) => {
    const { page, before, dialog } = await openFromCard(t, { context });
    await page.keyboard.press('m');
    const menu = dialog.getByRole('menu');
    await menu.waitFor();
    const items = menu.getByRole('menuitem');
    assert.equal(await items.count(), before.clusters.length + 2);
    for (const item of await items.all()) {
      await item.scrollIntoViewIfNeeded();
      // Whatever covers or cuts off an entry is hit instead of it.
      assert.ok(await item.evaluate((item) => {
        const { left, top, width, height } = item.getBoundingClientRect();
        return item.getRootNode().elementFromPoint(left + width / 2, top + height / 2) === item;
      }), await item.textContent());
    }
  });
}

test('its keys set an image aside, pin one, and undo', async (t) => {
  const { page, before, dialog, heading } = await openFromCard(t);
  const first = await heading();
  await page.keyboard.press('Delete');
  await page.waitForFunction((size) => document.querySelector('image-shoal').result.clusters[0].size === size,
    groupOf(before, 0).size - 1);
  assert.notEqual(await heading(), first, 'the next image is shown');
  assert.deepEqual(pathsIn(await settled(page, 60), null), [first]);

  await page.keyboard.press('Control+z');
  await page.waitForFunction((size) => document.querySelector('image-shoal').result.clusters[0].size === size,
    groupOf(before, 0).size);

  await page.keyboard.press('k');
  await dialog.getByText(/, stays here/).waitFor();
});

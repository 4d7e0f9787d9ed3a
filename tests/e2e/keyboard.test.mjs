// Working without a pointer: where the focus is, tab stops, undo, and what is announced.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrangementOf, groupOf } from './support/arrangement.mjs';
import { openImported } from './support/imported.mjs';
import { card, cluster, settled } from './support/shoal.mjs';

async function openClusters(t) {
  const { page } = await openImported(t, { attributes: { k: '6' } });
  const before = await cluster(page);
  await card(page, before.clusters.at(-1).id).waitFor();
  return { page, before };
}

/** Waits until an element that matches has the focus. */
const waitForFocus = (page, selector) => page.waitForFunction((selector) => (
  document.querySelector('image-shoal').shadowRoot.activeElement?.matches(selector)
), selector);

const sizeIs = (page, id, size) => page.waitForFunction(([id, size]) => (
  document.querySelector('image-shoal').result.clusters.find((group) => group.id === id)?.size === size
), [id, size]);

test('after a move from the grid the focus is in the grid, and undo works from there', async (t) => {
  const { page, before } = await openClusters(t);
  await card(page, 0).getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('listbox', { name: 'Pictures' }).focus();
  await page.keyboard.press('m');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await sizeIs(page, 0, groupOf(before, 0).size - 1);
  await waitForFocus(page, '.grid');
  await page.getByRole('status').getByText(`1 picture moved to ${before.clusters[1].name}`).waitFor();

  await page.keyboard.press('Control+z');
  await sizeIs(page, 0, groupOf(before, 0).size);
  assert.deepEqual(arrangementOf(await settled(page, 60)), arrangementOf(before));
  await page.keyboard.press('Control+Shift+z');
  await sizeIs(page, 0, groupOf(before, 0).size - 1);
});

test('undo works when nothing has the focus, and leaves text fields alone', async (t) => {
  const { page, before } = await openClusters(t);
  const field = card(page, 2).getByRole('textbox', { name: 'Name of the group' });
  await field.fill('Mine');
  await field.press('Enter');
  await page.getByRole('article', { name: 'Mine', exact: true }).waitFor();
  await field.focus();
  await field.pressSequentially('x');
  await page.keyboard.press('Control+z');
  assert.equal(await page.getByRole('article', { name: 'Mine', exact: true }).count(), 1, 'the field undoes its own text');
  await field.fill('Mine');
  await field.evaluate((field) => field.blur());
  await page.keyboard.press('Control+z');
  await page.getByRole('article', { name: groupOf(before, 2).name, exact: true }).waitFor();
});

test('a toast undoes what it tells', async (t) => {
  const { page, before } = await openClusters(t);
  await card(page, 0).getByRole('button', { name: 'Show all' }).click();
  await page.locator('section.opened').getByRole('button', { name: 'Split in two' }).click();
  const toast = page.locator('.toast');
  await toast.getByText(`${groupOf(before, 0).name} split in two`).waitFor();
  await settled(page, 60);
  await toast.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: '60 pictures in 6 groups' }).waitFor();
  await toast.waitFor({ state: 'detached' });
});

test('a card has one tab stop for all its pictures, and arrows walk through them', async (t) => {
  const { page, before } = await openClusters(t);
  const stops = await card(page, 0).locator('input, button').evaluateAll((elements) => (
    elements.filter(({ tabIndex }) => tabIndex >= 0).length
  ));
  assert.equal(stops, 4, 'the name, the lock, the pictures and "Show all"');
  const pictures = card(page, 0).locator('.thumbnails button');
  await pictures.first().focus();
  await page.keyboard.press('ArrowRight');
  const focused = () => page.evaluate(() => document.querySelector('image-shoal').shadowRoot.activeElement.title);
  assert.equal(await focused(), groupOf(before, 0).representatives[1]);
  await page.keyboard.press('End');
  assert.equal(await focused(), await pictures.last().getAttribute('title'));
});

test('a name is selected when its field gets the focus, so that typing replaces it', async (t) => {
  const { page } = await openClusters(t);
  await card(page, 1).getByRole('textbox', { name: 'Name of the group' }).focus();
  await page.keyboard.type('Trees');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'Trees', exact: true }).waitFor();
});

test('search results come above the cards, and Enter leads to them', async (t) => {
  const { page } = await openClusters(t);
  const search = page.getByRole('searchbox');
  await search.fill('cat');
  const found = page.getByRole('region', { name: 'Found' });
  await found.waitFor();
  const [results, cards] = await Promise.all([found.boundingBox(), card(page, 0).boundingBox()]);
  assert.ok(results.y < cards.y);
  await search.press('Enter');
  await waitForFocus(page, '.grid');
});

test('a closed panel gives the focus back to the card that opened it', async (t) => {
  const { page } = await openClusters(t);
  const button = card(page, 4).getByRole('button', { name: 'Show all' });
  await button.focus();
  await page.keyboard.press('Enter');
  const close = page.locator('section.opened').getByRole('button', { name: 'Close' });
  await close.focus();
  await page.keyboard.press('Enter');
  await waitForFocus(page, 'article.card[data-cluster="4"] .open');
});

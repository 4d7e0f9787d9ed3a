// Browsing images: the grid, keyboard, drag and drop, search, sort orders, and the lightbox.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { call, card, choose, cluster, clustersByPath, result, selectOne, settled } from './support/shoal.mjs';

async function openClusters(t, { context } = {}) {
  const { page } = await openImported(t, { attributes: { k: '6' }, context });
  const before = await cluster(page);
  // Cards are rendered one after the other.
  await card(page, before.clusters.at(-1).id).waitFor();
  return { page, before };
}

const bar = (page) => page.getByRole('region', { name: 'Selection' });

async function openGroup(page, id) {
  await card(page, id).getByRole('button', { name: 'Show all' }).click();
  const grid = page.getByRole('listbox', { name: 'Pictures' });
  await grid.waitFor();
  return grid;
}

/** The paths of a cluster's images, those closest to its centre first. */
const byCloseness = ({ items }, id) => items
  .filter(({ cluster }) => cluster === id)
  .sort((one, other) => one.distance - other.distance)
  .map(({ path }) => path);

const shownPaths = (grid) => grid.getByRole('option').evaluateAll((options) => (
  options.map((option) => option.title.split(', ')[0])
));

const selectedPaths = (page) => page.locator('[role=option][aria-selected=true]').evaluateAll((options) => (
  options.map((option) => option.title.split(', ')[0])
));

const groupHas = (page, id, size) => page.waitForFunction(([id, size]) => (
  document.querySelector('image-shoal').result.clusters.find((group) => group.id === id)?.size === size
), [id, size]);

test('the keyboard alone selects pictures, moves them and sets them aside', async (t) => {
  const { page, before } = await openClusters(t);
  const grid = await openGroup(page, 0);
  const paths = byCloseness(before, 0);
  assert.deepEqual(await shownPaths(grid), paths);

  await grid.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  assert.deepEqual(await selectedPaths(page), paths.slice(1, 4));
  await page.keyboard.press('Shift+ArrowLeft');
  assert.deepEqual(await selectedPaths(page), paths.slice(1, 3), 'back again, one fewer is selected');

  await page.keyboard.press('m');
  await page.waitForFunction(() => (
    document.querySelector('image-shoal').shadowRoot.activeElement?.matches('[role=menuitem]')
  ));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await groupHas(page, 2, groupOf(before, 2).size + 2);
  assert.deepEqual(pathsIn(await settled(page, 60), 2), [...pathsIn(before, 2), ...paths.slice(1, 3)].sort());

  await grid.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Delete');
  const unsorted = page.getByRole('article', { name: 'Unsorted' });
  await unsorted.waitFor();
  assert.deepEqual(pathsIn(await settled(page, 60), null), [paths.at(-1)]);

  await page.keyboard.press('Control+a');
  await bar(page).getByText(`${paths.length - 3} pictures selected`).waitFor();
  await page.keyboard.press('Escape');
  await bar(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await grid.waitFor({ state: 'detached' });
});

test('the grid of a large cluster renders only visible rows, and keeps the selection', async (t) => {
  const { page, before } = await openClusters(t, { context: { viewport: { width: 360, height: 500 } } });
  await call(page, 'merge', before.clusters.map(({ id }) => id));
  let paths = byCloseness(await settled(page, 60), 0);
  const grid = await openGroup(page, 0);
  const at = (place) => grid.locator(`[aria-posinset="${place}"]`);
  const shown = async () => grid.getByRole('option').evaluateAll((options) => options.map((option) => ({
    path: option.title.split(', ')[0], place: Number(option.ariaPosInSet), count: Number(option.ariaSetSize),
  })));
  /** Checks that the cells shown are consecutive images of the cluster, in order. */
  const check = async (count) => {
    const cells = await shown();
    const first = cells[0].place - 1;
    assert.deepEqual(cells, paths.slice(first, first + cells.length).map((path, index) => (
      { path, place: first + index + 1, count }
    )));
    assert.ok(cells.length < paths.length / 2, `${cells.length} of ${paths.length} are rendered`);
  };
  await check(60);
  await selectOne(at(2));
  await grid.evaluate((window) => { window.scrollTop = window.scrollHeight; });
  await at(60).waitFor();
  await check(60);
  assert.equal(await at(2).count(), 0);
  assert.deepEqual(await selectedPaths(page), []);

  await grid.evaluate((window) => { window.scrollTop = 0; });
  await at(2).waitFor();
  await check(60);
  assert.deepEqual(await selectedPaths(page), [paths[1]]);
  await call(page, 'setAside', [paths.at(-1)]);
  paths = byCloseness(await settled(page, 60), 0);
  await page.waitForFunction((grid) => grid.querySelector('[role=option]').ariaSetSize === '59', await grid.elementHandle());
  await check(59);
});

test('dragging one selected image moves the whole selection to another cluster', async (t) => {
  const { page, before } = await openClusters(t);
  const grid = await openGroup(page, 0);
  const paths = byCloseness(before, 0);
  await selectOne(grid.getByRole('option').nth(0));
  await grid.getByRole('option').nth(2).click({ modifiers: ['Shift'] });
  assert.deepEqual(await selectedPaths(page), paths.slice(0, 3));

  await grid.getByRole('option').nth(1).hover();
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 4 });
  const place = page.locator('.place').filter({ hasText: groupOf(before, 3).name });
  await place.hover();
  await place.hover();
  await page.mouse.up();
  await groupHas(page, 3, groupOf(before, 3).size + 3);
  assert.deepEqual(pathsIn(await settled(page, 60), 3), [...pathsIn(before, 3), ...paths.slice(0, 3)].sort());
  await page.locator('.place').first().waitFor({ state: 'detached' });
  assert.equal(await bar(page).count(), 0, 'moved images are deselected');

  // A single image, from its card to another card.
  const [first] = groupOf(await result(page), 4).representatives;
  await card(page, 4).getByRole('button', { name: first }).hover();
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 4 });
  await page.locator('.place').first().waitFor();
  await card(page, 5).locator('.facts').hover();
  await card(page, 5).locator('.facts').hover();
  await page.mouse.up();
  await groupHas(page, 4, groupOf(before, 4).size - 1);
  assert.equal(clustersByPath(await settled(page, 60))[first], 5);
});

test('images are found by name, folder and cluster', async (t) => {
  const { page, before } = await openClusters(t);
  const search = page.getByRole('searchbox');
  await search.fill('CAT 1');
  const grid = page.getByRole('listbox', { name: 'Pictures' });
  const expected = before.items.map(({ path }) => path)
    .filter((path) => path.toLowerCase().includes('cat') && path.includes('1'));
  assert.ok(expected.length > 0);
  await page.getByRole('heading', { name: `Found · ${expected.length} picture` }).waitFor();
  await page.getByRole('combobox', { name: 'Order of the pictures' }).selectOption('path');
  assert.deepEqual(await shownPaths(grid), expected.sort());
  const hasFocus = await search.evaluate((field) => field.getRootNode().activeElement === field);
  assert.ok(hasFocus, 'the search field keeps the focus');

  await call(page, 'rename', 5, 'Zebra crossings');
  await search.fill('crossings ZEBRA');
  await page.getByRole('heading', { name: `Found · ${groupOf(before, 5).size} pictures` }).waitFor();
  await search.fill('nothing like it');
  await page.getByText('No pictures here.').waitFor();
  await search.fill('');
  await page.getByRole('heading', { name: /^Found/ }).waitFor({ state: 'detached' });
});

test('a half-typed name survives changes of the clusters', async (t) => {
  const { page, before } = await openClusters(t);
  const field = card(page, 2).getByRole('textbox', { name: 'Name of the group' });
  await field.click();
  await field.press('Control+a');
  await field.pressSequentially('Half a');
  await call(page, 'rename', 2, 'Another name');
  await call(page, 'move', [groupOf(before, 0).representatives[0]], 2);
  await settled(page, 60);
  await field.pressSequentially(' name');
  assert.equal(await field.inputValue(), 'Half a name');
  await field.press('Enter');
  await page.getByRole('article', { name: 'Half a name' }).waitFor();
});

test('clusters are sorted', async (t) => {
  const { page, before } = await openClusters(t);
  const order = page.getByRole('combobox', { name: 'Order of the groups' });
  const shown = () => page.locator('article.card[data-cluster]').evaluateAll((cards) => (
    cards.map((card) => Number(card.dataset.cluster))
  ));
  const by = (key) => [...before.clusters].sort(key).map(({ id }) => id);
  await order.selectOption('silhouette');
  assert.deepEqual(await shown(), by((one, other) => other.silhouette - one.silhouette));
  await order.selectOption('size');
  assert.deepEqual(await shown(), by((one, other) => other.size - one.size));
  await order.selectOption('found');
  assert.deepEqual(await shown(), by((one, other) => one.id - other.id));
});

test('the lightbox shows the source file and the most similar images', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64', k: '6' } });
  await addPaths(page, [sampleFolder()]);
  const before = await cluster(page);
  const grid = await openGroup(page, 1);
  const paths = byCloseness(before, 1);
  await grid.getByRole('option').nth(1).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: paths[1] }).waitFor();
  const large = dialog.locator('img.large');
  await large.evaluate((image) => image.decode());
  assert.ok(await large.evaluate((image) => image.naturalWidth) > 128, 'the source file, not the thumbnail');
  await dialog.getByText(groupOf(before, 1).name, { exact: true }).first().waitFor();

  const nearest = await page.evaluate((path) => document.querySelector('image-shoal').neighbours(path, 12), paths[1]);
  const similar = dialog.getByRole('listitem');
  await similar.first().waitFor();
  assert.equal(await similar.count(), 12);
  assert.ok((await similar.first().getByRole('button').getAttribute('title')).startsWith(nearest[0].path));

  await page.keyboard.press('ArrowLeft');
  await dialog.getByRole('heading', { name: paths[0] }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await dialog.getByRole('heading', { name: paths[0] }).waitFor();
  await dialog.getByRole('button', { name: 'Next picture' }).click();
  await dialog.getByRole('heading', { name: paths[1] }).waitFor();

  await choose(dialog, 'Move to…', 'Unsorted');
  await dialog.getByText('Unsorted, stays here').waitFor();
  assert.deepEqual(pathsIn(await settled(page, 60), null), [paths[1]]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  // It opens from a card, too.
  await card(page, 2).getByRole('button', { name: groupOf(before, 2).representatives[0] }).click();
  await dialog.getByRole('heading', { name: groupOf(before, 2).representatives[0] }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'hidden' });
});

test('the selection spans clusters, and can be shown as a whole', async (t) => {
  const { page, before } = await openClusters(t);
  const first = byCloseness(before, 0)[0];
  await selectOne((await openGroup(page, 0)).getByRole('option').first());
  await page.getByRole('region', { name: groupOf(before, 0).name }).getByRole('button', { name: 'Close' }).click();
  const second = byCloseness(before, 3)[0];
  await selectOne((await openGroup(page, 3)).getByRole('option').first());
  await bar(page).getByText('2 pictures selected').waitFor();
  await bar(page).getByRole('button', { name: 'Show them' }).click();
  await page.getByRole('heading', { name: 'Selection · 2 pictures' }).waitFor();
  assert.deepEqual((await shownPaths(page.getByRole('listbox'))).sort(), [first, second].sort());
  await bar(page).getByRole('button', { name: 'Select none' }).click();
  await page.getByText('No pictures here.').waitFor();
});

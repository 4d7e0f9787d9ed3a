// Editing clusters in the interface: with the cards, the opened cluster, and the lists.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrangementOf, checkEvaluated, groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { call, card, choose, cluster, clustersByPath, result, selectOne, settled } from './support/shoal.mjs';

async function openClusters(t, k = 6) {
  const { page } = await openImported(t, { attributes: { k: String(k) } });
  const before = await cluster(page);
  // Cards are rendered one after the other.
  await card(page, before.clusters.at(-1).id).waitFor();
  return { page, before };
}

/** Waits until the first cluster has `size` images. */
const firstHas = (page, size) => page.waitForFunction((size) => (
  document.querySelector('image-shoal').result.clusters[0].size === size
), size);

/** Waits until the page shows `locator` and everything is evaluated. */
async function shown(page, locator) {
  await locator.waitFor();
  return settled(page, 60);
}

async function open(page, id) {
  await card(page, id).getByRole('button', { name: 'Show all' }).click();
  const opened = page.locator('section.opened');
  await opened.waitFor();
  return opened;
}

/** Opens a cluster and selects its first images in the order shown: their paths, and the bar of the selection. */
async function select(page, id, count) {
  const opened = await open(page, id);
  const paths = [];
  for (let index = 0; index < count; index += 1) {
    const picture = opened.getByRole('listbox').getByRole('option').nth(index);
    paths.push((await picture.getAttribute('title')).split(', ')[0]);
    await selectOne(picture);
    assert.equal(await picture.getAttribute('aria-selected'), 'true');
  }
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByText(`${count} picture`).waitFor();
  return { opened, bar, paths: paths.sort() };
}

test('a cluster is renamed in its card', async (t) => {
  const { page, before } = await openClusters(t);
  const field = card(page, 2).getByRole('textbox', { name: 'Name of the group' });
  assert.equal(await field.inputValue(), groupOf(before, 2).name);
  await field.fill('Whatever it is');
  await field.press('Enter');
  const renamed = await shown(page, page.getByRole('article', { name: 'Whatever it is', exact: true }));
  assert.deepEqual([groupOf(renamed, 2).name, groupOf(renamed, 2).suggested], ['Whatever it is', false]);
  assert.equal(await card(page, 2).getByText('suggested', { exact: true }).count(), 0);

  await field.fill('   ');
  await field.press('Enter');
  assert.equal(await field.inputValue(), 'Whatever it is', 'an empty name changes nothing');
  await page.locator('.summary').getByRole('button', { name: 'Undo' }).click();
  const undone = await shown(page, page.getByRole('article', { name: groupOf(before, 2).name, exact: true }));
  assert.deepEqual(arrangementOf(undone), arrangementOf(before));
});

test('a card says that its name is a suggestion', async (t) => {
  // Names are suggested only for images that Shoal itself has embedded.
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64', k: '6' } });
  await addPaths(page, [sampleFolder()]);
  const before = await cluster(page);
  await card(page, before.clusters.at(-1).id).waitFor();
  assert.ok(before.clusters.some(({ suggested }) => suggested));
  for (const { id, suggested } of before.clusters) {
    assert.equal(await card(page, id).getByText('suggested', { exact: true }).count(), suggested ? 1 : 0);
  }
});

test('a cluster is pinned with its button, and stays when everything is clustered again', async (t) => {
  const { page, before } = await openClusters(t, 3);
  const members = pathsIn(before, 1);
  await card(page, 1).getByRole('button', { name: /^Lock:/ }).click();
  const locked = await shown(page, card(page, 1).locator('button.lock[aria-pressed=true]'));
  assert.equal(groupOf(locked, 1).locked, true);

  await page.locator('input#k').fill('6');
  const again = await shown(page, page.getByRole('heading', { name: '60 pictures in 6 groups' }));
  const places = clustersByPath(again);
  assert.ok(members.every((path) => places[path] === 1));

  await card(page, 1).getByRole('button', { name: /^Unlock:/ }).click();
  const free = await shown(page, card(page, 1).locator('button.lock[aria-pressed=false]'));
  assert.equal(groupOf(free, 1).locked, false);
});

test('selected images are moved, and the move is undone and redone', async (t) => {
  const { page, before } = await openClusters(t);
  const { opened, bar, paths } = await select(page, 0, 2);
  assert.equal(await opened.getByRole('listbox').getByRole('option').count(), groupOf(before, 0).size);
  assert.deepEqual(paths, groupOf(before, 0).representatives.slice(0, 2).sort(), 'closest to the centre first');
  await choose(bar, 'Move to…', groupOf(before, 3).name);
  await bar.waitFor({ state: 'detached' });
  const moved = await shown(page, opened.getByText(` · ${groupOf(before, 0).size - 2} pictures`));
  checkEvaluated(moved);
  assert.deepEqual(pathsIn(moved, 3), [...pathsIn(before, 3), ...paths].sort());
  assert.deepEqual(arrangementOf(moved).pinned, paths);
  assert.equal(await opened.getByRole('listbox').getByRole('option').count(), groupOf(before, 0).size - 2);

  const [undo, redo] = ['Undo', 'Redo'].map((name) => page.locator('.summary').getByRole('button', { name }));
  assert.ok(await redo.isDisabled());
  await undo.click();
  await firstHas(page, groupOf(before, 0).size);
  const undone = await settled(page, 60);
  assert.deepEqual(arrangementOf(undone), arrangementOf(before));
  await redo.click();
  await firstHas(page, groupOf(moved, 0).size);
  assert.deepEqual(arrangementOf(await settled(page, 60)), arrangementOf(moved));
});

test('images are moved to a new cluster, set aside, pinned and unpinned', async (t) => {
  const { page } = await openClusters(t);
  const first = await select(page, 0, 2);
  await choose(first.bar, 'Move to…', 'a new group');
  const created = await shown(page, page.getByRole('heading', { name: '60 pictures in 7 groups' }));
  assert.deepEqual(pathsIn(created, created.clusters.at(-1).id), first.paths);

  const second = await select(page, 1, 1);
  await choose(second.bar, 'Move to…', 'Unsorted');
  const excluded = await shown(page, page.locator('article.aside'));
  assert.deepEqual(pathsIn(excluded, null), second.paths);

  const third = await select(page, 2, 1);
  await third.bar.getByRole('button', { name: 'Keep here' }).click();
  const pinned = await shown(page, third.opened.locator('.picture.locked'));
  assert.deepEqual(arrangementOf(pinned).pinned, [...first.paths, ...second.paths, ...third.paths].sort());
  await selectOne(third.opened.locator('.picture.locked'));
  await third.bar.getByRole('button', { name: 'Unpin' }).click();
  await third.opened.locator('.picture.locked').waitFor({ state: 'detached' });
  assert.deepEqual(arrangementOf(await settled(page, 60)).pinned, [...first.paths, ...second.paths].sort());
});

test('a cluster is split, and merged with another', async (t) => {
  const { page, before } = await openClusters(t);
  const opened = await open(page, 4);
  await opened.getByRole('button', { name: 'Split in two' }).click();
  const split = await shown(page, page.getByRole('heading', { name: '60 pictures in 7 groups' }));
  const { id } = split.clusters.at(-1);
  assert.deepEqual([...pathsIn(split, 4), ...pathsIn(split, id)].sort(), pathsIn(before, 4));

  await choose(opened, 'Merge with…', groupOf(split, id).name);
  const merged = await shown(page, page.getByRole('heading', { name: '60 pictures in 6 groups' }));
  assert.deepEqual(pathsIn(merged, 4), pathsIn(before, 4));
  await opened.getByRole('button', { name: 'Close' }).click();
  await opened.waitFor({ state: 'detached' });
});

test('each proposed number of clusters can be tried with a click', async (t) => {
  const { page } = await openImported(t);
  await cluster(page);
  const { proposals, k } = await settled(page, 60);
  assert.ok(proposals.length > 1, `${proposals}`);
  const buttons = page.locator('.proposals button');
  const words = await buttons.allTextContents();
  assert.deepEqual(words.map((text) => Number.parseInt(text, 10)), proposals);
  assert.equal(await page.locator('.proposals button[aria-pressed=true]').textContent(), words[proposals.indexOf(k)]);

  await buttons.nth(1).click();
  const other = await shown(page, page.getByRole('heading', { name: `60 pictures in ${proposals[1]} groups` }));
  assert.equal(other.k, proposals[1]);
  await page.waitForFunction((text) => {
    const { shadowRoot } = document.querySelector('image-shoal');
    return shadowRoot.querySelector('.proposals button[aria-pressed=true]')?.textContent === text;
  }, words[1]);
  assert.equal(await buttons.count(), proposals.length, 'the other proposals remain');
});

test('images in doubt are moved to a closer cluster, or kept', async (t) => {
  const { page, before } = await openClusters(t);
  const list = page.locator('details.doubtful');
  const doubtful = before.items.filter(({ silhouette }) => silhouette < 0).length;
  assert.equal(await list.count(), doubtful > 0 ? 1 : 0);
  assert.equal(doubtful, 0, 'six clusters fit the samples');

  // In the wrong cluster, but not pinned there.
  const wrong = [pathsIn(before, 0)[0], pathsIn(before, 5)[0]];
  await call(page, 'move', wrong.slice(0, 1), 1);
  await call(page, 'move', wrong.slice(1), 2);
  await call(page, 'lock', wrong, false);
  await list.getByText('Check these · 2 pictures').click();
  const check = (path) => list.locator('li').filter({ has: page.getByAltText(path) });
  await check(wrong[0]).getByRole('button', { name: `Move to ${groupOf(before, 0).name}` }).click();
  await list.getByText('Check these · 1 picture', { exact: true }).waitFor();
  assert.equal(clustersByPath(await settled(page, 60))[wrong[0]], 0);

  assert.ok(await check(wrong[1]).isVisible(), 'the list stays open');
  await check(wrong[1]).getByRole('button', { name: 'Keep here' }).click();
  await list.waitFor({ state: 'detached' });
  const after = await settled(page, 60);
  assert.equal(clustersByPath(after)[wrong[1]], 2);
  assert.deepEqual(arrangementOf(after).pinned, wrong.sort());
  assert.deepEqual(await result(page), after);
});

// Duplicate images, and the images most similar to one.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';

import { pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addCopies } from './support/copies.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { kindOf } from './support/scores.mjs';
import { call, cluster, result, settled } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '96' } };

const sample = (name) => sampleFiles().find((path) => basename(path) === `${name}.jpg`);

/** One image of each kind, a copy of one of them, and re-encoded copies of three others. */
async function openCopies(t) {
  const kinds = ['bicycle', 'boat', 'cat', 'clock', 'flower', 'house'];
  const contents = Object.fromEntries(kinds.map((kind) => [`${kind}-01.jpg`, sample(`${kind}-01`)]));
  contents['the same again.jpg'] = sample('house-01');
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'own'), contents)]);
  const { rejected } = await addCopies(page, [
    { path: sample('boat-01'), name: 'half.png', scale: 0.5 },
    { path: sample('cat-01'), name: 'twice.png', scale: 2 },
    { path: sample('clock-01'), name: 'worse.jpg', type: 'image/jpeg', quality: 0.6 },
  ]);
  assert.deepEqual(rejected, []);
  return page;
}

test('exact and near duplicates are found, and nothing else', async (t) => {
  const page = await openCopies(t);
  const before = await cluster(page, { k: 3 });
  const found = await call(page, 'duplicates');
  const inPathOrder = found.sort((one, other) => (one.paths[0] < other.paths[0] ? -1 : 1));
  assert.deepEqual(inPathOrder.map(({ kind, paths }) => ({ kind, paths })), [
    { kind: 'near', paths: ['half.png', 'own/boat-01.jpg'] },
    { kind: 'near', paths: ['own/cat-01.jpg', 'twice.png'] },
    { kind: 'near', paths: ['own/clock-01.jpg', 'worse.jpg'] },
    { kind: 'exact', paths: ['own/house-01.jpg', 'own/the same again.jpg'] },
  ]);
  const [half, twice, , same] = inPathOrder.map(({ best }) => best);
  assert.deepEqual([half, twice], ['own/boat-01.jpg', 'twice.png'], 'the largest is the best');
  assert.equal(same, 'own/house-01.jpg', 'of equal ones the first is the best');
  assert.deepEqual(await result(page), before, 'nothing is moved');
});

test('the minimum cosine decides what counts as near', async (t) => {
  const page = await openCopies(t);
  await cluster(page, { k: 3 });
  const strict = await call(page, 'duplicates', { cosine: 1 });
  assert.ok(strict.some(({ kind }) => kind === 'exact'));
  const counts = [];
  for (const cosine of [1, 0.98, 0.3, 0]) {
    const found = await call(page, 'duplicates', { cosine });
    counts.push(found.reduce((sum, { paths }) => sum + paths.length, 0));
  }
  t.diagnostic(`images that are duplicates, by cosine: ${counts}`);
  assert.deepEqual(counts, [...counts].sort((one, other) => one - other));
  assert.equal(counts.at(-1), 10, 'at a cosine of 0 all images are duplicates');
  assert.ok(counts[0] < counts.at(-1));
});

test('the nearest neighbour is the copy, followed by its kind', async (t) => {
  const { page } = await openPage(t, QUICK);
  const own = fill(makeFolder(t, 'own'), Object.fromEntries(sampleFiles().map((path) => [basename(path), path])));
  await addPaths(page, [own]);
  await addPaths(page, [fill(makeFolder(t, 'copy'), { 'again.jpg': sample('boat-03') })]);
  const [first, ...others] = await call(page, 'neighbours', 'own/boat-03.jpg', 5);
  assert.equal(first.path, 'copy/again.jpg');
  assert.ok(Math.abs(first.cosine - 1) < 1e-6, `its cosine is ${first.cosine}`);
  assert.equal(others.length, 4);
  assert.ok(others.every(({ path }) => kindOf(path) === 'boat'), JSON.stringify(others));
  const cosines = [first, ...others].map(({ cosine }) => cosine);
  assert.deepEqual(cosines, [...cosines].sort((one, other) => other - one));
  assert.ok(others.every(({ cosine }) => cosine > 0 && cosine < 1 - 1e-4));

  const [back] = await call(page, 'neighbours', others[0].path, 60);
  assert.ok(back.cosine >= others[0].cosine, 'similarity is symmetric');
  assert.equal((await call(page, 'neighbours', 'own/boat-03.jpg')).length, 12);
  assert.equal((await call(page, 'neighbours', 'own/boat-03.jpg', 100)).length, 60, 'all but the image itself');
});

test('the page lists duplicates, and keeps the best on request', async (t) => {
  const page = await openCopies(t);
  await cluster(page, { k: 3 });
  await settled(page, 10);
  const panel = page.locator('details.duplicates');
  await panel.locator('summary').click();
  await panel.getByRole('button', { name: 'Find duplicates' }).click();
  await panel.getByRole('status').getByText('4 groups of duplicates').waitFor();
  assert.equal(await panel.locator('.copies [data-kind=exact]').count(), 1);
  assert.equal(await panel.locator('.copies [data-kind=near]').count(), 3);
  assert.equal(await panel.locator('.copies li.best').count(), 4);
  assert.deepEqual(pathsIn(await result(page), null), [], 'finding duplicates sets nothing aside');

  const boats = panel.locator('.copies > li').filter({ has: page.getByAltText('half.png') });
  await boats.getByRole('button', { name: /^Keep the best/ }).click();
  await boats.waitFor({ state: 'detached' });
  assert.deepEqual(pathsIn(await settled(page, 10), null), ['half.png']);

  await panel.getByRole('button', { name: 'Keep the best of each' }).click();
  await panel.getByText('No duplicates found.').waitFor();
  const excluded = pathsIn(await settled(page, 10), null);
  assert.equal(excluded.length, 4);
  assert.ok(excluded.includes('half.png') && excluded.includes('own/cat-01.jpg'), `${excluded}`);

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('article.aside').getByText('1 picture', { exact: true }).waitFor();
  assert.deepEqual(pathsIn(await settled(page, 10), null), ['half.png']);
});

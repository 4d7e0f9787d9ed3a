// Source folders as clusters, and unassigned images that join them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';

import { checkEvaluated, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { kindOf } from './support/scores.mjs';
import { call, cluster, clustersByPath, settled } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const KINDS = ['boat', 'cat', 'flower'];

/** A folder with three kinds in folders of their own, and two images of each kind outside of these. */
function partlySorted(t) {
  const contents = {};
  for (const path of sampleFiles().filter((one) => KINDS.includes(kindOf(one)))) {
    const isOutside = /-(09|10)\./.test(path);
    contents[isOutside ? basename(path) : `${kindOf(path)}/${basename(path)}`] = path;
  }
  return fill(makeFolder(t, 'trip'), contents);
}

const isUnassigned = (path) => path.split('/').length === 2;

function checkAdopted(result) {
  checkEvaluated(result);
  assert.deepEqual(result.clusters.map(({ name, locked, suggested, size }) => ({ name, locked, suggested, size })), (
    KINDS.map((name) => ({ name, locked: true, suggested: false, size: 8 }))
  ));
  const names = new Map(result.clusters.map(({ id, name }) => [id, name]));
  for (const { path, cluster: group, locked } of result.items) {
    assert.equal(group === null ? null : names.get(group), isUnassigned(path) ? null : kindOf(path), path);
    assert.equal(locked, !isUnassigned(path), path);
  }
}

test('folders become pinned clusters, and the images outside of them join', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [partlySorted(t)]);
  const adopted = await call(page, 'adoptFolders');
  checkAdopted(adopted);
  const { nmi, ari, accuracy, confusion } = adopted.scores;
  assert.ok(nmi > 0.999 && ari > 0.999 && accuracy > 0.999, 'the clusters are the folders');
  assert.deepEqual(confusion, {
    classes: ['trip', ...KINDS.map((kind) => `trip/${kind}`)],
    counts: [[0, 0, 0], [8, 0, 0], [0, 8, 0], [0, 0, 8]],
    unsorted: [6, 0, 0, 0],
  });

  checkAdopted(await call(page, 'join', { similarity: 1 }));

  const joined = await call(page, 'join');
  checkEvaluated(joined);
  assert.deepEqual(pathsIn(joined, null), []);
  assert.deepEqual(joined.clusters.map(({ name }) => name), KINDS);
  assert.ok(joined.clusters.every(({ size }) => size === 10));
  const names = new Map(joined.clusters.map(({ id, name }) => [id, name]));
  for (const { path, cluster: group } of joined.items) assert.equal(names.get(group), kindOf(path), path);

  checkAdopted(await call(page, 'undo'));
});

test('the minimum similarity decides how many images join', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [partlySorted(t)]);
  await call(page, 'adoptFolders');
  const counts = [];
  for (const similarity of [0.9, 0.8, 0.7, 0.6, 0.5, -1]) {
    counts.push(pathsIn(await call(page, 'join', { similarity }), null).length);
  }
  t.diagnostic(`unassigned, by minimum similarity: ${counts}`);
  assert.deepEqual(counts, [...counts].sort((one, other) => other - one));
  assert.equal(counts.at(-1), 0);
  assert.ok(new Set(counts).size > 2, `${counts}`);
});

test('adopted folders stay when the rest is clustered', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [partlySorted(t)]);
  const adopted = await call(page, 'adoptFolders');
  const clustered = await cluster(page, { k: 4 });
  const places = clustersByPath(clustered);
  for (const [path, group] of Object.entries(clustersByPath(adopted))) {
    if (group !== null) assert.equal(places[path], group, path);
  }
  assert.deepEqual(pathsIn(clustered, null), []);
  assert.equal(clustered.k, 4);
});

test('images outside of folders have no folders to adopt', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, sampleFiles().slice(0, 4));
  await assert.rejects(call(page, 'adoptFolders'), { code: 'no-folders' });
});

test('the page starts from the user\'s folders, and later drops join them', async (t) => {
  const { page } = await openPage(t, QUICK);
  const folder = partlySorted(t);
  await dropPaths(page, [folder]);
  await settled(page, 30);
  await page.getByText('More settings').click();
  await page.getByRole('button', { name: 'Start from my folders' }).click();
  const panel = page.getByRole('region', { name: 'Pictures in no group' });
  await panel.getByText('6 pictures are in no group.').waitFor();
  checkAdopted(await settled(page, 30));

  await panel.getByRole('slider').fill('1');
  await panel.getByRole('button', { name: 'Join the nearest group' }).click();
  checkAdopted(await settled(page, 30));
  await panel.getByRole('slider').fill('-1');
  await panel.getByRole('button', { name: 'Join the nearest group' }).click();
  await panel.waitFor({ state: 'detached' });
  assert.deepEqual(pathsIn(await settled(page, 30), null), []);

  // Pictures of a kind that there is no group of, and copies of some that are in one.
  const clocks = sampleFiles().filter((path) => kindOf(path) === 'clock');
  const cats = sampleFiles().filter((path) => kindOf(path) === 'cat').slice(0, 4);
  const contents = [...clocks.map((path) => [basename(path), path]),
    ...cats.map((path, index) => [`copy-${index}.jpg`, Buffer.concat([readFileSync(path), Buffer.from('copy')])])];
  await dropPaths(page, [fill(makeFolder(t, 'later'), Object.fromEntries(contents))]);
  const more = await settled(page, 44);
  assert.deepEqual(more.clusters.map(({ name }) => name), KINDS);
  const unfit = pathsIn(more, null);
  t.diagnostic(`${unfit.length} of 14 fit nowhere`);
  assert.ok(unfit.length >= 7 && unfit.every((path) => !path.includes('copy')), `${unfit}`);
  await page.locator('.notice', { hasText: `14 new: ${14 - unfit.length} joined, ${unfit.length} fit nowhere.` }).waitFor();
  await page.getByRole('region', { name: 'Selection' }).getByText(`${unfit.length} pictures selected`).waitFor();
});

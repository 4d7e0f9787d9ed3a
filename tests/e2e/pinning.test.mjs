// Pinned images and clusters stay when images are clustered again, and when new ones are added.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';

import { arrangementOf, checkEvaluated, groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { kindOf, nmiWithKinds } from './support/scores.mjs';
import { call, cluster, clustersByPath, result } from './support/shoal.mjs';

async function openClusters(t, k = 6) {
  const { page } = await openImported(t);
  return { page, before: await cluster(page, { k }) };
}

test('moved images stay, whatever k, seed and method are, until they are unpinned', async (t) => {
  const { page, before } = await openClusters(t);
  const moved = pathsIn(before, 0).slice(0, 2);
  const [excluded] = pathsIn(before, 3);
  await call(page, 'move', moved, 1);
  await call(page, 'setAside', [excluded]);
  const calls = [
    { k: 5, seed: 3 }, { k: 8, seed: 4 }, { k: 6, method: 'ward' }, { k: 6, recipe: 'umap' },
    { method: 'hdbscan', minClusterSize: 3 },
  ];
  for (const options of calls) {
    const again = await cluster(page, options);
    const words = JSON.stringify(options);
    checkEvaluated(again);
    if (options.k !== undefined) assert.equal(again.k, options.k, words);
    const places = clustersByPath(again);
    for (const path of moved) assert.equal(places[path], 1, `${path} after ${words}`);
    assert.equal(places[excluded], null, words);
    assert.deepEqual(arrangementOf(again).pinned, [...moved, excluded].sort(), words);
  }

  await call(page, 'lock', [...moved, excluded], false);
  const free = await cluster(page, { k: 6 });
  assert.deepEqual(free.items, before.items, 'without pins the clusters are those of the start');
});

test('a pinned cluster keeps its images, its id and its name', async (t) => {
  const { page, before } = await openClusters(t, 3);
  const members = pathsIn(before, 1);
  await call(page, 'rename', 1, 'Kept');
  await call(page, 'lock', [1], true);
  const again = await cluster(page, { k: 7, seed: 9 });
  assert.equal(again.k, 7);
  const places = clustersByPath(again);
  assert.ok(members.every((path) => places[path] === 1));
  const { name, locked } = groupOf(again, 1);
  assert.deepEqual({ name, locked }, { name: 'Kept', locked: true });
  assert.ok(members.length > 10, 'large enough that seven clusters would split it');

  await call(page, 'lock', [1], false);
  const free = await cluster(page, { k: 7, seed: 9 });
  const parts = new Set(members.map((path) => clustersByPath(free)[path]));
  assert.ok(parts.size > 1, 'once it is unpinned, it is split');
});

test('a k below the number of pinned clusters is rejected', async (t) => {
  const { page, before } = await openClusters(t);
  await call(page, 'lock', [0, 2], true);
  const locked = await call(page, 'move', pathsIn(before, 4).slice(0, 1), 5);
  for (const method of ['kmeans', 'ward']) {
    await assert.rejects(cluster(page, { k: 2, method }), { code: 'k-out-of-range' });
  }
  assert.deepEqual(await result(page), locked);
  assert.deepEqual((await cluster(page, { k: 3 })).clusters.map(({ id }) => id), [0, 2, 5]);
});

test('Ward places every image when all clusters are pinned', async (t) => {
  const { page, before } = await openClusters(t, 3);
  const examples = [0, 1, 2].flatMap((id) => pathsIn(before, id).slice(0, 1));
  await call(page, 'lock', examples, true);
  for (const k of [3, 'auto']) {
    const again = await cluster(page, { k, method: 'ward' });
    checkEvaluated(again);
    assert.deepEqual(pathsIn(again, null), [], `k: ${k}`);
  }
});

test('new images join clusters without moving the others', async (t) => {
  const numbered = (path, least, most) => {
    const number = Number(path.match(/-(\d+)\./)[1]);
    return number >= least && number <= most;
  };
  const folderOf = (name, least, most) => {
    const taken = sampleFiles().filter((path) => numbered(path, least, most));
    const contents = taken.map((path) => [`${kindOf(path)}/${basename(path)}`, path]);
    return fill(makeFolder(t, name), Object.fromEntries(contents));
  };
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64' } });
  await addPaths(page, [folderOf('first', 1, 8)]);
  const found = await cluster(page, { k: 6 });
  const odd = pathsIn(found, 0).slice(0, 1);
  const before = await call(page, 'move', odd, 1);

  const second = await addPaths(page, [folderOf('second', 9, 10)]);
  assert.equal(second.added, 12);
  assert.deepEqual(await result(page), before, 'until they join, the clusters are unchanged');

  const joined = await call(page, 'join');
  checkEvaluated(joined);
  assert.equal(joined.items.length, 60);
  const places = clustersByPath(joined);
  for (const [path, group] of Object.entries(clustersByPath(before))) assert.equal(places[path], group, path);
  const added = joined.items.filter(({ path }) => path.startsWith('second/'));
  const nmi = nmiWithKinds({ items: added });
  t.diagnostic(`NMI of the new images with the kinds: ${nmi.toFixed(3)}`);
  assert.ok(nmi >= 0.9, `NMI with the kinds is ${nmi}`);
  assert.deepEqual(arrangementOf(joined).pinned, odd, 'images that join are not pinned');
  assert.deepEqual(joined.clusters.map(({ name }) => name), before.clusters.map(({ name }) => name));

  const undone = await call(page, 'undo');
  assert.deepEqual(pathsIn(undone, null), added.map(({ path }) => path));
});

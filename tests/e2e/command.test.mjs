// The command `shoal` and the page: each opens the other's files, and both find the same clusters.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { exportTo } from './support/exports.mjs';
import { importFeatures, importSession } from './support/imported.mjs';
import { makeFolder, sampleFolder } from './support/pictures.mjs';
import { canRun } from './support/requirements.mjs';
import { call, cluster, clustersByPath, result } from './support/shoal.mjs';
import { readZip } from './support/zip.mjs';

const PICTURES = 60;
const DIMS = 1280;
/** The command, which scripts/test-e2e builds. */
const COMMAND = process.env.SHOAL_COMMAND;

/** A value with its numbers as the page computes them: JSON has the fewest digits that tell two of them apart. */
const single = (value) => JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? Math.fround(one) : one));

/** Runs the command, with the network that is always there. */
const run = (...options) => JSON.parse(execFileSync(COMMAND, ['--json', ...options], {
  encoding: 'utf8', env: { ...process.env, SHOAL_WEIGHTS: 'no-weights' },
}));
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The features in a file, one array per image in path order. */
async function rowsOf(file) {
  const npy = (await readZip(file)).get('features.npy');
  const header = 10 + npy.readUInt16LE(8);
  const values = new Float32Array(npy.buffer.slice(npy.byteOffset + header, npy.byteOffset + npy.length));
  return Array.from({ length: PICTURES }, (_, row) => values.subarray(row * DIMS, (row + 1) * DIMS));
}

function cosine(one, other) {
  const dot = (one, other) => one.reduce((sum, value, index) => sum + value * other[index], 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

test('the page opens the files of the command, and finds the same clusters', async (t) => {
  if (!canRun(t, COMMAND, 'the command shoal (SHOAL_COMMAND)')) return;
  const folder = makeFolder(t, 'command');
  const features = join(folder, 'features.npz');
  assert.equal(run('embed', sampleFolder(), '-o', features).added, PICTURES);
  const { page } = await openPage(t, { attributes: { workers: '2', model: 'mobilenet-v2' } });
  const { rows, dims, missing } = await importFeatures(page, readFileSync(features));
  assert.deepEqual([rows, dims, missing.length], [PICTURES, DIMS, PICTURES]);
  assert.equal((await addPaths(page, [sampleFolder()])).matched, PICTURES, 'paths and contents are those of the page');

  // With more clusters than kinds of images, they depend on the seed.
  for (const { name, page: attributes, command } of [
    { name: 'auto', page: {}, command: [] },
    { name: 'k', page: { k: 17, seed: 7 }, command: ['-k', '17', '--seed', '7'] },
    { name: 'spherical', page: { k: 17, recipe: 'spherical' }, command: ['-k', '17', '--recipe', 'spherical'] },
    { name: 'umap', page: { k: 17, recipe: 'umap' }, command: ['-k', '17', '--recipe', 'umap'] },
    { name: 'ward', page: { k: 6, method: 'ward' }, command: ['-k', '6', '--method', 'ward'] },
    {
      name: 'hdbscan',
      page: { method: 'hdbscan', minClusterSize: 3 },
      command: ['--method', 'hdbscan', '--min-cluster-size', '3'],
    },
  ]) {
    const file = join(folder, `${name}.json`);
    run('cluster', features, '-o', file, ...command);
    await cluster(page, attributes);
    const { backend, items, clusters, curve, proposals, silhouette, inertia } = await result(page);
    const session = read(file);
    const own = session.items.map(({ held, byteSize, sha256, ...item }) => item);
    assert.deepEqual(single(own), single(items), `${name}: every image, to the last bit`);
    assert.deepEqual(single(session.clusters.map(({ nameOrigin, ...rest }) => rest)), single(clusters), name);
    assert.deepEqual(
      single([session.backend, session.curve, session.proposals, session.silhouette, session.inertia]),
      single([backend, curve, proposals, silhouette, inertia]),
      name,
    );
  }

  await call(page, 'clear');
  await addPaths(page, [sampleFolder()]);
  const session = readFileSync(join(folder, 'k.json'), 'utf8');
  const { matched, missing: absent, changed } = await importSession(page, session);
  assert.deepEqual([matched, absent, changed], [PICTURES, [], []]);
  assert.deepEqual(clustersByPath(await result(page)), clustersByPath(JSON.parse(session)));
});

test('the command opens the files of the page, and finds the same clusters', async (t) => {
  if (!canRun(t, COMMAND, 'the command shoal (SHOAL_COMMAND)')) return;
  const { page } = await openPage(t, { attributes: { workers: '2', model: 'mobilenet-v2', size: '64' } });
  await addPaths(page, [sampleFolder()]);
  await cluster(page, { k: 6 });
  const found = await result(page);
  const features = await exportTo(t, page, 'features.npz', 'exportFeatures');
  const session = join(makeFolder(t, 'command'), 'session.json');
  assert.equal(run('cluster', features, '-o', session, '-k', '6').images, PICTURES);
  assert.deepEqual(clustersByPath(read(session)), clustersByPath(found));
  assert.equal(Math.fround(read(session).silhouette), found.silhouette);

  const report = join(makeFolder(t, 'command'), 'report.html');
  const saved = await exportTo(t, page, 'session.json', 'exportSession');
  run('report', saved, '-o', report, '--images', sampleFolder(), '--features', features);
  assert.match(readFileSync(report, 'utf8'), /60 pictures in 6 groups/);

  // Those that the page has embedded are known, wherever they lie.
  const { added, reused } = run('embed', sampleFolder(), '-o', features, '--size', '64');
  assert.deepEqual([added, reused], [0, PICTURES]);
});

test('features are those of the browser for images decoded alike', async (t) => {
  if (!canRun(t, COMMAND, 'the command shoal (SHOAL_COMMAND)')) return;
  const { page } = await openPage(t, { attributes: { workers: '2', model: 'mobilenet-v2' } });
  await addPaths(page, [sampleFolder()]);
  const folder = makeFolder(t, 'command');
  const [browsers, commands] = [await exportTo(t, page, 'features.npz', 'exportFeatures'), join(folder, 'own.npz')];
  run('embed', sampleFolder(), '-o', commands);
  const [one, other] = await Promise.all([browsers, commands].map(rowsOf));
  const lowest = Math.min(...one.map((row, index) => cosine(row, other[index])));
  assert.ok(lowest > 0.9999, `a cosine is ${lowest}`);
});

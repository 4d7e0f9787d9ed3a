// The same images, k and seed give the same clusters, whatever the number of workers and the order of the files.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles, sampleFolder } from './support/pictures.mjs';
import { call, cluster, clustersByPath } from './support/shoal.mjs';

test('1, 2, 4 and 8 workers give the same clusters', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '64' } });
  const runs = [];
  for (const workers of [1, 2, 4, 8]) {
    await setAttributes(page, { workers: String(workers) });
    await call(page, 'clear');
    const { added } = await addPaths(page, [sampleFolder()]);
    assert.equal(added, 60);
    assert.equal(page.workers().length, workers);
    const fixed = await cluster(page, { k: 6, seed: 7 });
    const auto = await cluster(page, { k: 'auto', seed: 7 });
    runs.push({
      fixed: clustersByPath(fixed),
      silhouette: fixed.silhouette,
      inertia: fixed.inertia,
      auto: { k: auto.k, curve: auto.curve, clusters: clustersByPath(auto) },
    });
  }
  for (const run of runs) assert.deepEqual(run, runs[0]);
});

test('the order of the files does not matter', async (t) => {
  const files = sampleFiles();
  const { page } = await openPage(t, { attributes: { size: '64', workers: '2' } });
  const runs = [];
  for (const order of [files, [...files].reverse()]) {
    await call(page, 'clear');
    for (const half of [order.slice(0, 30), order.slice(30)]) await addPaths(page, half);
    runs.push(clustersByPath(await cluster(page, { k: 6, seed: 1 })));
  }
  assert.deepEqual(runs[1], runs[0]);
});

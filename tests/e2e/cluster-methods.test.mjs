// Clustering methods and recipes: quality, reproducibility, and invalid options.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkEvaluated, pathsIn } from './support/arrangement.mjs';
import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { call, cluster, result } from './support/shoal.mjs';
import { readZip } from './support/zip.mjs';

async function openSamples(t) {
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64' } });
  await addPaths(page, [sampleFolder()]);
  return page;
}

const VARIANTS = [
  { options: { k: 9 }, k: 9, leastNmi: 0.85 },
  { options: { recipe: 'spherical', k: 9 }, k: 9, leastNmi: 0.85 },
  { options: { recipe: 'umap', k: 9 }, k: 9, leastNmi: 0.85 },
  { options: { method: 'ward', k: 9 }, k: 9, leastNmi: 0.85 },
  { options: { recipe: 'umap', method: 'ward', k: 4 }, k: 4, leastNmi: 0.7 },
  { options: { method: 'hdbscan', minClusterSize: 3 }, leastNmi: 0.7 },
  { options: { recipe: 'umap', method: 'hdbscan', minClusterSize: 3 }, leastNmi: 0.8 },
];

test('every method and recipe finds the kinds, and repeats its result with one worker', async (t) => {
  const page = await openSamples(t);
  const found = [];
  for (const { options, k, leastNmi } of VARIANTS) {
    const words = JSON.stringify(options);
    const one = await cluster(page, options);
    checkEvaluated(one);
    const { method = 'kmeans', recipe = method === 'kmeans' ? 'smooth' : 'spherical' } = options;
    assert.deepEqual({ recipe: one.recipe, method: one.method }, { recipe, method }, words);
    if (k !== undefined) assert.equal(one.k, k, words);
    assert.equal(one.curve, undefined, words);
    const nmi = nmiWithKinds(one);
    t.diagnostic(`${words}: ${one.k} groups, ${pathsIn(one, null).length} in none, NMI ${nmi.toFixed(3)}`);
    assert.ok(nmi >= leastNmi, `${words}: NMI with the kinds is ${nmi}`);
    if (method !== 'hdbscan') assert.deepEqual(pathsIn(one, null), [], words);
    assert.deepEqual(await cluster(page, options), one, `${words} again`);
    found.push(one);
  }
  // With more clusters than kinds, methods that work differently give different results.
  const partitions = found.map((one) => JSON.stringify(one.items.map(({ cluster: group }) => group)));
  assert.equal(new Set(partitions).size, VARIANTS.length, 'every variant gives another partition');

  await setAttributes(page, { workers: '1' });
  await call(page, 'clear');
  await addPaths(page, [sampleFolder()]);
  assert.equal(page.workers().length, 1);
  for (const [index, { options }] of VARIANTS.entries()) {
    assert.deepEqual(await cluster(page, options), found[index], `${JSON.stringify(options)} with one worker`);
  }
});

test('attributes choose the method, the recipe and k', async (t) => {
  const { page } = await openImported(t, { attributes: { method: 'ward', recipe: 'umap', k: '5' } });
  const { method, recipe, k } = await cluster(page);
  assert.deepEqual({ method, recipe, k }, { method: 'ward', recipe: 'umap', k: 5 });
});

test('outliers are in no cluster, and are exported as unsorted', async (t) => {
  const page = await openSamples(t);
  const found = await cluster(page, { method: 'hdbscan', minClusterSize: 3 });
  const outliers = pathsIn(found, null);
  assert.ok(outliers.length > 0 && outliers.length < 30, `${outliers.length} outliers`);
  assert.ok(found.items.every(({ cluster: group, locked }) => group !== null || !locked));

  await page.locator('article.aside').getByText(`${outliers.length} picture`).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /zip/i }).click();
  const files = [...(await readZip(await (await download).path())).keys()];
  const unsorted = files.filter((name) => name.startsWith('unsorted/')).map((name) => name.slice('unsorted/'.length));
  assert.deepEqual(unsorted.sort(), outliers.map((path) => path.split('/').at(-1)).sort());
});

test('an automatic k comes with a curve and proposals', async (t) => {
  const { page } = await openImported(t);
  for (const method of ['kmeans', 'ward']) {
    const { k, curve, proposals, silhouette } = await cluster(page, { k: 'auto', method });
    const tried = curve.map((point) => point.k);
    assert.deepEqual(tried, tried.map((_, index) => 2 + index), 'every k from 2 on is tried');
    assert.equal(proposals[0], k);
    assert.ok(proposals.every((count) => tried.includes(count)));
    assert.equal(new Set(proposals).size, proposals.length);
    const chosen = curve.find((point) => point.k === k);
    assert.ok(Math.abs(chosen.silhouette - silhouette) < 1e-6);
    assert.ok(curve.every((point) => point.silhouette <= chosen.silhouette + 1e-6));
  }
  const { curve, proposals } = await cluster(page, { k: 5 });
  assert.deepEqual({ curve, proposals }, { curve: undefined, proposals: undefined });
});

test('invalid options of a method are rejected with a code and change nothing', async (t) => {
  const { page } = await openImported(t);
  const before = await cluster(page, { k: 4 });
  const rejections = [
    ['bad-option', { method: 'dbscan' }],
    ['bad-option', { recipe: 'tsne' }],
    ['bad-option', { method: 'hdbscan', minClusterSize: 1 }],
    ['bad-option', { method: 'hdbscan', minClusterSize: 'few' }],
    ['min-cluster-size-out-of-range', { method: 'hdbscan', minClusterSize: 61 }],
    ['no-groups', { method: 'hdbscan', minClusterSize: 60 }],
    ['k-out-of-range', { method: 'ward', k: 61 }],
    ['k-out-of-range', { recipe: 'umap', k: 1 }],
  ];
  for (const [code, options] of rejections) {
    await assert.rejects(cluster(page, options), { code }, JSON.stringify(options));
  }
  await setAttributes(page, { method: 'magic' });
  await assert.rejects(cluster(page), { code: 'bad-option' });
  assert.deepEqual(await result(page), before);
});

test('cancelling the UMAP recipe changes nothing', async (t) => {
  const { page } = await openImported(t);
  const before = await cluster(page, { k: 3 });
  for (const least of [1, 30]) {
    const { code, steps } = await page.evaluate(async (least) => {
      const shoal = document.querySelector('image-shoal');
      const steps = [];
      const listen = ({ detail }) => {
        if (detail.stage !== 'clustering') return;
        steps.push(detail.done);
        if (detail.done >= least) shoal.cancel();
      };
      addEventListener('progress', listen);
      const code = await shoal.cluster({ recipe: 'umap', k: 6 }).then(() => 'finished', (failure) => failure.code);
      removeEventListener('progress', listen);
      return { code, steps };
    }, least);
    assert.equal(code, 'cancelled');
    assert.ok(Math.max(...steps) >= least, `it reached step ${Math.max(...steps)}`);
    assert.deepEqual(await result(page), before);
  }
  assert.equal((await cluster(page, { recipe: 'umap', k: 6 })).k, 6);
});

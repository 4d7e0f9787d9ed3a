// Workers that crash: they are replaced, and nothing but the file that causes the crash is lost.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';

/**
 * A route that makes workers crash at a request for which the function `crashesAt(index)`, given as its source, returns true in
 * the worker that is started as the `index`-th. Its argument is the request's message.
 */
function crashing(crashesAt) {
  let started = 0;
  return ['**/worker-loader.js*', async (route) => {
    const response = await route.fetch();
    const crashes = crashesAt(started);
    started += 1;
    const fault = `self.addEventListener('message', (event) => {
      if (!(${crashes})(event.data)) return;
      event.stopImmediatePropagation();
      throw new Error('broken on purpose');
    });`;
    return route.fulfill({ response, body: `${await response.text()}`.replace('const ', `${fault}\nconst `) });
  }];
}

/** Opens the page. Of the workers that it starts, the first crashes at the first of these requests, and so on. */
const openWithCrashes = (t, requests, workers = 1) => openPage(t, {
  attributes: { workers: String(workers), size: '64' },
  routes: [crashing((index) => `({ name }) => name === '${requests[index]}'`)],
});

test('fifty files that crash a worker do not affect the others', async (t) => {
  const [one, ...others] = sampleFiles();
  const bytes = readFileSync(one);
  const crashers = Array.from({ length: 50 }, (_, index) => [`a/crash ${index}.jpg`, Buffer.concat([bytes, Buffer.from([index])])]);
  const healthy = others.slice(0, 6).map((path, index) => [`b/${index}.jpg`, path]);
  const folder = fill(makeFolder(t, 'crashes'), Object.fromEntries([...crashers, ...healthy]));
  const { page } = await openPage(t, {
    attributes: { workers: '2', size: '64' }, routes: [crashing(() => "({ body }) => body?.file?.name.startsWith('crash')")],
  });
  const { added, rejected } = await addPaths(page, [folder]);
  assert.equal(added, 6);
  assert.deepEqual(new Set(rejected.map(({ code }) => code)), new Set(['worker-crashed']));
  assert.equal(rejected.length, 50);
  assert.ok(rejected.every(({ path }) => path.includes('crash ')));
  const { items } = await cluster(page, { k: 2 });
  assert.ok(items.every((item) => item.cluster !== null), 'every healthy image is clustered');
  assert.equal(page.workers().length, 2);
});

/** Adds twelve images and clusters them in all ways that make a worker keep something. */
async function useEverything(page) {
  await addPaths(page, sampleFiles().slice(0, 24).filter((_, index) => index % 2 === 0));
  const smooth = await cluster(page, { k: 3 });
  const umap = await cluster(page, { k: 3, recipe: 'umap' });
  const duplicates = await call(page, 'duplicates', {});
  const imported = await page.evaluate(async () => {
    const shoal = document.querySelector('image-shoal');
    return shoal.importFeatures(await shoal.exportFeatures());
  });
  return { smooth, umap, duplicates, imported };
}

test('what a crashed worker kept is restored, and no call notices', async (t) => {
  const { page } = await openWithCrashes(t, []);
  const expected = await useEverything(page);
  // In the order of their first use.
  const requests = [
    'putRows', 'applyRecipe', 'findNeighbours', 'smoothPoints', 'fit', 'silhouettes', 'evaluate', 'suggestLabels',
    'beginLayout', 'runLayout', 'endLayout', 'pairDuplicates', 'groupDuplicates', 'hashThumbnails', 'pairTurned', 'openFeatures',
    'readFeatures',
  ];
  const { page: one, site } = await openWithCrashes(t, requests);
  assert.deepEqual(await useEverything(one), expected);
  const started = site.requests.filter((line) => line.includes('worker-loader')).length;
  assert.equal(started, requests.length + 1, 'a worker crashed at each request');
  const { page: two } = await openWithCrashes(t, ['fit'], 2);
  assert.deepEqual(await useEverything(two), expected, 'with two workers');
});

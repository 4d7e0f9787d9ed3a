// A server that accepts requests and never answers them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles, sampleFolder } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';
import { stall } from './support/stall.mjs';
import { shortenWaits } from './support/waits.mjs';

const ATTRIBUTES = { workers: '2', size: '64' };

/** What is fetched before the first image can be added, and the code if it cannot be. */
const FETCHED = {
  'app.js': 'program-unreachable',
  'app_bg.wasm': 'program-unreachable',
  'worker-loader.js': 'worker-failed',
  'worker_relaxed.js': 'worker-failed',
  'worker_relaxed_bg.wasm': 'worker-failed',
  'networks.json': 'weights-unreachable',
  'mobilenet_v2_backbone.safetensors': 'weights-unreachable',
};

/**
 * Makes calls of the element's members, `[member, ...values]`, with the file in `bytes` for `FILE`. Their outcomes are the codes
 * of rejections, whether an `add` was cancelled, and otherwise `resolved`.
 */
const makeCalls = (page, calls, bytes) => page.evaluate(({ calls, bytes }) => {
  const shoal = document.querySelector('image-shoal');
  const file = bytes && new File([new Uint8Array(bytes)], 'one.jpg');
  globalThis.outcomes = calls.map(([member, ...values]) => {
    const made = member === 'ready' ? shoal.ready : shoal[member](...values.map((value) => (value === 'FILE' ? [file] : value)));
    return made.then((value) => value?.cancelled ?? 'resolved', ({ code }) => code);
  });
}, { calls, bytes });

/** The outcomes of the calls, or a complaint. */
const outcomes = (page) => page.evaluate(() => Promise.race([
  Promise.all(globalThis.outcomes), new Promise((resolve) => { setTimeout(resolve, 8000, 'some call is still pending'); }),
]));

for (const name of Object.keys(FETCHED)) {
  test(`cancelling settles every call while ${name} does not arrive`, async (t) => {
    const stalled = stall(name);
    const { page } = await openPage(t, { attributes: ATTRIBUTES, routes: [stalled.route], waitUntilReady: false });
    const bytes = [...readFileSync(sampleFiles()[0])];
    await makeCalls(page, [['ready'], ['add', 'FILE'], ['cluster'], ['exportZip'], ['neighbours', 'one.jpg']], bytes);
    await stalled.held();
    // Every call has arrived where it waits.
    await page.waitForTimeout(300);
    await call(page, 'cancel');
    assert.deepEqual(await outcomes(page), ['cancelled', true, 'cancelled', 'cancelled', 'cancelled']);
    await stalled.release();
    assert.equal((await addPaths(page, sampleFiles().slice(0, 3))).added, 3, 'the next call works');
    assert.equal(page.workers().length, 2);
  });

  test(`${name} is requested again when it does not arrive`, async (t) => {
    const stalled = stall(name, 1);
    const { page } = await openPage(t, { attributes: ATTRIBUTES, routes: [stalled.route], prepare: shortenWaits });
    assert.equal((await addPaths(page, sampleFiles().slice(0, 3))).added, 3);
  });

  test(`calls fail when ${name} never arrives, and later ones try again`, async (t) => {
    const stalled = stall(name);
    const { page } = await openPage(t, {
      attributes: ATTRIBUTES, routes: [stalled.route], prepare: shortenWaits, waitUntilReady: false,
    });
    const code = await page.evaluate(() => document.querySelector('image-shoal').ready.catch((error) => error.code));
    assert.equal(code, FETCHED[name]);
    await stalled.release();
    assert.equal((await addPaths(page, sampleFiles().slice(0, 3))).added, 3, 'the next call works');
    await page.locator('.drop-area').waitFor();
  });
}

/** Resolves when an `edit` has given a cluster a suggested name. */
const named = (page) => page.waitForFunction(() => (
  document.querySelector('image-shoal').result.clusters.some(({ suggested }) => suggested)
));

test('a classifier that does not arrive delays nothing, and names follow when it does', async (t) => {
  const stalled = stall('mobilenet_v2_classifier.safetensors');
  const { page } = await openPage(t, { attributes: { workers: '2' }, routes: [stalled.route] });
  await addPaths(page, [sampleFolder()]);
  const first = cluster(page, { k: 5 });
  await stalled.held();
  // While the first call waits for names.
  const renamed = await call(page, 'rename', 0, 'First');
  assert.equal(renamed.clusters[0].name, 'First');
  assert.equal((await cluster(page, { k: 6 })).k, 6);
  await first;
  const [moved] = (await cluster(page, { k: 6 })).items;
  await call(page, 'move', [moved.path], null);
  await call(page, 'undo');
  assert.ok((await call(page, 'exportSession')) !== undefined);
  await stalled.release();
  await named(page);
});

test('a classifier is requested again when it does not arrive', async (t) => {
  const stalled = stall('mobilenet_v2_classifier.safetensors', 1);
  const { page } = await openPage(t, { attributes: { workers: '2' }, routes: [stalled.route] });
  await addPaths(page, [sampleFolder()]);
  await page.evaluate(shortenWaits);
  await cluster(page, { k: 6 });
  await named(page);
});

test('cancelling ends the wait for names, not the clustering', async (t) => {
  const stalled = stall('mobilenet_v2_classifier.safetensors');
  const { page } = await openPage(t, { attributes: { workers: '2' }, routes: [stalled.route] });
  await addPaths(page, [sampleFolder()]);
  await makeCalls(page, [['cluster', { k: 6 }]]);
  await stalled.held();
  await call(page, 'cancel');
  assert.deepEqual(await outcomes(page), ['resolved']);
});

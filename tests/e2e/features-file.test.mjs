// Features files: saved, imported over the same images, and imported before the images are added again.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { filesUnder, makeFolder, sampleFolder } from './support/pictures.mjs';
import { call, cluster, clustersByPath, result } from './support/shoal.mjs';
import { isAvailable } from './support/requirements.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const PICTURES = 60;
const CHECK = new URL('../oracle/check_features.py', import.meta.url).pathname;
/** A Python with numpy, or undefined: SHOAL_PYTHON, the one in PATH, or the system's. */
const PYTHON = [process.env.SHOAL_PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean).find((python) => (
  spawnSync(python, ['-c', 'import numpy']).status === 0
));
const WEIGHTS = new URL('../../weights/mobilenet_v2_backbone.safetensors', import.meta.url);

async function openSamples(t) {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  return page;
}

const timings = (page) => page.evaluate(() => document.querySelector('image-shoal').timings);

/** Exports the features and keeps the file in the page. */
const keepFeatures = (page) => page.evaluate(async () => {
  globalThis.features = await document.querySelector('image-shoal').exportFeatures();
});

/** Imports the file of `keepFeatures`, or one of these bytes. */
async function importFeatures(page, bytes = null) {
  const { rejected, value } = await page.evaluate(async (base64) => {
    const given = base64 !== null && Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const file = given ? new Blob([given]) : globalThis.features;
    try {
      return { value: await document.querySelector('image-shoal').importFeatures(file) };
    } catch ({ code, message }) {
      return { rejected: { code, message } };
    }
  }, bytes && bytes.toString('base64'));
  if (rejected) throw Object.assign(new Error(rejected.message), rejected);
  return value;
}

/** The file of `keepFeatures` on disk. */
async function savedFile(t, page) {
  const base64 = await page.evaluate(async () => {
    const bytes = new Uint8Array(await globalThis.features.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  const file = join(makeFolder(t, 'saved'), 'features.npz');
  writeFileSync(file, Buffer.from(base64, 'base64'));
  return file;
}

test('the file contains every image with its cluster and its features', async (t) => {
  const page = await openSamples(t);
  const { items } = await cluster(page, { k: 6 });
  await keepFeatures(page);
  const file = await savedFile(t, page);
  const members = await readZip(file);
  const origin = JSON.parse(members.get('shoal.json'));
  const sha256 = JSON.parse(readFileSync(new URL('manifest.json', WEIGHTS))).backbone.sha256;
  assert.deepEqual([origin.weightsSha256, origin.sizePx, origin.features], [sha256, 64, 'pooled']);
  assert.equal(members.get('features.npy').length, 128 + 4 * PICTURES * 1280);
  if (!isAvailable(t, PYTHON, 'a Python with numpy')) return;
  const read = JSON.parse(execFileSync(PYTHON, [CHECK, file], { maxBuffer: 1 << 26 }));
  assert.deepEqual(read.names, items.map(({ path }) => path));
  assert.deepEqual(read.labels, items.map(({ cluster }) => cluster ?? -1));
  assert.deepEqual(read.dtypes.features, '<f4');
  assert.deepEqual(read.features.map((row) => row.length), Array(PICTURES).fill(1280));
  const sizes = filesUnder(sampleFolder()).map((path) => readFileSync(path).length);
  assert.deepEqual(read.byte_sizes.toSorted(), sizes.toSorted());
});

test('before clustering no image has a cluster', async (t) => {
  const page = await openSamples(t);
  await keepFeatures(page);
  const labels = (await readZip(await savedFile(t, page))).get('labels.npy');
  assert.deepEqual(new Set(labels.subarray(-4 * PICTURES)), new Set([0xff]));
  await call(page, 'clear');
  await assert.rejects(call(page, 'exportFeatures'), { code: 'no-pictures' });
});

test('images with imported features are not embedded, and cluster the same', async (t) => {
  const page = await openSamples(t);
  const before = await cluster(page, { k: 6 });
  await keepFeatures(page);
  await call(page, 'clear');
  const imported = await importFeatures(page);
  assert.deepEqual(imported, {
    rows: PICTURES, dims: 1280, reused: 0, missing: before.items.map(({ path }) => path), changed: [],
  });
  const { added, matched } = await addPaths(page, [sampleFolder()]);
  assert.deepEqual([added, matched], [PICTURES, PICTURES]);
  const { pictures, embedMs } = await timings(page);
  assert.deepEqual([pictures, embedMs], [PICTURES, 0], 'every image was decoded, none embedded');
  const after = await cluster(page, { k: 6 });
  assert.deepEqual(clustersByPath(after), clustersByPath(before));
  assert.equal(after.silhouette, before.silhouette);

  await call(page, 'clear');
  assert.equal((await addPaths(page, [sampleFolder()])).matched, 0, 'clearing removes imported features');
});

test('a changed image is embedded and reported, a moved one is matched', async (t) => {
  const page = await openSamples(t);
  await keepFeatures(page);
  await call(page, 'clear');
  await importFeatures(page);
  const folder = join(makeFolder(t, 'home'), 'samples');
  cpSync(sampleFolder(), folder, { recursive: true });
  const [changed, moved, other] = filesUnder(folder);
  writeFileSync(changed, Buffer.concat([readFileSync(changed), Buffer.from('more')]));
  copyFileSync(other, moved);
  const { added, matched } = await addPaths(page, [folder]);
  assert.deepEqual([added, matched], [PICTURES, PICTURES - 1]);
  assert.ok((await timings(page)).embedMs > 0);
  const imported = await importFeatures(page);
  const pathOf = (file) => `samples${file.slice(folder.length)}`;
  assert.deepEqual(imported.changed, [pathOf(changed), pathOf(moved)]);
  assert.deepEqual([imported.reused, imported.missing], [PICTURES - 1, []]);
});

test('images of the collection reuse imported features', async (t) => {
  const page = await openSamples(t);
  const before = await cluster(page, { k: 6 });
  await keepFeatures(page);
  assert.equal((await importFeatures(page)).reused, PICTURES);
  assert.deepEqual(clustersByPath(await cluster(page, { k: 6 })), clustersByPath(before));
  assert.equal((await timings(page)).pictures, PICTURES);
});

test('an incompatible or damaged file is rejected and changes nothing', async (t) => {
  const page = await openSamples(t);
  await cluster(page, { k: 4 });
  await keepFeatures(page);
  const before = await result(page);
  const bytes = readFileSync(await savedFile(t, page));
  const flipped = Buffer.from(bytes);
  flipped[flipped.length >> 1] ^= 1;
  for (const damaged of [Buffer.alloc(0), Buffer.from('just words'), bytes.subarray(0, -1), flipped]) {
    await assert.rejects(importFeatures(page, damaged), { code: 'features-format' });
  }
  await assert.rejects(call(page, 'importFeatures', 'words'), { code: 'bad-option' });
  await setAttributes(page, { size: '96' });
  await assert.rejects(importFeatures(page), { code: 'features-incompatible', message: /64 px/ });
  await setAttributes(page, { features: 'flat' });
  await assert.rejects(importFeatures(page), { code: 'features-incompatible', message: /another kind/ });
  assert.deepEqual(await result(page), before);
  await setAttributes(page, { ...QUICK.attributes, features: null });
  await cluster(page, { k: 4 });
  assert.equal((await timings(page)).pictures, PICTURES, 'the images kept their features');
});

test('features of other weights are neither imported nor reused', async (t) => {
  const page = await openSamples(t);
  await keepFeatures(page);
  const weights = readFileSync(WEIGHTS);
  weights[weights.length - 1] ^= 1;
  await page.route('**/other.safetensors', (route) => route.fulfill({
    body: weights, contentType: 'application/octet-stream',
  }));
  const url = new URL('other.safetensors', page.url()).href;
  await setAttributes(page, { 'weights-url': url });
  await assert.rejects(importFeatures(page), { code: 'features-incompatible', message: /weights/ });
  await cluster(page, { k: 4 });
  assert.equal((await timings(page)).pictures, 2 * PICTURES, 'all images are embedded again');
});

test('features are saved and opened in the page', async (t) => {
  const page = await openSamples(t);
  await page.locator('.settings summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: 'Save features' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'shoal-features.npz');
  const file = join(makeFolder(t, 'features'), 'shoal-features.npz');
  await download.saveAs(file);
  await page.locator('input.open-features').setInputFiles(file);
  await page.locator('.notice', { hasText: 'Features of 60 pictures opened, 60 reused.' }).waitFor();

  writeFileSync(file, 'no features');
  await page.locator('input.open-features').setInputFiles(file);
  await page.locator('.notice.error[data-code=features-format]').waitFor();
});

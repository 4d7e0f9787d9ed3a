// Attributes and options: their effect, and invalid values.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { call, cluster, result } from './support/shoal.mjs';

const ready = (page) => page.evaluate(() => document.querySelector('image-shoal').ready);

test('size and features apply from the next call', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '64' } });
  const engine = await ready(page);
  assert.equal(engine.backend, 'cpu');
  assert.equal(typeof engine.model, 'string');
  assert.ok(engine.measured.cpuMs > 0);
  await addPaths(page, [sampleFolder()]);
  const small = await cluster(page, { k: 6 });
  t.diagnostic(`64 px: NMI ${nmiWithKinds(small).toFixed(3)}`);
  assert.equal(small.recipe, 'smooth');

  // The settings of the notebook; the images of the collection are embedded again.
  await setAttributes(page, { features: 'flat', recipe: 'plain' });
  const flat = await cluster(page, { k: 6 });
  t.diagnostic(`flat and plain: NMI ${nmiWithKinds(flat).toFixed(3)}`);
  assert.equal(flat.recipe, 'plain');
  assert.equal(flat.items.length, 60);

  await setAttributes(page, { features: null, recipe: null });
  assert.deepEqual(await cluster(page, { k: 6 }), small, 'restoring the settings restores the result');
});

test('ready resolves with facts about the engine', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '96', workers: '2' } });
  const { workers, dims, sizePx } = await ready(page);
  assert.equal(dims, 1280);
  assert.ok(workers >= 1 && sizePx >= 64);
});

test('options of a call override attributes', async (t) => {
  const { page } = await openImported(t, { attributes: { k: '4', seed: '5' } });
  const byAttribute = await cluster(page);
  assert.deepEqual([byAttribute.k, byAttribute.seed], [4, 5]);
  const byCall = await cluster(page, { k: 5, seed: 9, restarts: 2 });
  assert.deepEqual([byCall.k, byCall.seed], [5, 9]);
  assert.deepEqual(await result(page), byCall);
});

test('an invalid value is rejected with a code and changes nothing', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '64' } });
  await addPaths(page, [sampleFolder()]);
  const before = await cluster(page, { k: 3 });
  for (const k of [0, 1, 61, -1, 2.5, 1e12]) {
    await assert.rejects(cluster(page, { k }), { code: 'k-out-of-range' }, `k = ${k}`);
  }
  for (const options of [{ k: 'many' }, { recipe: 'magic' }, { restarts: 0 }, { method: 'magic' }]) {
    await assert.rejects(cluster(page, options), { code: 'bad-option' }, JSON.stringify(options));
  }
  for (const attributes of [{ size: '100' }, { features: 'magic' }, { recipe: 'magic' }, { workers: 'all' }]) {
    await setAttributes(page, attributes);
    await assert.rejects(cluster(page, { k: 3 }), { code: 'bad-option' }, JSON.stringify(attributes));
    await setAttributes(page, { size: '64', features: null, recipe: null, workers: null });
  }
  assert.deepEqual(await result(page), before);
  assert.equal((await cluster(page, { k: 60 })).clusters.length, 60);
});

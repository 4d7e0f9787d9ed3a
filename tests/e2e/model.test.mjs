// The choice of the network: the default, the attribute `model`, and what happens to features of another network.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles } from './support/pictures.mjs';
import { call, cluster, result, settled } from './support/shoal.mjs';
import { waitForStored } from './support/stored.mjs';

const PICTURES = 8;
const SMALL = { size: '64', workers: '1' };
/** Opens the page with the default network. */
const open = (t, options) => openPage(t, { model: null, ...options });
const NETWORKS = JSON.parse(readFileSync(new URL('../../dist/weights/networks.json', import.meta.url)));

/** The code with which `add` rejects. */
const codeOfAdd = (page) => page.evaluate(() => (
  document.querySelector('image-shoal').add([new File(['no picture'], 'words.png')]).then(() => null, ({ code }) => code)
));

/** How the features of the collection were computed, as an export says it. */
const origin = (page) => page.evaluate(async () => {
  const npz = await document.querySelector('image-shoal').exportFeatures();
  // The member is stored without compression, and the file's only JSON.
  const [, json] = new TextDecoder('latin1').decode(await npz.arrayBuffer()).match(/shoal\.json.*?(\{.*?\})/s);
  const { model, sizePx } = JSON.parse(json);
  return [model, sizePx];
});

const ready = (page) => page.evaluate(() => document.querySelector('image-shoal').ready);
const embedded = (page) => page.evaluate(() => document.querySelector('image-shoal').timings.pictures);
const few = () => sampleFiles().filter((_, index) => index % 8 === 0).slice(0, PICTURES);

/** Answers requests for the list of networks as a site does that has MobileNetV2 only. */
const onlyMobileNet = ['**/networks.json*', (route) => route.fulfill({
  json: NETWORKS.filter(({ model }) => model === 'mobilenet-v2'),
})];

test('the default is EfficientNet-Lite0 at 224 px, which sorts the samples', async (t) => {
  const { page } = await open(t, { attributes: { workers: '2' } });
  const { network, networks, model, sizePx, dims } = await ready(page);
  assert.deepEqual([network, model, sizePx, dims], ['efficientnet-lite0', 'efficientnet_lite0', 224, 1280]);
  assert.deepEqual(networks, ['efficientnet-lite0', 'mobilenet-v2']);
  await addPaths(page, few());
  const { items } = await cluster(page, { k: 2 });
  assert.equal(items.length, PICTURES);
  await page.getByText('About this run').click();
  await page.locator('.about dd', { hasText: /^EfficientNet-Lite0$/ }).waitFor();
});

test('another network embeds again, and features of both are kept', async (t) => {
  const { page } = await open(t, { attributes: SMALL, remember: true });
  await addPaths(page, few());
  await cluster(page, { k: 2 });
  await waitForStored(page, ({ features }) => features === PICTURES);
  assert.equal(await embedded(page), PICTURES);

  await page.getByText('More settings').click();
  await page.getByLabel('Network').selectOption('mobilenet-v2');
  await page.getByRole('button', { name: 'Group again', exact: true }).click();
  await page.locator('.about dd', { hasText: /^MobileNetV2$/ }).waitFor({ state: 'attached' });
  await waitForStored(page, ({ features }) => features === 2 * PICTURES);
  assert.equal(await embedded(page), 2 * PICTURES);
  await settled(page, PICTURES);

  await setAttributes(page, { model: 'efficientnet-lite0' });
  await call(page, 'clear');
  const { matched } = await addPaths(page, few());
  assert.equal(matched, PICTURES, 'the features of the first network are still stored');
});

test('an unknown network is refused, and the next call works', async (t) => {
  const { page } = await open(t, { attributes: SMALL });
  await setAttributes(page, { model: 'resnet50' });
  assert.equal(await codeOfAdd(page), 'bad-option');
  await setAttributes(page, { model: 'mobilenet-v2' });
  assert.equal((await addPaths(page, few())).added, PICTURES);
});

test('a site without the better network says so, and uses the other one', async (t) => {
  const { page } = await open(t, { attributes: SMALL, routes: [onlyMobileNet] });
  assert.equal((await ready(page)).network, 'mobilenet-v2');
  await addPaths(page, few());
  await page.getByText('About this run').click();
  await page.locator('.about dd', { hasText: 'this page comes without EfficientNet-Lite0' }).waitFor();
  await setAttributes(page, { model: 'efficientnet-lite0' });
  await assert.rejects(cluster(page, { k: 2 }), { code: 'model-missing' });
  await setAttributes(page, { model: null });
  assert.equal((await cluster(page, { k: 2 })).items.length, PICTURES);
});

test('weights that the server lacks are an error, and the other network works', async (t) => {
  const notFound = ['**/efficientnet_lite0_backbone*', (route) => route.fulfill({ status: 404 })];
  const { page, errors } = await open(t, { attributes: SMALL, routes: [notFound], waitUntilReady: false });
  assert.equal(await codeOfAdd(page), 'weights-unreachable');
  await setAttributes(page, { model: 'mobilenet-v2' });
  assert.equal((await addPaths(page, few())).added, PICTURES);
  assert.deepEqual(errors.found.splice(0).filter((error) => !error.includes('404')), []);
});

test('flattened features are those of the notebook\'s network', async (t) => {
  const { page } = await open(t, { attributes: { ...SMALL, features: 'flat', recipe: 'plain' } });
  await addPaths(page, few());
  assert.deepEqual(await origin(page), ['mobilenet_v2', 64]);
  await setAttributes(page, { model: 'efficientnet-lite0' });
  await cluster(page, { k: 2 });
  assert.deepEqual(await origin(page), ['efficientnet_lite0', 64]);
});

test('restored and imported features keep their network', async (t) => {
  const { page } = await open(t, { attributes: { workers: '1' }, remember: true, routes: [onlyMobileNet] });
  await addPaths(page, few());
  await cluster(page, { k: 2 });
  await waitForStored(page, ({ features, head }) => features === PICTURES && head?.clustering);
  const saved = await page.evaluate(async () => {
    const bytes = new Uint8Array(await (await document.querySelector('image-shoal').exportFeatures()).arrayBuffer());
    return Array.from(bytes);
  });
  await page.unroute(onlyMobileNet[0]);
  await page.reload();
  await settled(page, PICTURES);
  // The originals are not there: embedding them again would be refused.
  assert.equal((await cluster(page, { k: 3 })).k, 3);
  assert.deepEqual(await origin(page), ['mobilenet_v2', 128]);

  await call(page, 'clear');
  assert.equal(await result(page), null);
  const imported = await page.evaluate((bytes) => (
    document.querySelector('image-shoal').importFeatures(new Blob([Uint8Array.from(bytes)]))
  ), saved);
  assert.equal(imported.missing.length, PICTURES);
  const { matched } = await addPaths(page, few());
  assert.equal(matched, PICTURES);
  assert.deepEqual(await origin(page), ['mobilenet_v2', 128]);
});

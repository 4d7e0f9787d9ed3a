// An element that is removed and added again while it loads, used before it is attached, and after a failure.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { sampleFiles } from './support/pictures.mjs';
import { addPaths } from './support/drop.mjs';
import { stall } from './support/stall.mjs';
import { shortenWaits } from './support/waits.mjs';

/** Waits until there are as many workers; a worker that is ended disappears a moment later. */
async function workersOf(page, count) {
  for (let tries = 0; page.workers().length !== count && tries < 100; tries += 1) await page.waitForTimeout(50);
  assert.equal(page.workers().length, count);
}

/** Waits until the interface is rendered. */
const isMounted = (page) => page.locator('image-shoal .drop-area').waitFor();

for (const name of ['app.js', 'app_bg.wasm', 'worker-loader.js', 'worker_relaxed_bg.wasm', 'mobilenet_v2_backbone.safetensors']) {
  test(`an element that is removed while ${name} loads leaves nothing behind`, async (t) => {
    const stalled = stall(name);
    const { page } = await openPage(t, {
      attributes: { workers: '2', size: '64' }, routes: [stalled.route], waitUntilReady: false,
    });
    await stalled.held();
    const codes = await page.evaluate(async () => {
      const shoal = document.querySelector('image-shoal');
      const calls = [shoal.ready, shoal.cluster(), shoal.exportZip()];
      const codes = calls.map((call) => call.catch(({ code }) => code));
      shoal.remove();
      globalThis.removed = shoal;
      return Promise.all(codes);
    });
    assert.deepEqual(codes, ['cancelled', 'cancelled', 'cancelled']);
    await stalled.release();
    await page.waitForTimeout(500);
    await workersOf(page, 0);

    await page.evaluate(() => document.querySelector('main').append(globalThis.removed));
    await isMounted(page);
    assert.equal((await addPaths(page, sampleFiles().slice(0, 3))).added, 3);
    await workersOf(page, 2);
  });
}

test('a member that is used before the element is attached does not keep the interface away', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '64' }, waitUntilReady: false });
  await page.evaluate(async () => {
    document.querySelector('image-shoal').remove();
    const shoal = document.createElement('image-shoal');
    shoal.setAttribute('workers', '1');
    await shoal.ready;
    document.querySelector('main').append(shoal);
  });
  await isMounted(page);
  assert.equal((await addPaths(page, sampleFiles().slice(0, 3))).added, 3);
});

test('after a failure to load the same element tries again', async (t) => {
  let isDown = true;
  const { page, errors } = await openPage(t, {
    attributes: { workers: '1', size: '64' }, waitUntilReady: false,
    routes: [['**/app.js*', (route) => (isDown ? route.abort() : route.continue())]],
  });
  const code = await page.evaluate(() => document.querySelector('image-shoal').ready.catch((error) => error.code));
  assert.equal(code, 'program-unreachable');
  await page.getByText('the program could not be loaded').first().waitFor();
  isDown = false;
  assert.equal((await addPaths(page, sampleFiles().slice(0, 3))).added, 3);
  await isMounted(page);
  // Chromium itself reports the failed requests on the console.
  assert.ok(errors.found.every((line) => line.includes('app.js')), errors.found.join('\n'));
  errors.found.length = 0;
});

test('the element is shown although its style sheet does not arrive', async (t) => {
  const stalled = stall('other/*');
  const { page } = await openPage(t, { attributes: { workers: '1' }, routes: [stalled.route], prepare: shortenWaits });
  await page.evaluate(() => {
    const shoal = document.createElement('image-shoal');
    shoal.id = 'second';
    shoal.setAttribute('asset-base', 'other');
    document.body.append(shoal);
  });
  await stalled.held();
  await page.waitForFunction(() => !document.querySelector('#second').shadowRoot.querySelector('.shoal').hidden);
  await page.evaluate(() => document.querySelector('#second').remove());
});

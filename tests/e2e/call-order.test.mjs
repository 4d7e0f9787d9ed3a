// Calls that are made without waiting for the previous one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { sampleFolder } from './support/pictures.mjs';

for (const [when, waitUntilReady] of [['once it is ready', true], ['before the program is loaded', false]]) {
  test(`calls run in the order in which they are made, ${when}`, async (t) => {
    const program = ['**/app_bg.wasm*', async (route) => {
      if (!waitUntilReady) await new Promise((resolve) => { setTimeout(resolve, 1000); });
      await route.continue();
    }];
    const { page } = await openPage(t, { attributes: { workers: '2', size: '64' }, waitUntilReady, routes: [program] });
    await page.evaluate(() => {
      const shoal = document.querySelector('image-shoal');
      addEventListener('drop', (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        globalThis.calls = Promise.all([
          shoal.add(event.dataTransfer),
          shoal.cluster({ k: 6 }),
          shoal.rename(0, 'First'),
          shoal.neighbours('samples/cat/cat-01.jpg', 3).catch(({ code }) => code),
          shoal.exportSession(),
        ]);
      }, { capture: true, once: true });
    });
    await dropPaths(page, [sampleFolder()]);
    const [added, clustered, renamed, neighbours, session] = await page.evaluate(async () => {
      const settled = await globalThis.calls;
      settled.push(await settled.pop().text());
      return settled;
    });
    assert.equal(added.added, 60);
    assert.deepEqual([clustered.k, clustered.items.length], [6, 60]);
    assert.equal(renamed.clusters.find(({ id }) => id === 0).name, 'First');
    assert.ok(Array.isArray(neighbours), `the images are there: ${neighbours}`);
    assert.ok(session.includes('First'));
  });
}

// Behaviour of the page during work, and before its program is loaded.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';

const FIRST_PAINT_BYTES = 100_000;

test('work keeps the screen awake, shows in the title, and asks before leaving', async (t) => {
  const { page } = await openPage(t, {
    attributes: { workers: '1', size: '224', k: '6' },
    prepare: () => {
      globalThis.locks = [];
      const request = navigator.wakeLock.request.bind(navigator.wakeLock);
      navigator.wakeLock.request = async (kind) => {
        const lock = await request(kind);
        globalThis.locks.push(lock);
        return lock;
      };
    },
  });
  const title = await page.title();
  // Browsers ask only after an interaction with the page.
  await page.mouse.click(5, 5);
  await dropPaths(page, [sampleFolder()]);
  await page.waitForFunction((title) => new RegExp(`^\\d+ % · ${title}$`).test(document.title), title);
  await page.waitForFunction(() => globalThis.locks.some(({ released }) => !released));

  const asked = page.waitForEvent('dialog');
  page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();

  await settled(page, 60);
  await page.waitForFunction((title) => document.title === title, title);
  await page.waitForFunction(() => globalThis.locks.length > 0 && globalThis.locks.every(({ released }) => released));
});

test('before the program is loaded, little is fetched, the page is painted, and a drop is accepted', async (t) => {
  const held = [];
  let holding = true;
  const { page } = await openPage(t, {
    attributes: { k: '6', size: '64' },
    waitUntilReady: false,
    routes: [[/\/app(_bg)?\.(js|wasm)/, (route) => (holding ? held.push(route) : route.continue())]],
  });
  await page.getByText('Drop a folder of pictures here').waitFor();
  const bytes = await page.evaluate(() => (
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .map(({ decodedBodySize }) => decodedBodySize).reduce((sum, size) => sum + size, 0)
  ));
  assert.ok(bytes < FIRST_PAINT_BYTES, `${bytes} bytes before the program`);
  assert.ok(bytes > 5000, 'the page itself is counted');

  await dropPaths(page, [sampleFolder()]);
  await page.waitForTimeout(200);
  holding = false;
  for (const route of held) await route.continue();
  await settled(page, 60);
});

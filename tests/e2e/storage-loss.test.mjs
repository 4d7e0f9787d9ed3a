// The page's database is lost while it is open: another tab deletes or upgrades it, or the browser closes it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openImported } from './support/imported.mjs';
import { call, cluster, settled } from './support/shoal.mjs';
import { databases, waitForStored } from './support/stored.mjs';

const PICTURES = 60;

/** Opens a page that stores its clusters, and waits until they are stored. */
async function openStored(t) {
  const opened = await openImported(t, { remember: true });
  await cluster(opened.page, { k: 6 });
  await waitForStored(opened.page, ({ head, pictures }) => head?.clustering && pictures.length === PICTURES);
  return opened;
}

/** A page of the same origin that has nothing of Shoal's. */
async function openBlank({ page, site }) {
  const blank = await page.context().newPage();
  await blank.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await blank.goto(new URL('blank', site.url).href);
  return blank;
}

/** Opens the database in a page, which keeps it open whatever the others want. */
const keepOpen = (page, version) => page.evaluate((wanted) => new Promise((resolve, reject) => {
  const request = indexedDB.open('shoal', wanted);
  request.onsuccess = () => {
    globalThis.kept = request.result;
    resolve();
  };
  request.onerror = () => reject(request.error);
}), version);

const sizes = async (page) => (await settled(page, PICTURES)).clusters.map(({ size }) => size);

/** Edits and exports: the tab works, whatever is stored. */
async function assertWorks(page) {
  await call(page, 'rename', 1, 'Still here');
  const { clusters } = await cluster(page, { k: 4 });
  assert.equal(clusters.length, 4);
  assert.ok(await page.evaluate(async () => (await document.querySelector('image-shoal').exportSession()).size > 0));
}

test('forgetting in one tab leaves the other able to work', async (t) => {
  const { page, site } = await openStored(t);
  const second = await page.context().newPage();
  await second.goto(site.url);
  await second.evaluate(() => document.querySelector('image-shoal').ready);
  await call(second, 'forget');
  await page.locator('.memory', { hasText: 'Everything was forgotten in another tab.' }).waitFor();
  await assertWorks(page);
  await page.waitForTimeout(1500);
  assert.deepEqual(await databases(page), [], 'nothing is stored after it was forgotten');
});

test('a database that the browser closes is opened again, and everything is stored again', async (t) => {
  const { page, site } = await openStored(t);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', { origin: new URL(site.url).origin, storageTypes: 'indexeddb' });
  // Chromium does not answer a page that opens a database while it clears it.
  await page.waitForTimeout(500);
  await waitForStored(page, ({ head, pictures }) => head?.clustering && pictures.length === PICTURES);
  await call(page, 'rename', 2, 'After the loss');
  const before = await sizes(page);
  await page.reload();
  assert.deepEqual(await sizes(page), before);
  assert.equal(await page.locator('.notice[data-code=session-incomplete]').count(), 0);
});

test('forgetting does not wait for ever for another page', async (t) => {
  const opened = await openStored(t);
  const blank = await openBlank(opened);
  await keepOpen(blank);
  const code = await opened.page.evaluate(() => (
    document.querySelector('image-shoal').forget().then(() => 'forgotten', (error) => error.code)));
  assert.equal(code, 'storage-unavailable');
  await blank.close();
  await opened.page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
});

test('a later version of the page in another tab does not disturb this one', async (t) => {
  const opened = await openStored(t);
  await keepOpen(await openBlank(opened), 1000);
  await opened.page.locator('.notice[data-code=storage-unavailable]').waitFor();
  await opened.page.locator('.memory', { hasText: 'does not let the page remember anything' }).waitFor();
  await assertWorks(opened.page);
});

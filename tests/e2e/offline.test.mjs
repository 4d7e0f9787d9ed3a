// The page's service worker: offline use after one visit, requests to the server, and updates.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage, openWithProfile } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { cluster, clustersByPath, result } from './support/shoal.mjs';
import { startSite } from './support/site.mjs';

const DIST = new URL('../../dist/', import.meta.url).pathname;

const buildOf = (folder) => readFileSync(join(folder, 'sw.js'), 'utf8').match(/BUILD_ID = '(\w+)'/)[1];
const filesOf = (folder) => readFileSync(join(folder, 'sw.js'), 'utf8').match(/SITE_FILES = '([^']+)'/)[1].split(' ');

/** A folder that is deleted when the test ends. */
function temporary(t, name) {
  const folder = mkdtempSync(join(tmpdir(), name));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The builds whose files are stored, and the names of the files. */
const stored = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  const files = [];
  for (const name of names) {
    for (const { url } of await (await caches.open(name)).keys()) files.push(url.slice(new URL('./', location).href.length));
  }
  return { builds: names.map((name) => name.split(' ').at(-1)), files: files.sort() };
});

/** Waits until `check`, which is called in the test, returns true. */
async function until(page, check) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await check()) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`this never came true: ${check}`);
}

/** The main workflow: add images, cluster, export a zip. */
async function mainWorkflow(page) {
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  await addPaths(page, [sampleFolder()]);
  const clustered = await cluster(page, { k: 6 });
  const zipBytes = await page.evaluate(async () => (await document.querySelector('image-shoal').exportZip()).size);
  return { places: clustersByPath(clustered), zipBytes };
}

/** Waits until the service worker has stored all files that this browser uses: their names. */
async function everythingStored(page, folder) {
  const wanted = filesOf(folder).map((file) => (file === './' ? '' : file))
    // The default network is another one, and this browser has relaxed SIMD but no GPU.
    .filter((file) => !/^(weights\/mobilenet|(gpu|worker)(_bg\.wasm|\.js)\?)/.test(file)).sort();
  await until(page, async () => (await stored(page)).files.length >= wanted.length);
  return wanted;
}

test('after one visit the page works from a cold start without a server', async (t) => {
  const profile = temporary(t, 'shoal-profile-');
  const site = await startSite();
  t.after(() => site.close());
  const first = await openWithProfile(t, profile, site.url);
  const expected = await mainWorkflow(first.page);
  const wanted = await everythingStored(first.page, DIST);
  assert.deepEqual((await stored(first.page)).files, wanted, 'exactly the files that this browser uses');
  await first.close();

  await t.test('a second visit requests nothing but a newer version', async (t) => {
    const second = await openWithProfile(t, profile, site.url);
    await second.page.evaluate(() => document.querySelector('image-shoal').ready);
    site.requests.length = 0;
    assert.deepEqual(await mainWorkflow(second.page), expected);
    assert.deepEqual(site.requests.filter((line) => !line.includes('/sw.js ')), []);
    assert.equal(await second.page.locator('#requests summary').textContent(), '0 requests to other servers');
    assert.equal(await second.page.locator('#requests li').count(), 0, 'and none to its own');
    await second.close();
  });

  await site.close();
  const offline = await openWithProfile(t, profile, site.url, { mayFailToLoad: /\/sw\.js$/ });
  await offline.page.context().setOffline(true);
  await offline.page.getByText('You are offline. Everything still works.').waitFor();
  assert.deepEqual(await mainWorkflow(offline.page), expected);
  await offline.page.context().setOffline(false);
  await offline.page.waitForFunction(() => document.querySelector('#offline').textContent === '');
  await offline.close();
});

test('the page says offline whether pictures can be sorted', async (t) => {
  // Holds these requests until the test releases them, so that none is in flight when the browser goes offline.
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  const hold = async (route) => { await released; await route.continue(); };
  const { page } = await openPage(t, {
    waitUntilReady: false, routes: [/worker\w*_bg\.wasm/, /weights/].map((pattern) => [pattern, hold]),
  });
  await page.context().setOffline(true);
  await page.getByText('You are offline. Shoal cannot sort pictures until it has been downloaded.').waitFor();
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.querySelector('#offline').textContent === '');
  release();
  await mainWorkflow(page);
  await page.context().setOffline(true);
  await page.getByText('You are offline. Everything still works.').waitFor();
  assert.equal((await cluster(page, { k: 4 })).k, 4);
});

test('an update is offered, waits for the user, and deletes the old files', async (t) => {
  const folder = join(temporary(t, 'shoal-site-'), 'site');
  cpSync(DIST, folder, { recursive: true });
  const old = buildOf(folder);
  const site = await startSite({ folder });
  t.after(() => site.close());
  const { page, close } = await openWithProfile(t, temporary(t, 'shoal-profile-'), site.url);
  await page.evaluate(() => document.querySelector('image-shoal').setAttribute('size', '64'));
  await mainWorkflow(page);
  const files = await everythingStored(page, folder);
  assert.ok(await page.locator('#update').isHidden());

  const next = 'f00dfeed0001';
  for (const name of readdirSync(folder).filter((name) => /\.(html|js|css|webmanifest)$/.test(name))) {
    writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replaceAll(old, next));
  }
  await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
  await page.locator('#update').waitFor();
  assert.equal((await stored(page)).builds.length, 2, 'the old build stays while it is in use');
  assert.equal((await result(page)).items.length, 60, 'the collection is unchanged');
  assert.equal((await cluster(page, { k: 4 })).k, 4);

  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Load it' }).click()]);
  await until(page, async () => (await stored(page)).builds.length === 1);
  const updated = await stored(page);
  assert.deepEqual(updated.builds, [next]);
  assert.deepEqual(updated.files, files.map((file) => file.replace(old, next)).sort(), 'all files are stored again');
  assert.ok(await page.locator('#update').isHidden());
  assert.match(await page.locator('script').first().getAttribute('src'), new RegExp(next));
  await close();
});

test('the page can be installed, and its icons have the sizes in the manifest', async (t) => {
  const site = await startSite();
  t.after(() => site.close());
  const { page, close } = await openWithProfile(t, temporary(t, 'shoal-profile-'), site.url);
  const client = await page.context().newCDPSession(page);
  const { errors, data } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  for (const { src, sizes, type } of JSON.parse(data).icons.filter(({ type }) => type === 'image/png')) {
    const found = await page.evaluate(async (src) => {
      const icon = await createImageBitmap(await (await fetch(src)).blob());
      return `${icon.width}x${icon.height}`;
    }, src);
    assert.equal(found, sizes, `${src} ${type}`);
  }
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors, []);
  await close();
});

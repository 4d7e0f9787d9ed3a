// The page's service worker: after one visit it works without a server, asks for nothing, and updates when it may.

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

/** A folder that is gone when the test ends. */
function temporary(t, name) {
  const folder = mkdtempSync(join(tmpdir(), name));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The builds whose files are kept, and the names of the files. */
const kept = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  const files = [];
  for (const name of names) {
    for (const { url } of await (await caches.open(name)).keys()) files.push(url.slice(new URL('./', location).href.length));
  }
  return { builds: names.map((name) => name.split(' ').at(-1)), files: files.sort() };
});

/** Waits until `check`, which is called here, says yes. */
async function until(page, check) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await check()) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`this never came true: ${check}`);
}

/** A whole job: pictures in, groups, zip. */
async function mainJob(page) {
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  await addPaths(page, [sampleFolder()]);
  const grouped = await cluster(page, { k: 6 });
  const zipBytes = await page.evaluate(async () => (await document.querySelector('image-shoal').exportZip()).size);
  return { places: clustersByPath(grouped), zipBytes };
}

/** Waits until the service worker has all that this browser uses; gives the names. */
async function everythingKept(page, folder) {
  const wanted = filesOf(folder).map((file) => (file === './' ? '' : file))
    .filter((file) => !/^(gpu|worker)(_bg\.wasm|\.js)\?/.test(file)).sort();
  await until(page, async () => (await kept(page)).files.length >= wanted.length);
  return wanted;
}

test('after one visit it works from a cold start without a server', async (t) => {
  const profile = temporary(t, 'shoal-profile-');
  const site = await startSite();
  t.after(() => site.close());
  const first = await openWithProfile(t, profile, site.url);
  const job = await mainJob(first.page);
  const wanted = await everythingKept(first.page, DIST);
  assert.deepEqual((await kept(first.page)).files, wanted, 'what this browser uses, and nothing else');
  await first.close();

  await t.test('a second visit asks the server for nothing but a newer version', async (t) => {
    const second = await openWithProfile(t, profile, site.url);
    await second.page.evaluate(() => document.querySelector('image-shoal').ready);
    site.requests.length = 0;
    assert.deepEqual(await mainJob(second.page), job);
    assert.deepEqual(site.requests.filter((line) => !line.includes('/sw.js ')), []);
    assert.equal(await second.page.locator('#requests summary').textContent(), '0 requests since you added your pictures');
    await second.close();
  });

  await site.close();
  const offline = await openWithProfile(t, profile, site.url, { mayFailToLoad: /\/sw\.js$/ });
  await offline.page.context().setOffline(true);
  await offline.page.getByText('You are offline. Everything works as ever.').waitFor();
  assert.deepEqual(await mainJob(offline.page), job);
  await offline.page.context().setOffline(false);
  await offline.page.waitForFunction(() => document.querySelector('#offline').textContent === '');
  await offline.close();
});

test('who goes offline before anything was sorted is told what is missing, and when it is not', async (t) => {
  // Kept back until the test allows it, so that nothing is on its way when the browser goes offline.
  let allow;
  const allowed = new Promise((resolve) => { allow = resolve; });
  const keepBack = async (route) => { await allowed; await route.continue(); };
  const { page } = await openPage(t, {
    waitUntilReady: false, routes: [/worker\w*_bg\.wasm/, /weights/].map((pattern) => [pattern, keepBack]),
  });
  await page.context().setOffline(true);
  await page.getByText('You are offline, and what sorts pictures is still to be fetched.').waitFor();
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.querySelector('#offline').textContent === '');
  allow();
  await mainJob(page);
  await page.context().setOffline(true);
  await page.getByText('You are offline. Everything works as ever.').waitFor();
  assert.equal((await cluster(page, { k: 4 })).k, 4);
});

test('an update is offered, forced on nobody, and takes the old files away', async (t) => {
  const folder = join(temporary(t, 'shoal-site-'), 'site');
  cpSync(DIST, folder, { recursive: true });
  const old = buildOf(folder);
  const site = await startSite({ folder });
  t.after(() => site.close());
  const { page, close } = await openWithProfile(t, temporary(t, 'shoal-profile-'), site.url);
  await page.evaluate(() => document.querySelector('image-shoal').setAttribute('size', '64'));
  await mainJob(page);
  const files = await everythingKept(page, folder);
  assert.ok(await page.locator('#update').isHidden());

  const fresh = 'f00dfeed0001';
  for (const name of readdirSync(folder).filter((name) => /\.(html|js|css|webmanifest)$/.test(name))) {
    writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replaceAll(old, fresh));
  }
  await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
  await page.locator('#update').waitFor();
  assert.equal((await kept(page)).builds.length, 2, 'the old build stays while it is used');
  assert.equal((await result(page)).items.length, 60, 'the work is untouched');
  assert.equal((await cluster(page, { k: 4 })).k, 4);

  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Load it' }).click()]);
  await until(page, async () => (await kept(page)).builds.length === 1);
  const now = await kept(page);
  assert.deepEqual(now.builds, [fresh]);
  assert.deepEqual(now.files, files.map((file) => file.replace(old, fresh)).sort(), 'it works offline as before');
  assert.ok(await page.locator('#update').isHidden());
  assert.match(await page.locator('script').first().getAttribute('src'), new RegExp(fresh));
  await close();
});

test('the manifest can be installed, and its icons are what it says', async (t) => {
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

// A new build is deployed while a page is open, or half of it is: no browser runs files of two builds.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage, openWithProfile } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { makeFolder, sampleFiles } from './support/pictures.mjs';
import { startSite } from './support/site.mjs';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const NEXT_BUILD = 'f00dfeed0001';
const NEXT_PROGRAM = 'f00dfeed0002';
const UPDATED = /this site has been updated: reload the page/;

const buildOf = (folder) => readFileSync(join(folder, 'sw.js'), 'utf8').match(/BUILD_ID = '(\w+)'/)[1];

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

/** The WebAssembly of a later build, `[name, bytes]`, and what replaces what in the other files: each program has another id. */
function laterBuild() {
  const replaced = [[buildOf(DIST), NEXT_BUILD]];
  const programs = readdirSync(DIST).filter((name) => name.endsWith('_bg.wasm')).map((name) => {
    const module = readFileSync(join(DIST, name.replace('_bg.wasm', '.js')), 'utf8');
    const id = module.match(/ids\[0\] !== '(\w+)'/)[1];
    const before = readFileSync(join(DIST, name));
    const bytes = Buffer.from(before);
    bytes.write(NEXT_PROGRAM, bytes.lastIndexOf(id));
    replaced.push([id, NEXT_PROGRAM], [hashOf(before), hashOf(bytes)]);
    return [name, bytes];
  });
  return { programs: new Map(programs), replaced };
}

/** Replaces the files of a site whose names `matches` by those of a later build. */
function deploy(folder, matches = /./) {
  const { programs, replaced } = laterBuild();
  for (const name of readdirSync(folder).filter((name) => matches.test(name))) {
    const path = join(folder, name);
    if (programs.has(name)) writeFileSync(path, programs.get(name));
    if (!/\.(html|js|css|webmanifest)$/.test(name)) continue;
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, replaced.reduce((written, [one, other]) => written.replaceAll(one, other), text));
  }
}

/** A copy of the site, served. */
async function servedCopy(t) {
  const folder = join(makeFolder(t, 'site'), 'site');
  cpSync(DIST, folder, { recursive: true });
  const site = await startSite({ folder });
  t.after(() => site.close());
  return { folder, site };
}

/** The rejection of a call that needs the workers: its code and message. */
const failure = (page) => page.evaluate(async () => {
  const { code, message } = await document.querySelector('image-shoal').add([new File(['x'], 'x.jpg')])
    .then((added) => added.rejected[0] ?? { code: 'added', message: '' }, (error) => error);
  return { code, message };
});

const embeds = async (page) => (await addPaths(page, sampleFiles().slice(0, 2))).added;

test('a page that is open does not start workers of a later build, and a reload gets that build', async (t) => {
  const folder = join(makeFolder(t, 'site'), 'site');
  cpSync(DIST, folder, { recursive: true });
  let [requested, deployed] = [];
  const request = new Promise((resolve) => { requested = resolve; });
  const deployment = new Promise((resolve) => { deployed = resolve; });
  const hold = async (route) => {
    requested();
    await deployment;
    await route.continue();
  };
  const { page, errors } = await openPage(t, {
    folder, waitUntilReady: false, attributes: { workers: '1', size: '64' }, routes: [['**/worker-loader.js*', hold]],
  });
  await request;
  deploy(folder);
  deployed();
  const { code, message } = await failure(page);
  assert.deepEqual([code, UPDATED.test(message)], ['worker-failed', true], message);
  errors.found.length = 0;
  await page.reload();
  assert.equal(await embeds(page), 2);
});

for (const [name, missing, code] of [
  ['the WebAssembly of the page', /^app_bg\.wasm$/, 'program-unreachable'],
  ['the module of the page', /^app\.js$/, 'program-unreachable'],
  ['the loader of the workers', /^worker-loader\.js$/, 'worker-failed'],
  ['the module of the workers', /^worker_relaxed\.js$/, 'worker-failed'],
  ['the WebAssembly of the workers', /^worker_relaxed_bg\.wasm$/, 'worker-failed'],
]) {
  test(`a page does not run ${name} of another build`, async (t) => {
    for (const isNewer of [false, true]) {
      const folder = join(makeFolder(t, 'site'), 'site');
      cpSync(DIST, folder, { recursive: true });
      // Either that file alone is of the later build, or all others are.
      deploy(folder, isNewer ? missing : new RegExp(`^(?!${missing.source.slice(1)})`));
      const { page, errors } = await openPage(t, { folder, waitUntilReady: false, attributes: { workers: '1' } });
      const rejected = await failure(page);
      assert.deepEqual([rejected.code, UPDATED.test(rejected.message)], [code, true], rejected.message);
      errors.found.length = 0;
    }
  });
}

test('the service worker stores no file of a later build under an address of its own', async (t) => {
  const { folder, site } = await servedCopy(t);
  const build = buildOf(folder);
  const { page, close } = await openWithProfile(t, makeFolder(t, 'profile'), site.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The shell is stored, the workers are not.
  deploy(folder);
  await page.evaluate(() => document.querySelector('image-shoal').ready.catch(() => {}));
  await page.evaluate(async () => {
    (await navigator.serviceWorker.ready).active.postMessage({ type: 'store-all', unused: ['gpu'], model: 'none' });
  });
  await page.waitForTimeout(2000);
  const misplaced = await page.evaluate(async (own) => {
    const cache = await caches.open((await caches.keys()).find((name) => name.endsWith(own)));
    const found = [];
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      if (text.includes('f00dfeed000')) found.push(request.url);
    }
    return { found, count: (await cache.keys()).length };
  }, build);
  assert.deepEqual(misplaced.found, []);
  assert.ok(misplaced.count > 5, 'the shell is stored');
  // The next visit after the update was accepted runs the later build alone.
  await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
  await page.locator('#update').waitFor();
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Load it' }).click()]);
  await page.evaluate(() => document.querySelector('image-shoal').setAttribute('size', '64'));
  assert.equal(await embeds(page), 2);
  await close();
});

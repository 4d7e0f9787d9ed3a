// Hosting of the site: its files, a sub-folder, its requests, and several elements in a page.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles, sampleFolder } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';

const DIST = new URL('../../dist/', import.meta.url);

test('the site has files with stable names and no placeholders', () => {
  const names = readdirSync(DIST);
  for (const name of [
    'index.html', 'image-shoal.js', 'app.js', 'app_bg.wasm', 'worker-loader.js', 'worker-crash.js', 'worker-program.js',
    'loading-signs.js', 'worker.js', 'worker_bg.wasm', 'worker_relaxed.js', 'worker_relaxed_bg.wasm', 'decoders.js',
    'decoders_bg.wasm', 'gpu-loader.js', 'gpu.js', 'gpu_bg.wasm', 'weights', 'page.js', 'sw.js', 'manifest.webmanifest', 'icons',
  ]) {
    assert.ok(names.includes(name), name);
  }
  for (const name of names.filter((name) => /\.(html|js|css|webmanifest)$/.test(name))) {
    const text = readFileSync(new URL(name, DIST), 'utf8');
    assert.doesNotMatch(text, /__BUILD_ID__|__SITE_FILES__/, name);
    if (name.endsWith('.html')) assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)/, 'no inline script');
  }
});

test('it works in a sub-folder, and requests nothing outside of it', async (t) => {
  const { page, site } = await openPage(t, { attributes: { size: '64' } });
  await addPaths(page, [sampleFolder()]);
  await cluster(page, { k: 6 });
  await page.evaluate(() => document.querySelector('image-shoal').exportZip());
  // Requests to other origins make every test fail.
  const odd = site.requests.filter((line) => !/^GET \/some\/folder\/.* 200$/.test(line));
  assert.deepEqual(odd, []);
  const unversioned = site.requests.filter((line) => /\.(js|wasm|css|safetensors) /.test(line));
  assert.deepEqual(unversioned, [], 'every file that a build changes has a version in its address');
});

test('with its storage switched off, the page stores nothing but the switch', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '64' } });
  await addPaths(page, sampleFiles().slice(0, 5));
  await cluster(page, { k: 2 });
  const stored = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    cookies: document.cookie,
  }));
  assert.deepEqual(stored, { local: ['shoal-remember'], session: 0, databases: 0, cookies: '' });
});

test('it works headless, without an element', async (t) => {
  const { page, site } = await openPage(t);
  const outcome = await page.evaluate(async (url) => {
    const { Shoal } = await import(new URL('image-shoal.js', url).href);
    const shoal = new Shoal({ size: 64, workers: 1 });
    const events = [];
    for (const type of ['ready', 'progress', 'result']) shoal.addEventListener(type, () => events.push(type));
    await shoal.ready;
    const draw = (hue) => new Promise((resolve) => {
      const canvas = new OffscreenCanvas(64, 64);
      const pen = canvas.getContext('2d');
      pen.fillStyle = `hsl(${hue} 80% 50%)`;
      pen.fillRect(8, 8, 40, 40);
      canvas.convertToBlob().then((blob) => resolve(new File([blob], `${hue}.png`)));
    });
    const { added } = await shoal.add(await Promise.all([0, 60, 120, 180, 240].map(draw)));
    const { k, items } = await shoal.cluster({ k: 2 });
    const zip = await shoal.exportZip();
    shoal.close();
    return { added, k, paths: items.map(({ path }) => path), events: [...new Set(events)].sort(), zip: zip.size > 0 };
  }, site.url);
  assert.deepEqual(outcome, {
    added: 5,
    k: 2,
    paths: ['0.png', '120.png', '180.png', '240.png', '60.png'],
    events: ['progress', 'ready', 'result'],
    zip: true,
  });
});

test('elements can be added, moved and removed', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '64', workers: '1' } });
  await page.evaluate(() => {
    const second = document.createElement('image-shoal');
    second.id = 'second';
    second.setAttribute('workers', '1');
    second.setAttribute('size', '64');
    document.body.append(second);
    return second.ready;
  });
  await addPaths(page, sampleFiles().slice(0, 6));
  await cluster(page, { k: 3 });
  assert.equal(await page.evaluate(() => document.querySelector('#second').result), null);
  await page.evaluate(async () => {
    const [first] = document.querySelectorAll('image-shoal');
    // An element that is moved within the page keeps its state.
    document.querySelector('main').append(first);
    await Promise.resolve();
  });
  assert.equal(await page.evaluate(() => document.querySelector('image-shoal:not(#second)').result.items.length), 6);
  await page.evaluate(() => document.querySelector('#second').remove());
});

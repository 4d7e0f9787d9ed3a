// Scans: TIFF files that are dark, or have several pages.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';
import { tiff } from './support/tiff.mjs';

const QUICK = { attributes: { workers: '2', size: '128' } };

/** A scan of 16 bits of which only the lowest twentieth of the range is used. */
function darkScan(seed) {
  const [width, height] = [160, 120];
  const wave = (x, y) => Math.sin((x * (1 + seed % 4)) / 20) * Math.cos((y * (1 + Math.floor(seed / 4))) / 17 + seed);
  const pixels = Uint16Array.from({ length: width * height }, (_, place) => (
    1500 + 1400 * wave(place % width, Math.floor(place / width))));
  return tiff(width, height, pixels);
}

test('dark scans of 16 bits are stretched', async (t) => {
  const scans = Object.fromEntries(Array.from({ length: 8 }, (_, seed) => [`${seed}.tif`, darkScan(seed)]));
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'scans'), scans)]);
  await cluster(page, { k: 2 });
  assert.deepEqual(await call(page, 'duplicates'), []);
  const brightest = await page.evaluate(async () => {
    const { src } = document.querySelector('image-shoal').shadowRoot.querySelector('img[src^=blob]');
    const bitmap = await createImageBitmap(await (await fetch(src)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return Math.max(...context.getImageData(0, 0, bitmap.width, bitmap.height).data.filter((_, index) => index % 4 < 3));
  });
  assert.ok(brightest > 200, `the thumbnail is visible: ${brightest}`);
});

test('the first page of a file with several is used, and their number is told', async (t) => {
  const pixels = Uint16Array.from({ length: 80 * 60 }, (_, place) => (place * 131) % 65536);
  const { page } = await openPage(t, QUICK);
  await page.evaluate(() => {
    globalThis.notices = [];
    document.querySelector('image-shoal').addEventListener('notice', ({ detail }) => globalThis.notices.push(detail));
  });
  const folder = fill(makeFolder(t, 'scans'), { 'fax.tif': tiff(80, 60, pixels, 3), 'one.tif': tiff(80, 60, pixels) });
  const { paged, rejected } = await addPaths(page, [folder]);
  assert.deepEqual({ paged, rejected }, { paged: [{ path: 'scans/fax.tif', pages: 3 }], rejected: [] });
  const notices = await page.evaluate(() => globalThis.notices);
  assert.deepEqual(notices.map(({ code }) => code), ['first-pages']);
  assert.match(notices[0].message, /scans\/fax.tif has 3 pages/);
});

// Scans: TIFF files that are dark, or have several pages.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';
import { tiff } from './support/tiff.mjs';

const QUICK = { attributes: { workers: '2', size: '128' } };

/** What scans show, from -1 to 1 at places from 0 to 1. */
const PATTERNS = [
  (x) => 2 * x - 1,
  (x, y) => 2 * y - 1,
  (x, y) => Math.sign(Math.sin(20 * (x + y))),
  (x, y) => Math.sign(Math.sin(30 * x) * Math.sin(30 * y)),
  (x, y) => Math.cos(30 * Math.hypot(x - 0.5, y - 0.5)),
  (x, y) => (Math.hypot(x - 0.3, y - 0.3) < 0.25 ? 1 : -1),
  (x, y) => (Math.abs(x - y) < 0.1 || Math.abs(x + y - 1) < 0.1 ? 1 : -1),
  (x) => Math.sign(Math.sin(40 * x)),
];

/** A scan of 16 bits of which only the lowest twentieth of the range is used. */
function darkScan(pattern) {
  const [width, height] = [160, 120];
  const value = (place) => pattern((place % width) / width, Math.floor(place / width) / height);
  return tiff(width, height, Uint16Array.from({ length: width * height }, (_, place) => 1500 + 1400 * value(place)));
}

test('dark scans of 16 bits are stretched', async (t) => {
  const scans = Object.fromEntries(PATTERNS.map((pattern, index) => [`${index}.tif`, darkScan(pattern)]));
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'scans'), scans)]);
  await cluster(page, { k: 2 });
  assert.deepEqual(await call(page, 'duplicates'), []);
  const brightest = await page.evaluate(async () => {
    const image = document.querySelector('image-shoal').shadowRoot.querySelector('img[src^=blob]');
    await image.decode();
    const context = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d');
    context.drawImage(image, 0, 0);
    return Math.max(...context.getImageData(0, 0, image.naturalWidth, image.naturalHeight).data.filter((_, index) => index % 4 < 3));
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

// What an image shows decides which images are its duplicates: transparency, long images, and animations.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import sharp from 'sharp';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '128' } };

const svg = (width, height, body) => Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`,
);
const png = (width, height, body) => sharp(svg(width, height, body)).png().toBuffer();

/** Different glyphs in one colour on nothing. */
function glyphs(count, colour) {
  const glyph = (index) => {
    const bits = (index * 2654435761) >>> 0;
    const cells = Array.from({ length: 16 }, (_, cell) => ((bits >>> cell) & 1
      ? `<rect x="${32 + (cell % 4) * 48}" y="${32 + Math.floor(cell / 4) * 48}" width="48" height="48"/>` : ''));
    return png(256, 256, `<g fill="${colour}">${cells.join('')}</g>`);
  };
  return Promise.all(Array.from({ length: count }, (_, index) => glyph(index + 1)));
}

/** A long screenshot: its ends differ from others', its middle is blank. */
function longScreenshot(seed) {
  const lines = (top) => Array.from({ length: 12 }, (_, line) => {
    const width = 60 + ((seed * 97 + top + line * 53) % 320);
    const x = (seed * 61 + line * 37) % 200;
    return `<rect x="${x}" y="${top + line * 40}" width="${width}" height="26" fill="hsl(${(seed * 90 + line * 25) % 360} 70% 40%)"/>`;
  }).join('');
  return png(400, 4000, `<rect width="400" height="4000" fill="white"/>${lines(20)}${lines(3500)}`);
}

/** An animation whose first frame is blank, and whose second shows a rectangle. */
async function lateAnimation(index, format) {
  const blank = await png(120, 120, '<rect width="120" height="120" fill="white"/>');
  const shape = `<rect x="${10 + index * 12}" y="${70 - index * 9}" width="${50 - index * 4}" height="30" fill="hsl(${index * 70} 80% 40%)"/>`;
  const shown = await png(120, 120, `<rect width="120" height="120" fill="white"/>${shape}`);
  const animation = sharp([blank, shown], { join: { animated: true } });
  return (format === 'gif' ? animation.gif() : animation.webp({ lossless: true })).toBuffer();
}

const named = (extension, files) => Object.fromEntries(files.map((bytes, index) => [`${index}.${extension}`, bytes]));

/** The groups of duplicates among images with these contents. */
async function duplicatesOf(t, contents) {
  const { page } = await openPage(t, QUICK);
  const { rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), contents)]);
  assert.deepEqual(rejected, []);
  await cluster(page, { k: 2 });
  return call(page, 'duplicates');
}

test('white glyphs on transparency are seen, and black ones too', async (t) => {
  assert.deepEqual(await duplicatesOf(t, named('png', await glyphs(8, 'white'))), []);
  assert.deepEqual(await duplicatesOf(t, named('png', await glyphs(8, 'black'))), []);
});

test('long screenshots are seen from end to end', async (t) => {
  const shots = await Promise.all([1, 2, 3, 4].map(longScreenshot));
  assert.deepEqual(await duplicatesOf(t, named('png', shots)), []);
});

test('animations with a blank first frame are told apart', async (t) => {
  for (const format of ['gif', 'webp']) {
    const animations = await Promise.all([0, 1, 2, 3, 4].map((index) => lateAnimation(index, format)));
    assert.deepEqual(await duplicatesOf(t, named(format, animations)), [], format);
  }
});

test('a blank picture needs no decoders, and a blank animation is accepted without them', async (t) => {
  const { page, site } = await openPage(t, QUICK);
  await page.route(/decoders/, (route) => route.abort());
  const blank = await png(120, 120, '<rect width="120" height="120" fill="white"/>');
  const still = fill(makeFolder(t, 'still'), { 'blank.png': blank, 'blank.webp': await sharp(blank).webp().toBuffer() });
  assert.equal((await addPaths(page, [still])).added, 2);
  assert.deepEqual(site.requests.filter((line) => /decoders/.test(line)), []);
  const moving = fill(makeFolder(t, 'moving'), { 'late.gif': await lateAnimation(1, 'gif') });
  assert.equal((await addPaths(page, [moving])).added, 1);
});

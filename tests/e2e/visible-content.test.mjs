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

/** Glyphs of 4 x 4 cells, each two of which differ in six, however they are turned or mirrored. */
const GLYPHS = [0xb660, 0xbc56, 0x1928, 0xe9a9, 0x4f56, 0x30b6, 0xcfe5, 0x9f89];

/** Different glyphs in one colour on nothing. */
function glyphs(colour) {
  const cell = (index) => `<rect x="${32 + (index % 4) * 48}" y="${32 + (index >> 2) * 48}" width="48" height="48"/>`;
  const cells = (bits) => Array.from({ length: 16 }, (_, index) => ((bits >> index) & 1 ? cell(index) : '')).join('');
  return Promise.all(GLYPHS.map((bits) => png(256, 256, `<g fill="${colour}">${cells(bits)}</g>`)));
}

/** A long screenshot: its ends differ from others', its middle is blank. */
function longScreenshot(seed) {
  const step = 40 + 45 * seed;
  const lines = (top) => Array.from({ length: Math.floor(1300 / step) }, (_, line) => {
    const [x, width] = [(seed * 131 + line * 97) % 240, 60 + ((seed * 97 + line * 53) % 100)];
    return `<rect x="${x}" y="${top + line * step}" width="${width}" height="${0.7 * step}" fill="hsl(${seed * 85} 70% 40%)"/>`;
  }).join('');
  return png(400, 4000, `<rect width="400" height="4000" fill="white"/>${lines(20)}${lines(2660)}`);
}

/** What animations show after their first frame. */
const SHAPES = [
  '<circle cx="60" cy="60" r="45" fill="crimson"/>',
  '<rect x="5" y="5" width="50" height="110" fill="navy"/>',
  '<path d="M10 110 L110 110 L110 10 Z" fill="green"/>',
  '<rect x="0" y="50" width="120" height="20" fill="black"/><rect x="50" y="0" width="20" height="120" fill="black"/>',
  '<path d="M0 0 H60 V60 H120 V120 H60 V60 H0 Z" fill="purple"/>',
];

/** An animation whose first frame is blank, and whose second shows a shape. */
async function lateAnimation(shape, format) {
  const blank = await png(120, 120, '<rect width="120" height="120" fill="white"/>');
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
  assert.deepEqual(await duplicatesOf(t, named('png', await glyphs('white'))), []);
  assert.deepEqual(await duplicatesOf(t, named('png', await glyphs('black'))), []);
});

test('long screenshots are seen from end to end', async (t) => {
  const shots = await Promise.all([1, 2, 3, 4].map(longScreenshot));
  assert.deepEqual(await duplicatesOf(t, named('png', shots)), []);
});

test('animations with a blank first frame are told apart', async (t) => {
  for (const format of ['gif', 'webp']) {
    const animations = await Promise.all(SHAPES.map((shape) => lateAnimation(shape, format)));
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
  const moving = fill(makeFolder(t, 'moving'), { 'late.gif': await lateAnimation(SHAPES[0], 'gif') });
  assert.equal((await addPaths(page, [moving])).added, 1);
});

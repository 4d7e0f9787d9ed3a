// HEIC and HEIF pictures in a browser that cannot decode them: libheif does, and turns them as their own properties say.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import sharp from 'sharp';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { HAS_ENCODER, encodeHeif, grid, mirrored, rotated } from './support/heif.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { canRun } from './support/requirements.mjs';
import { call, cluster } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '1', size: '128' } };
const ENCODER = 'heif-enc (apt install libheif-examples)';

/** A sample picture of this size. */
const picture = (index, width, height) => sharp(sampleFiles()[index]).resize(width, height, { fit: 'fill' }).png().toBuffer();

/** The picture in tiles of `side` pixels, row by row. */
async function tilesOf(png, side) {
  const { width, height } = await sharp(png).metadata();
  const tiles = [];
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      tiles.push(await sharp(png).extract({ left, top, width: side, height: side }).png().toBuffer());
    }
  }
  return tiles.map((tile) => encodeHeif(tile));
}

/** Asserts that each picture is nearest to the one of which it is a copy: `copies` maps its path to the other's. */
async function assertCopies(page, copies) {
  await cluster(page, { k: 2 });
  for (const [copy, original] of Object.entries(copies)) {
    const [{ path, cosine }] = await call(page, 'neighbours', copy, 1);
    assert.deepEqual([copy, path], [copy, original]);
    assert.ok(cosine > 0.97, `${copy}: ${cosine}`);
  }
}

test('the primary picture is decoded, turned as its properties say, by a library that is fetched for the first', async (t) => {
  if (!canRun(t, HAS_ENCODER, ENCODER)) return;
  const png = await picture(0, 512, 512);
  const layout = { tiles: await tilesOf(png, 256), columns: 2, rows: 2, width: 500, height: 490 };
  const whole = sharp(png).extract({ left: 0, top: 0, width: 500, height: 490 });
  const turns = {
    plain: [[], (image) => image],
    left: [[rotated(1)], (image) => image.rotate(270)],
    over: [[rotated(2)], (image) => image.rotate(180)],
    right: [[rotated(3)], (image) => image.rotate(90)],
    sideways: [[mirrored(1)], (image) => image.flop()],
    'upside down': [[mirrored(0)], (image) => image.flip()],
  };
  const files = {};
  for (const [name, [transforms, turn]] of Object.entries(turns)) {
    files[`${name}.heic`] = grid({ ...layout, transforms });
    files[`${name}.png`] = await turn(whole.clone()).png().toBuffer();
  }
  const { page, site } = await openPage(t, QUICK);
  const fetched = () => site.requests.some((line) => line.includes('heif'));
  await addPaths(page, sampleFiles().slice(0, 2));
  assert.ok(!fetched());
  const { added, rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), files)]);
  assert.deepEqual({ added, rejected }, { added: 12, rejected: [] });
  assert.ok(fetched());
  await assertCopies(page, Object.fromEntries(Object.keys(turns).map((name) => [`own/${name}.heic`, `own/${name}.png`])));
});

test('EXIF data turn no HEIC picture: a telephone writes its orientation twice', async (t) => {
  if (!canRun(t, HAS_ENCODER, ENCODER)) return;
  const upright = await picture(1, 512, 512);
  const stored = await sharp(upright).rotate(270).png().toBuffer();
  const photo = await sharp(stored).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer();
  const tiles = await tilesOf(stored, 256);
  const { page } = await openPage(t, QUICK);
  const { rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), {
    'phone.heic': grid({ tiles, columns: 2, rows: 2, width: 512, height: 512, transforms: [rotated(3)], orientation: 6 }),
    'encoder.heic': encodeHeif(photo, [], 'jpg'),
    'upright.png': upright,
    'stored.png': stored,
    'turned twice.png': await sharp(upright).rotate(90).png().toBuffer(),
  })]);
  assert.deepEqual(rejected, []);
  await assertCopies(page, { 'own/phone.heic': 'own/upright.png', 'own/encoder.heic': 'own/stored.png' });
});

test('ten bits, transparency and twelve megapixels are decoded', async (t) => {
  if (!canRun(t, HAS_ENCODER, ENCODER)) return;
  const png = await picture(2, 400, 300);
  const deep = await sharp(png).toColourspace('rgb16').png().toBuffer();
  const shape = await sharp({ create: { width: 300, height: 300, channels: 4, background: '#0000' } })
    .composite([{ input: await picture(3, 200, 200), left: 50, top: 50 }]).png().toBuffer();
  const tiles = (await tilesOf(await picture(4, 1024, 512), 512));
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), {
    'deep.heic': encodeHeif(deep, ['-b', '10']),
    'deep.png': png,
    'clear.heic': encodeHeif(shape),
    'clear.png': shape,
    'large.heic': grid({ tiles, columns: 8, rows: 6, width: 4032, height: 3024 }),
  })]);
  assert.deepEqual({ added, rejected }, { added: 5, rejected: [] });
  await assertCopies(page, { 'own/deep.heic': 'own/deep.png', 'own/clear.heic': 'own/clear.png' });
});

test('a damaged picture is rejected, and the next one is decoded', async (t) => {
  if (!canRun(t, HAS_ENCODER, ENCODER)) return;
  const whole = encodeHeif(await picture(5, 200, 150));
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), {
    '1.heic': whole.subarray(0, 200), '2.heic': whole,
  })]);
  assert.deepEqual([added, rejected.map(({ path, code }) => [path, code])], [1, [['own/1.heic', 'damaged-picture']]]);
});

test('without the library, the pictures are rejected with advice', async (t) => {
  if (!canRun(t, HAS_ENCODER, ENCODER)) return;
  const { page } = await openPage(t, QUICK);
  await page.route(/heif/, (route) => route.abort());
  const { rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), { '1.heic': encodeHeif(await picture(5, 200, 150)) })]);
  assert.deepEqual(rejected.map(({ code }) => code), ['heic-not-decodable']);
  assert.match(rejected[0].reason, /Safari.*JPEG/);
});

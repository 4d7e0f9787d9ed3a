// Files as people have them: formats that browsers cannot decode, and raw images.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import sharp from 'sharp';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';
import { tiff } from './support/tiff.mjs';

const QUICK = { attributes: { workers: '2', size: '128' } };

test('the decoders are fetched for the first picture that the browser cannot decode', async (t) => {
  const { page, site } = await openPage(t, QUICK);
  const fetched = () => site.requests.filter((line) => /decoders/.test(line)).map((line) => line.match(/[a-z_]+\.(js|wasm)/)[0]);
  await addPaths(page, [fill(makeFolder(t, 'photos'), { '1.jpg': sampleFiles()[0] })]);
  assert.deepEqual(fetched(), []);
  const pixels = Uint16Array.from({ length: 80 * 60 }, (_, place) => (place * 131) % 65536);
  const scans = fill(makeFolder(t, 'scans'), { '1.tif': tiff(80, 60, pixels), '2.txt': Buffer.from('no picture') });
  const { added, rejected } = await addPaths(page, [scans]);
  assert.deepEqual([added, rejected.map(({ path, code }) => [path, code])], [1, [['scans/2.txt', 'not-a-picture']]]);
  assert.deepEqual([...new Set(fetched())].sort(), ['decoders.js', 'decoders_bg.wasm']);
});

test('without the decoders, the pictures that need them are rejected', async (t) => {
  const { page } = await openPage(t, QUICK);
  await page.route(/decoders/, (route) => route.abort());
  const pixels = Uint16Array.from({ length: 80 * 60 }, (_, place) => (place * 131) % 65536);
  const files = () => fill(makeFolder(t, 'scans'), { '1.tif': tiff(80, 60, pixels), '2.jpg': sampleFiles()[0] });
  const { added, rejected } = await addPaths(page, [files()]);
  assert.deepEqual([added, rejected.map(({ path, code }) => [path, code])], [1, [['scans/1.tif', 'program-unreachable']]]);
  await page.unroute(/decoders/);
  const again = await addPaths(page, [files()]);
  assert.deepEqual([again.added, again.reused], [2, 1], 'it is tried again');
});

test('a raw image is seen by its preview, upright, and is a sidecar beside its JPEG', async (t) => {
  const [one, two, three] = sampleFiles();
  const upright = sharp(one).resize(600, 800, { fit: 'fill' });
  const turned = async (degrees) => sharp(await upright.clone().png().toBuffer()).rotate(degrees);
  const preview = await (await turned(270)).jpeg().toBuffer();
  const thumbnail = await sharp(two).resize(160, 120, { fit: 'fill' }).jpeg().toBuffer();
  // A directory that says: to be turned by a quarter.
  const raw = Buffer.concat([
    Buffer.from('49492a00080000000100120103000100000006000000' + '00000000', 'hex'), thumbnail, Buffer.alloc(5000, 7), preview,
  ]);
  const folder = fill(makeFolder(t, 'camera'), {
    'alone.NEF': raw,
    'small.CR2': Buffer.concat([Buffer.from('49492a0008000000', 'hex'), thumbnail]),
    'both.jpg': two,
    'both.ARW': raw,
    'upright.png': await upright.clone().png().toBuffer(),
    'stored.png': await (await turned(270)).png().toBuffer(),
    'turned twice.png': await (await turned(90)).png().toBuffer(),
    'PXL_1.RAW-01.COVER.jpg': three,
    'PXL_1.RAW-02.ORIGINAL.dng': raw,
  });
  const { page } = await openPage(t, QUICK);
  const { added, sidecars, rejected } = await addPaths(page, [folder]);
  assert.deepEqual({ added, sidecars }, { added: 6, sidecars: 2 });
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['camera/small.CR2', 'no-raw-preview']]);
  await cluster(page, { k: 2 });
  const [{ path, cosine }] = await call(page, 'neighbours', 'camera/alone.NEF', 1);
  assert.equal(path, 'camera/upright.png');
  assert.ok(cosine > 0.97, `${cosine}`);
});

test('files of a kind that is known but not decoded are refused by its name', async (t) => {
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [fill(makeFolder(t, 'studio'), {
    'later.jxl': Buffer.concat([Buffer.from('ff0a', 'hex'), Buffer.alloc(200, 7)]),
    'odd.psd': Buffer.concat([Buffer.from('384250530007', 'hex'), Buffer.alloc(400)]),
  })]);
  assert.equal(added, 0);
  assert.deepEqual(rejected.map(({ code }) => code), ['picture-unsupported', 'picture-unsupported']);
  assert.ok(/JPEG XL/.test(rejected[0].reason) && /Photoshop/.test(rejected[1].reason), JSON.stringify(rejected));
});

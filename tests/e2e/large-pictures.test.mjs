// Images of hundreds of megapixels: they wait for each other, so that memory stays bounded.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { peakPageBytes } from '../../benches/web/support/memory.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { writeJpeg, writePng, writeTiff } from './support/large-pictures.mjs';
import { makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';

/** What the page and its workers may take in all, in bytes. Sixteen images of 50 megapixels alone would take more. */
const BYTES_MAX = 2.5e9;

test('a TIFF of 250 megapixels and sixteen PNGs of 50 are added in bounded memory', async (t) => {
  const folder = makeFolder(t, 'large');
  writeTiff(join(folder, 'tiff.tif'), 15_811, 15_811);
  for (let index = 0; index < 16; index += 1) writePng(join(folder, `${index}.png`), 8_000, 6_250, 16 * index);
  const { page } = await openPage(t, { attributes: { workers: '8', size: '64', backend: 'cpu' } });
  const idle = await peakPageBytes(page);
  const { added, rejected } = await addPaths(page, [folder]);
  assert.deepEqual({ added, rejected }, { added: 17, rejected: [] });
  const peak = await peakPageBytes(page);
  t.diagnostic(`${Math.round(idle / 1e6)} MB at first, at most ${Math.round(peak / 1e6)} MB`);
  assert.ok(peak < BYTES_MAX, `${peak} bytes`);
  assert.equal((await addPaths(page, sampleFiles().slice(0, 6))).added, 6, 'workers whose memory has grown are replaced');
  assert.equal((await cluster(page, { k: 2 })).items.length, 23);
});

test('a JPEG of more than 250 megapixels is decoded at reduced size', async (t) => {
  const folder = makeFolder(t, 'huge');
  writeJpeg(join(folder, 'huge.jpg'), 16_384, 16_384);
  const { page } = await openPage(t, { attributes: { workers: '1', size: '64' } });
  const { added, rejected } = await addPaths(page, [folder]);
  assert.deepEqual({ added, rejected }, { added: 1, rejected: [] });
});

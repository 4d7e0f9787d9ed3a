// Embedding images again after a change of the settings.

import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';

/** How many images have been embedded. */
const embedded = (page) => page.evaluate(() => document.querySelector('image-shoal').timings.pictures);

test('a source file that is gone is named, and the other images are embedded again', async (t) => {
  const files = sampleFiles().filter((_, index) => index % 8 === 0);
  const folder = fill(makeFolder(t, 'trip'), Object.fromEntries(files.map((file, index) => [`${index}.jpg`, file])));
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64' } });
  assert.equal((await addPaths(page, [folder])).added, files.length);
  const before = await cluster(page, { k: 2 });

  rmSync(join(folder, '3.jpg'));
  await setAttributes(page, { size: '96' });
  await assert.rejects(cluster(page, { k: 2 }), { code: 'originals-missing', message: /\b1 original\b.*\(trip\/3\.jpg\)/ });
  assert.equal(await embedded(page), 2 * files.length - 1, 'the others are done');
  assert.deepEqual(await page.evaluate(() => document.querySelector('image-shoal').result), before);

  copyFileSync(files[3], join(folder, '3.jpg'));
  const again = await addPaths(page, [folder]);
  assert.deepEqual([again.added, again.reused], [files.length, files.length]);
  assert.equal((await cluster(page, { k: 2 })).items.length, files.length);
  assert.equal(await embedded(page), 2 * files.length, 'only the missing one was left');
});

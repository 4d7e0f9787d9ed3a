// Groups that show while pictures are still read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { manyPictures } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';

test('first groups show long before all pictures are read, and give way to the groups of all', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '224', k: '6' } });
  await dropPaths(page, [manyPictures(t)]);
  const first = page.getByRole('region', { name: 'First groups' });
  await first.waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('image-shoal').result), null);
  assert.ok(await page.getByRole('progressbar').isVisible(), 'the rest is still read');
  const sizes = (await first.getByText(/^\d+ pictures?$/).allTextContents()).map((words) => Number.parseInt(words, 10));
  assert.equal(sizes.length, 6);
  const sorted = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(sorted >= 64 && sorted < 180, `${sorted}`);

  await settled(page, 180);
  await page.getByRole('heading', { name: '180 pictures in 6 groups' }).waitFor();
  assert.equal(await first.count(), 0);
});

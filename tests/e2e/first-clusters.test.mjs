// Clusters that are shown while images are still being added.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { manyPictures } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';

test('first clusters appear long before all images are added, and give way to the final ones', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '224', k: '6' } });
  await dropPaths(page, [manyPictures(t)]);
  const first = page.getByRole('region', { name: 'First groups' });
  await first.waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('image-shoal').result), null);
  assert.ok(await page.getByRole('progressbar').isVisible(), 'the rest is still in progress');
  const sizes = (await first.getByText(/^\d+ pictures?$/).allTextContents()).map((words) => Number.parseInt(words, 10));
  assert.equal(sizes.length, 6);
  const count = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(count >= 64 && count < 180, `${count}`);

  await settled(page, 180);
  await page.getByRole('heading', { name: '180 pictures in 6 groups' }).waitFor();
  assert.equal(await first.count(), 0);
});

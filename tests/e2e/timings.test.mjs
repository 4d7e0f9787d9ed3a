// Timings by step, as a member and in the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { call } from './support/shoal.mjs';

const timings = (page) => page.evaluate(() => document.querySelector('image-shoal').timings);
const STEPS = ['readMs', 'hashMs', 'decodeMs', 'resizeMs', 'thumbnailMs', 'embedMs'];

test('timings cover every embedded image, and clearing resets them', async (t) => {
  const { page } = await openPage(t, { attributes: { size: '64', workers: '1' } });
  const zeros = Object.fromEntries(['pictures', ...STEPS, 'wallMs'].map((name) => [name, 0]));
  assert.deepEqual(await timings(page), zeros);

  await addPaths(page, [sampleFolder()]);
  const first = await timings(page);
  t.diagnostic(JSON.stringify(first));
  assert.equal(first.pictures, 60);
  assert.ok([...STEPS, 'wallMs'].every((name) => first[name] > 0), 'every step takes some time');
  const sumMs = STEPS.reduce((sum, name) => sum + first[name], 0);
  assert.ok(sumMs <= first.wallMs, `one worker's ${sumMs} ms are at most the ${first.wallMs} ms of the clock`);

  await addPaths(page, [sampleFolder()]);
  assert.equal((await timings(page)).pictures, 60, 'existing images are not embedded again');

  const about = page.locator('details.about');
  await about.locator('summary').click();
  await about.getByText(/^60 in \d+\.\d s$/).waitFor();
  await about.getByText('Decoding').waitFor();

  await call(page, 'clear');
  assert.deepEqual(await timings(page), zeros);
  assert.equal(await about.getByText('Decoding').count(), 0);
});

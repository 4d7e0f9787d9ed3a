// The examples, built from the package: each clusters the images that it gets, and lists the clusters.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openEmptyPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { sampleFiles } from './support/pictures.mjs';
import { startSite } from './support/site.mjs';
import { watchForErrors } from './support/page-errors.mjs';

const BUILT = new URL('../../examples/dist/', import.meta.url).pathname;
const PICTURES = 12;

/** Opens a built example in a sub-folder of its server. */
async function openExample(t, name) {
  const site = await startSite({ folder: `${BUILT}${name}` });
  const page = await openEmptyPage(t);
  const errors = watchForErrors(page, site.url);
  t.after(async () => {
    await site.close();
    errors.check();
  });
  await page.goto(site.url);
  return page;
}

/** The cluster sizes that the example lists, once it lists any. */
async function listedSizes(page) {
  const items = page.locator('ul:not(image-shoal ul) > li');
  await items.first().waitFor({ timeout: 120_000 });
  return (await items.allTextContents()).map((words) => Number(words.match(/: (\d+)$/)[1]));
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

for (const name of ['react', 'vue', 'svelte', 'plain-html']) {
  test(`the element works in ${name}`, async (t) => {
    const page = await openExample(t, name);
    await page.evaluate(() => document.querySelector('image-shoal').ready);
    await dropPaths(page, sampleFiles().slice(0, PICTURES));
    assert.equal(sum(await listedSizes(page)), PICTURES);
    // The style sheet has loaded: without it the button would be as high as its text.
    const height = await page.locator('image-shoal').getByRole('button', { name: 'Choose files' }).evaluate((button) => (
      getComputedStyle(button).minHeight
    ));
    assert.equal(height, '36px');
  });
}

test('the engine works without an element', async (t) => {
  const page = await openExample(t, 'headless');
  await page.locator('input[type=file]').setInputFiles(sampleFiles().slice(0, PICTURES));
  assert.equal(sum(await listedSizes(page)), PICTURES);
});

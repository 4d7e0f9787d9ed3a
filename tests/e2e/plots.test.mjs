// The charts beside the groups: the map flat and in space, the curve over k, and the silhouettes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { call, cluster, result } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };

async function openGroups(t) {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  await cluster(page);
  return page;
}

/** What a chart shows, once it has been drawn. */
async function drawing(page, chart) {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  return page.locator(`${chart} canvas[role=img]`).evaluate((canvas) => canvas.toDataURL());
}

/** How many different colours a chart has, apart from shades of grey. */
const colours = (page, chart) => page.locator(`${chart} canvas[role=img]`).evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) {
      const colour = `${red},${green},${blue}`;
      found.set(colour, (found.get(colour) ?? 0) + 1);
    }
  }
  // What edges blend is there a few times only.
  return [...found.values()].filter((count) => count > 60).length;
});

test('the map is turned by keys and by dragging, and back again', async (t) => {
  const page = await openGroups(t);
  const map = '[part=plot]';
  const flat = await drawing(page, map);
  await page.getByRole('button', { name: '3D' }).click();
  const space = await drawing(page, map);
  assert.notEqual(space, flat);
  const { k } = await result(page);
  assert.ok(k >= 2);

  const area = page.locator('.space');
  await area.focus();
  await page.keyboard.press('ArrowRight');
  const turned = await drawing(page, map);
  assert.notEqual(turned, space);
  await page.keyboard.press('+');
  assert.notEqual(await drawing(page, map), turned);
  await page.keyboard.press('0');
  assert.equal(await drawing(page, map), space, 'as at the beginning');

  const { x, y, width, height } = await page.locator('.space canvas[role=img]').boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 60, y + height / 2 + 20, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await drawing(page, map), space);
  await area.dblclick();
  assert.equal(await drawing(page, map), space);

  await page.getByRole('button', { name: '2D' }).click();
  assert.equal(await drawing(page, map), flat);
});

test('every group has its colour in the silhouettes, and an edit changes them', async (t) => {
  const page = await openGroups(t);
  const chart = '[part=silhouettes]';
  const before = await drawing(page, chart);
  const { k, clusters } = await result(page);
  assert.equal(await colours(page, chart), k);
  await call(page, 'merge', [clusters[0].id, clusters[1].id]);
  assert.notEqual(await drawing(page, chart), before);
  assert.equal(await colours(page, chart), k - 1);
});

test('the curve is there while the count is the program\'s, and stays while proposals are tried', async (t) => {
  const page = await openGroups(t);
  const { proposals, k } = await result(page);
  await page.locator('[part=curve] .proposals button').first().waitFor();
  assert.equal(await page.locator('[part=curve] canvas').count(), 1);
  assert.equal(await page.locator('.proposals button').count(), proposals.length);
  await cluster(page, { k: k + 1 });
  assert.equal(await page.locator('[part=curve] canvas').count(), 1);
  await cluster(page, { k: k + 1, recipe: 'plain' });
  assert.equal(await page.locator('[part=curve] canvas').count(), 0, 'it was about another space');
});

// Charts next to the clusters: the 2D and 3D maps, the curve over k, and the silhouettes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openImported } from './support/imported.mjs';
import { call, cluster, result } from './support/shoal.mjs';

async function openClusters(t) {
  const { page } = await openImported(t);
  await cluster(page);
  return page;
}

/** A chart's pixels as a data URL, once it has been drawn. */
async function drawing(page, chart) {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  return page.locator(`${chart} canvas[role=img]`).evaluate((canvas) => canvas.toDataURL());
}

/** The number of different colours of a chart, apart from shades of grey. */
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
  // Colours blended at edges occur only a few times.
  return [...found.values()].filter((count) => count > 60).length;
});

test('the 3D map is rotated with keys and by dragging, and reset', async (t) => {
  const page = await openClusters(t);
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
  assert.equal(await drawing(page, map), space, 'the initial orientation');

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

test('every cluster has its colour in the silhouettes, and an edit changes them', async (t) => {
  const page = await openClusters(t);
  const chart = '[part=silhouettes]';
  const before = await drawing(page, chart);
  const { k, clusters } = await result(page);
  assert.equal(await colours(page, chart), k);
  await call(page, 'merge', [clusters[0].id, clusters[1].id]);
  assert.notEqual(await drawing(page, chart), before);
  assert.equal(await colours(page, chart), k - 1);
});

test('the curve appears with an automatic k, and stays while proposals are tried', async (t) => {
  const page = await openClusters(t);
  const { proposals, k } = await result(page);
  await page.locator('[part=curve] .proposals button').first().waitFor();
  assert.equal(await page.locator('[part=curve] canvas').count(), 1);
  assert.equal(await page.locator('.proposals button').count(), proposals.length);
  await cluster(page, { k: k + 1 });
  assert.equal(await page.locator('[part=curve] canvas').count(), 1);
  await cluster(page, { k: k + 1, recipe: 'plain' });
  assert.equal(await page.locator('[part=curve] canvas').count(), 0, 'it described other feature transforms');
});

// The film of the main workflow in the README: artifacts/recording.webp.

import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { Film } from './support/film.mjs';
import { isolated, flatMap } from './support/map.mjs';
import { manyPictures } from './support/pictures.mjs';
import { result, settled } from './support/shoal.mjs';

const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url));
const PICTURES = 180;

test('a folder is dropped, browsed, edited and exported', async (t) => {
  mkdirSync(ARTIFACTS, { recursive: true });
  const { page } = await openPage(t, {
    context: { colorScheme: 'light', viewport: { width: 1240, height: 800 } },
    attributes: { k: '6', workers: '1', size: '224' },
  });
  const film = await Film.of(page);
  await film.take(1000);

  // The folder is dragged in.
  const folder = manyPictures(t);
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const [index, x] of [200, 400, 600].entries()) {
    const type = index === 0 ? 'dragEnter' : 'dragOver';
    await client.send('Input.dispatchDragEvent', { type, x, y: 420 - 60 * index, data });
    await film.take(250);
  }
  await dropPaths(page, [folder]);
  await film.takeUntil(settled(page, PICTURES), 200);
  await film.take(1500);

  // Points of the map show their images.
  const clustered = await result(page);
  const map = await flatMap(page, clustered);
  for (const { x, y } of isolated(map.places).slice(0, 3)) await film.moveTo(x, y);

  // A cluster is opened, and images are moved.
  await film.click(page.getByRole('button', { name: 'Show all' }).first(), 700);
  const pictures = page.locator('section.opened').getByRole('listbox').getByRole('option');
  await film.click(pictures.nth(1).locator('.tick'), 400);
  await film.click(pictures.nth(2).locator('.tick'), 600);
  await film.click(page.getByRole('button', { name: 'Move to…' }), 600);
  await film.click(page.getByRole('menu').getByRole('menuitem').nth(1), 400);
  const moved = await settled(page, PICTURES);
  assert.notDeepEqual(moved.clusters.map(({ size }) => size), clustered.clusters.map(({ size }) => size));
  await film.take(1000);
  await page.evaluate(() => scrollTo(0, 0));

  const download = page.waitForEvent('download');
  await film.click(page.getByRole('button', { name: 'Download' }).first(), 2000);
  assert.match((await download).suggestedFilename(), /\.zip$/);

  const frames = await film.write(`${ARTIFACTS}recording.webp`);
  assert.ok(frames > 20, `${frames} frames`);
  assert.ok(statSync(`${ARTIFACTS}recording.webp`).size > 50_000);
});

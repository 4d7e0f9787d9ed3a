// Weights that the user chooses, torchvision's checkpoints among them, read and folded in a worker.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { makeFolder, sampleFiles } from './support/pictures.mjs';
import { hasShared } from './support/requirements.mjs';
import { cluster, settled } from './support/shoal.mjs';

const SHARED = resolve(process.env.SHOAL_SHARED ?? '../shared');
const TORCHVISION = join(SHARED, 'weights/torchvision_random.pth');
const SHIPPED = new URL('../../weights/mobilenet_v2_backbone.safetensors', import.meta.url).pathname;
const PICTURES = 8;

async function openWithClusters(t) {
  const { page } = await openPage(t, { attributes: { size: '64', workers: '2', k: '2' } });
  await addPaths(page, sampleFiles().slice(0, PICTURES));
  await cluster(page);
  await page.getByText('More settings').click();
  return page;
}

const choose = (page, path) => page.locator('input.open-weights').setInputFiles(path);
const notice = (page) => page.locator('image-shoal .notice');

test('chosen weights are used, until Shoal\'s own are chosen again', async (t) => {
  const page = await openWithClusters(t);
  const distances = (result) => result.items.map(({ distance }) => distance);
  const before = await settled(page, PICTURES);
  // The shipped weights with another bias of one channel: a different network that still works.
  const bytes = readFileSync(SHIPPED);
  bytes.writeUInt16LE(bytes.readUInt16LE(bytes.length - 2) ^ 0x0400, bytes.length - 2);
  const other = join(makeFolder(t, 'weights'), 'other.safetensors');
  writeFileSync(other, bytes);

  await choose(page, other);
  await notice(page).filter({ hasText: 'other.safetensors' }).waitFor();
  await page.waitForFunction((first) => (
    document.querySelector('image-shoal').result.items[0].distance !== first
  ), before.items[0].distance);
  assert.notDeepEqual(distances(await settled(page, PICTURES)), distances(before));

  await page.getByRole('button', { name: "Use Shoal's own weights" }).click();
  await page.waitForFunction((first) => (
    document.querySelector('image-shoal').result.items[0].distance === first
  ), before.items[0].distance);
  assert.deepEqual(distances(await settled(page, PICTURES)), distances(before));
});

test('a file that contains no weights is rejected and changes nothing', async (t) => {
  const page = await openWithClusters(t);
  const before = await settled(page, PICTURES);
  await choose(page, sampleFiles()[0]);
  await page.locator('image-shoal .notice.error[data-code="weights-format"]').waitFor();
  assert.deepEqual(await settled(page, PICTURES), before);
  assert.equal((await cluster(page, { k: 3 })).k, 3);
});

test("torchvision's checkpoint is read as PyTorch wrote it", async (t) => {
  if (!hasShared(t, existsSync(TORCHVISION), 'torchvision_random.pth')) return;
  const page = await openWithClusters(t);
  const before = await settled(page, PICTURES);
  await choose(page, TORCHVISION);
  await notice(page).filter({ hasText: 'torchvision_random.pth' }).waitFor();
  await page.waitForFunction((first) => (
    document.querySelector('image-shoal').result.items[0].distance !== first
  ), before.items[0].distance);
  assert.ok(await page.getByRole('button', { name: "Use Shoal's own weights" }).isVisible());
});

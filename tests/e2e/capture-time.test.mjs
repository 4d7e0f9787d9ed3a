// When and with what images were taken: read from the files, shown, sorted by, exported and remembered.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { withExif } from './support/exif.mjs';
import { exportTo } from './support/exports.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster, settled } from './support/shoal.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '1', size: '64' } };
const CAMERA = { maker: 'Canon', model: 'Canon EOS 80D' };

/** Three images: taken second, taken first, and without a time. */
function folderOf(t) {
  const [one, two, three] = sampleFiles().map((path) => readFileSync(path));
  return fill(makeFolder(t, 'trip'), {
    'a.jpg': withExif(one, { ...CAMERA, taken: '2024:05:03 14:22:05', offset: '+02:00' }),
    'b.jpg': withExif(two, { taken: '2019:12:31 23:59:59', place: 'N 48 51 30' }),
    'c.jpg': three,
  });
}

test('capture times are in the result, in tables and in the features file, places nowhere', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folderOf(t)]);
  const { items } = await cluster(page, { k: 2 });
  assert.deepEqual(items.map(({ capture }) => capture), [
    { taken: '2024-05-03T14:22:05+02:00', source: 'exif', camera: 'Canon EOS 80D' },
    { taken: '2019-12-31T23:59:59', source: 'exif' },
    undefined,
  ]);
  const session = JSON.parse(readFileSync(await exportTo(t, page, 'session.json', 'exportSession')));
  assert.equal(session.items[0].capture.camera, 'Canon EOS 80D');
  assert.ok(!JSON.stringify(session).includes('48 51'));
  const zip = await readZip(await exportTo(t, page, 'groups.zip', 'exportZip'));
  const table = zip.get('assignments.csv').toString();
  assert.match(table, /"2024-05-03T14:22:05\+02:00","exif","Canon EOS 80D"/);
  const taken = (await readZip(await exportTo(t, page, 'features.npz', 'exportFeatures'))).get('taken.npy');
  assert.match(taken.toString('latin1'), /'<M8\[ms\]'/);
  assert.equal(taken.readBigInt64LE(taken.length - 24), BigInt(Date.UTC(2024, 4, 3, 14, 22, 5)));
});

test('the page shows capture times, and sorts by them', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folderOf(t)]);
  await cluster(page, { k: 2 });
  const { clusters } = await call(page, 'merge', [0, 1]);
  await settled(page, 3);
  assert.equal(clusters.length, 1);
  await page.getByRole('button', { name: 'Show all' }).first().click();
  await page.getByRole('combobox', { name: 'Order of the pictures' }).selectOption('taken');
  const opened = page.locator('.opened').getByRole('listbox').getByRole('option');
  await opened.nth(1).dblclick();
  await page.getByRole('dialog').getByText('2024-05-03 14:22:05').waitFor();
  await page.getByRole('dialog').getByText('Canon EOS 80D').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('dialog').getByText('2019-12-31 23:59:59').waitFor();
});

test('capture times are remembered in the browser', async (t) => {
  const { page } = await openPage(t, { ...QUICK, remember: true });
  await addPaths(page, [folderOf(t)]);
  await cluster(page, { k: 2 });
  const before = (await settled(page, 3)).items.map(({ capture }) => capture);
  await page.waitForTimeout(2500);
  await page.reload();
  const after = (await settled(page, 3)).items.map(({ capture }) => capture);
  assert.deepEqual(after, before);
  assert.equal(after[0].camera, 'Canon EOS 80D');
});

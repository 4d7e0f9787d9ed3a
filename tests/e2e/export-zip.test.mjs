// Zip export: its entries, sidecars, left-out files, and other programs that read it.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { readCsv } from './support/csv.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { runIfInstalled } from './support/zip-readers.mjs';
import { call, cluster, settled } from './support/shoal.mjs';
import { exportTo, exportedFiles } from './support/exports.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const [ONE, TWO, THREE, FOUR] = sampleFiles();

const bytesOf = (path) => readFileSync(path);
const namesOf = (files) => [...files.keys()].sort();
const text = (files, name) => files.get(name).toString();

/** Moves every image into one cluster, so that entries do not depend on the clustering. */
async function mergeAll(page, name = 'All') {
  const { items } = await cluster(page, { k: 2 });
  await call(page, 'newCluster', name, items.map(({ path }) => path));
}

const recordNotices = (page) => page.evaluate(() => {
  globalThis.notices = [];
  document.querySelector('image-shoal').addEventListener('notice', ({ detail }) => globalThis.notices.push(detail.code));
});

test('changed and missing files are left out and listed, and the rest is exported', async (t) => {
  const folder = fill(makeFolder(t, 'trip'), { 'a.jpg': ONE, 'b.jpg': TWO, 'c.jpg': THREE, 'd.jpg': FOUR });
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folder]);
  await mergeAll(page);
  await recordNotices(page);
  assert.equal((await exportedFiles(t, page, 'exportZip')).has('left-out.csv'), false);
  assert.deepEqual(await page.evaluate(() => globalThis.notices), []);

  appendFileSync(join(folder, 'b.jpg'), 'changed');
  rmSync(join(folder, 'd.jpg'));
  const files = await exportedFiles(t, page, 'exportZip');
  assert.deepEqual(namesOf(files), ['All/a.jpg', 'All/c.jpg', 'assignments.csv', 'assignments.json', 'left-out.csv']);
  assert.deepEqual(files.get('All/a.jpg'), bytesOf(ONE));
  const leftOut = readCsv(text(files, 'left-out.csv'));
  assert.deepEqual(leftOut.map(({ path, code }) => [path, code]), [
    ['trip/b.jpg', 'file-changed'], ['trip/d.jpg', 'file-changed'],
  ]);
  assert.deepEqual(await page.evaluate(() => globalThis.notices), ['files-left-out']);
  await page.getByRole('status').getByText('2 files could not be exported').waitFor();
});

test('sidecars are exported with their image, under its name', async (t) => {
  const raw = Buffer.from('a raw file');
  const big = Buffer.alloc(70_000_000, 'shoal ');
  const trip = fill(makeFolder(t, 'trip'), {
    'one/IMG_1.jpg': ONE, 'one/IMG_1.CR3': raw, 'one/IMG_1.xmp': Buffer.from('<x/>'), 'one/IMG_1.jpg.xmp': Buffer.from('<y/>'),
    'two/IMG_1.jpg': TWO, 'two/IMG_1.mov': big, 'two/IMG_2.jpg': THREE, 'two/IMG_1.xmp': Buffer.from('<z/>'),
    'two/alone.nef': raw, 'two/alone.txt': Buffer.from('a note'),
  });
  const { page } = await openPage(t, QUICK);
  const { added, sidecars, rejected } = await addPaths(page, [trip]);
  assert.deepEqual({ added, sidecars }, { added: 3, sidecars: 5 });
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [
    ['trip/two/alone.nef', 'no-raw-preview'], ['trip/two/alone.txt', 'not-a-picture'],
  ]);
  await mergeAll(page);
  const files = await exportedFiles(t, page, 'exportZip');
  assert.deepEqual(namesOf(files), [
    'All/IMG_1 (2).jpg', 'All/IMG_1 (2).mov', 'All/IMG_1 (2).xmp', 'All/IMG_1.CR3', 'All/IMG_1.jpg', 'All/IMG_1.jpg.xmp',
    'All/IMG_1.xmp', 'All/IMG_2.jpg', 'assignments.csv', 'assignments.json',
  ]);
  assert.equal(text(files, 'All/IMG_1.xmp'), '<x/>');
  assert.equal(text(files, 'All/IMG_1.jpg.xmp'), '<y/>');
  assert.equal(text(files, 'All/IMG_1 (2).xmp'), '<z/>');
  assert.ok(files.get('All/IMG_1 (2).mov').equals(big), 'its checksum is combined from parts');
  assert.ok(files.get('All/IMG_1 (2).jpg').equals(bytesOf(TWO)));

  // A sidecar that is added later is matched, too.
  const later = fill(makeFolder(t, 'trip'), { 'two/IMG_2.aae': Buffer.from('<a/>') });
  assert.deepEqual({ ...await addPaths(page, [later]) }, {
    added: 0, reused: 0, matched: 0, sidecars: 1, rejected: [], paged: [], cancelled: false,
  });
  assert.ok((await exportedFiles(t, page, 'exportZip')).has('All/IMG_2.aae'));
  await page.locator('details.about summary').click();
  await page.getByText('Sidecar files').locator('..').getByText('6').waitFor();
});

test('unreadable files are exported on request, with their reasons', async (t) => {
  const folder = fill(makeFolder(t, 'mixed'), {
    'a.jpg': ONE, 'sub/b.jpg': TWO, 'sub/c.jpg': THREE, 'empty.jpg': Buffer.alloc(0),
    'notes.txt': Buffer.from('no picture at all'), 'sub/notes.txt': Buffer.from('another'),
  });
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folder]);
  await mergeAll(page);
  assert.deepEqual(namesOf(await exportedFiles(t, page, 'exportZip')), [
    'All/a.jpg', 'All/b.jpg', 'All/c.jpg', 'assignments.csv', 'assignments.json',
  ]);
  const files = await exportedFiles(t, page, 'exportZip', { includeUnreadable: true });
  assert.deepEqual(namesOf(files), [
    'All/a.jpg', 'All/b.jpg', 'All/c.jpg', 'assignments.csv', 'assignments.json', 'unread/empty.jpg',
    'unread/notes (2).txt', 'unread/notes.txt', 'unread/reasons.csv',
  ]);
  const reasons = readCsv(text(files, 'unread/reasons.csv'));
  assert.deepEqual(reasons.map(({ path, file, code }) => [path, file, code]), [
    ['mixed/empty.jpg', 'unread/empty.jpg', 'empty-file'],
    ['mixed/notes.txt', 'unread/notes.txt', 'not-a-picture'],
    ['mixed/sub/notes.txt', 'unread/notes (2).txt', 'not-a-picture'],
  ]);
  assert.ok(reasons.every(({ reason }) => reason.length > 10));
  const withFolders = await exportedFiles(t, page, 'exportZip', { includeUnreadable: true, keepFolders: true });
  assert.deepEqual(namesOf(withFolders), [
    'All/mixed/a.jpg', 'All/mixed/sub/b.jpg', 'All/mixed/sub/c.jpg', 'assignments.csv', 'assignments.json',
    'unread/mixed/empty.jpg', 'unread/mixed/notes.txt', 'unread/mixed/sub/notes.txt', 'unread/reasons.csv',
  ]);
});

test('the page offers unreadable files only if there are some', async (t) => {
  const { page } = await openPage(t, { attributes: { k: '2', size: '64' } });
  await dropPaths(page, [fill(makeFolder(t, 'good'), { 'a.jpg': ONE, 'b.jpg': TWO, 'c.jpg': THREE })]);
  await settled(page, 3);
  await page.getByText('More ways to save').click();
  assert.equal(await page.getByLabel('Include unreadable files').count(), 0);
  await dropPaths(page, [fill(makeFolder(t, 'bad'), { 'notes.txt': Buffer.from('no picture at all') })]);
  await page.getByLabel('Include unreadable files').check();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download zip' }).click();
  const path = join(makeFolder(t, 'home'), 'shoal.zip');
  await (await download).saveAs(path);
  assert.ok((await readZip(path)).has('unread/notes.txt'));
});

test('other programs read the zip, which keeps the times of change', async (t) => {
  const folder = fill(makeFolder(t, 'Żółw 🐢'), { 'ä 名前.jpg': ONE, 'b.jpg': TWO, 'c.jpg': THREE });
  utimesSync(join(folder, 'b.jpg'), 1_709_213_864, 1_709_213_864);
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folder]);
  await mergeAll(page, '🐢');
  const zip = await exportTo(t, page, 'shoal.zip', 'exportZip', { keepFolders: true });
  runIfInstalled(t, 'unzip', ['-tqq', zip]);
  runIfInstalled(t, '7zz', ['t', zip]);
  const script = `import sys, zipfile, struct
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist():
    if i.filename.endswith('b.jpg'):
        print(i.filename, *i.date_time, struct.unpack('<HHBi', i.extra[:9]))`;
  const listed = runIfInstalled(t, 'python3', ['-X', 'utf8', '-c', script, zip]);
  if (listed) assert.equal(listed.trim(), '🐢/Żółw 🐢/b.jpg 2024 2 29 13 37 44 (21589, 5, 1, 1709213864)');
});

test('an export can be cancelled and repeated', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'trip'), {
    'a.jpg': ONE, 'b.jpg': TWO, 'c.jpg': THREE, 'a.mov': Buffer.alloc(200_000_000, 1),
  })]);
  await cluster(page, { k: 2 });
  const [stopped, again] = await page.evaluate(async () => {
    const shoal = document.querySelector('image-shoal');
    const stop = ({ detail }) => detail.stage === 'exporting' && shoal.cancel();
    shoal.addEventListener('progress', stop);
    const { code } = await shoal.exportZip().catch((error) => error);
    shoal.removeEventListener('progress', stop);
    return [code, (await shoal.exportZip()).size > 200_000_000];
  });
  assert.deepEqual([stopped, again], ['cancelled', true]);
});

// Export into a folder, here of the browser's own file system (OPFS), and the scripts that move the source files.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles, sampleFolder } from './support/pictures.mjs';
import { limitStorage } from './support/quota.mjs';
import { call, cluster, settled } from './support/shoal.mjs';
import { exportFolder, exportedFiles, opfsFiles } from './support/exports.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const [ONE, TWO, THREE] = sampleFiles();
/** The storage quota of the test with a full disk. */
const QUOTA_BYTES = 2_000_000;

async function openThree(t, contents = {}) {
  const folder = fill(makeFolder(t, 'trip'), { 'a.jpg': ONE, 'b.jpg': TWO, 'c.jpg': THREE, ...contents });
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folder]);
  const { items } = await cluster(page, { k: 2 });
  await call(page, 'newCluster', 'All', items.map(({ path }) => path));
  return { page, folder };
}

test('every image is copied once, and a second export copies nothing', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  await cluster(page, { k: 6 });
  assert.deepEqual(await exportFolder(page, 'home'), { written: 60, present: 0, skipped: [] });
  const files = await opfsFiles(page, 'home');
  const zipped = await exportedFiles(t, page, 'exportZip');
  assert.deepEqual(Object.keys(files).sort(), [...zipped.keys()].sort());
  for (const [path, { size }] of Object.entries(files)) assert.equal(size, zipped.get(path).length, path);
  assert.deepEqual(await exportFolder(page, 'home'), { written: 0, present: 60, skipped: [] });
  assert.deepEqual(await opfsFiles(page, 'home'), files, 'nothing was added');
});

test('nothing is overwritten: a file whose name is taken gets a number', async (t) => {
  const { page } = await openThree(t);
  await page.evaluate(async (size) => {
    const root = await navigator.storage.getDirectory();
    const home = await root.getDirectoryHandle('home', { create: true });
    const write = async (folder, name, body) => {
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await stream.write(body);
      await stream.close();
    };
    const all = await home.getDirectoryHandle('All', { create: true });
    await write(all, 'a.jpg', 'mine');
    await write(all, 'b.jpg', new Uint8Array(size));
    await (await all.getDirectoryHandle('c.jpg', { create: true }));
    await write(home, 'assignments.csv', 'my table');
  }, statSync(TWO).size);
  assert.deepEqual(await exportFolder(page, 'home'), { written: 3, present: 0, skipped: [] });
  const files = await opfsFiles(page, 'home');
  assert.deepEqual(Object.keys(files).sort(), [
    'All/a (2).jpg', 'All/a.jpg', 'All/b (2).jpg', 'All/b.jpg', 'All/c (2).jpg', 'assignments (2).csv', 'assignments.csv',
    'assignments.json',
  ]);
  assert.equal(files['All/a.jpg'].text, 'mine');
  assert.equal(files['assignments.csv'].text, 'my table');
  assert.equal(files['All/a (2).jpg'].size, statSync(ONE).size);
  assert.deepEqual(await exportFolder(page, 'home'), { written: 0, present: 3, skipped: [] });
});

test('sidecars, source folders and unreadable files are exported', async (t) => {
  const { page } = await openThree(t, { 'a.xmp': Buffer.from('<x/>'), 'notes.txt': Buffer.from('no picture') });
  const report = await exportFolder(page, 'home', { includeUnreadable: true, keepFolders: true });
  assert.deepEqual(report, { written: 5, present: 0, skipped: [] });
  const files = await opfsFiles(page, 'home');
  assert.equal(files['All/trip/a.xmp'].text, '<x/>');
  assert.equal(files['unread/trip/notes.txt'].text, 'no picture');
  assert.match(files['unread/reasons.csv'].text, /trip\/notes.txt/);
});

test('files that are missing, too large for the disk, or not writable are skipped', async (t) => {
  // Decoders ignore the bytes after an image's end.
  const large = Buffer.concat([readFileSync(ONE), Buffer.alloc(QUOTA_BYTES)]);
  const { page, folder } = await openThree(t, { 'a.jpg': large, 'd.jpg': sampleFiles()[3] });
  rmSync(join(folder, 'b.jpg'));
  await limitStorage(page, QUOTA_BYTES);
  const report = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const home = await root.getDirectoryHandle('home', { create: true });
    // OPFS never denies access, so the test throws the error that the browser would.
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = async function refusing(...values) {
      if (this.name === 'c.jpg') throw new DOMException('closed', 'NotAllowedError');
      return createWritable.apply(this, values);
    };
    return document.querySelector('image-shoal').exportFolder(home);
  });
  assert.deepEqual(report.skipped.map(({ path, code }) => [path, code]), [
    ['trip/a.jpg', 'storage-full'], ['trip/b.jpg', 'file-changed'], ['trip/c.jpg', 'permission-denied'],
  ]);
  assert.equal(report.written, 1);
  assert.deepEqual(Object.keys(await opfsFiles(page, 'home')).sort(), ['All/d.jpg', 'assignments.csv', 'assignments.json']);
  await limitStorage(page, 100 * QUOTA_BYTES);
  assert.equal((await exportFolder(page, 'home')).present, 1, 'with more space it continues');
  assert.ok('All/a.jpg' in await opfsFiles(page, 'home'));
});

test('a cancelled export continues where it stopped', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  await cluster(page, { k: 6 });
  await page.evaluate(() => {
    const shoal = document.querySelector('image-shoal');
    shoal.addEventListener('progress', function stop({ detail }) {
      if (detail.stage !== 'copying' || detail.done !== 20) return;
      shoal.removeEventListener('progress', stop);
      shoal.cancel();
    });
  });
  assert.deepEqual(await exportFolder(page, 'home'), { code: 'cancelled' });
  const copied = Object.keys(await opfsFiles(page, 'home')).length;
  assert.equal(copied, 20);
  assert.deepEqual(await exportFolder(page, 'home'), { written: 40, present: 20, skipped: [] });
});

test('only a directory handle is accepted', async (t) => {
  const { page } = await openThree(t);
  await assert.rejects(call(page, 'exportFolder', { kind: 'directory' }), { code: 'bad-option' });
  await assert.rejects(call(page, 'exportFolder'), { code: 'bad-option' });
});

test('the page exports into a chosen folder and reports the outcome', async (t) => {
  const { page } = await openPage(t, {
    attributes: { k: '2', size: '64' },
    prepare: () => {
      // A test cannot use the system's folder chooser, so it returns a folder of OPFS instead.
      globalThis.showDirectoryPicker = async () => (
        (await navigator.storage.getDirectory()).getDirectoryHandle('home', { create: true })
      );
    },
  });
  const folder = fill(makeFolder(t, 'trip'), { 'a.jpg': ONE, 'b.jpg': TWO, 'c.jpg': THREE });
  await dropPaths(page, [folder]);
  await settled(page, 3);
  await page.getByText('More ways to save').click();
  await page.getByRole('button', { name: 'Save into a folder' }).click();
  await page.getByRole('status').getByText('3 files copied').waitFor();
  rmSync(join(folder, 'a.jpg'));
  await page.getByRole('button', { name: 'Save into a folder' }).click();
  await page.getByRole('status').getByText('0 files copied, 2 there already').waitFor();
  await page.getByText('1 file could not be copied').waitFor();
});

test('the scripts move source files and sidecars into the folders of the zip', async (t) => {
  const { page, folder } = await openThree(t, { 'a.xmp': Buffer.from('<x/>') });
  const scripts = await exportedFiles(t, page, 'exportScripts');
  assert.deepEqual([...scripts.keys()], ['move.sh', 'move.ps1']);
  assert.match(scripts.get('move.ps1').toString(), /Move-Picture '\.\/trip\/a\.xmp' '\.\/All' 'a\.xmp'\r\n/);
  const home = dirname(folder);
  writeFileSync(join(home, 'move.sh'), scripts.get('move.sh'));
  assert.match(execFileSync('sh', ['move.sh'], { cwd: home, encoding: 'utf8' }), /4 moved, 0 skipped/);
  assert.deepEqual(readdirSync(join(home, 'All')).sort(), ['a.jpg', 'a.xmp', 'b.jpg', 'c.jpg']);
  assert.ok(readFileSync(join(home, 'All/a.jpg')).equals(readFileSync(ONE)));
  assert.ok(!existsSync(join(folder, 'a.jpg')));
});

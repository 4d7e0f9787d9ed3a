// Folders as people have them: what is listed of them, and what is passed over.

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import sharp from 'sharp';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '128' } };

test('folders of the user are read, and those of systems and tools are not', async (t) => {
  const [one, two, three, four, five] = sampleFiles();
  const folder = fill(makeFolder(t, 'nas'), {
    '...And more/1.jpg': one,
    '.Hack Sign/2.jpg': two,
    'ok/3.jpg': three,
    'a.jpg': four,
    '.hidden.jpg': five,
    '@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg': one,
    '.thumbnails/1.jpg': one,
    '#recycle/1.jpg': one,
    '._a.jpg': Buffer.from('the other half'),
    '.trashed-1700000000-b.jpg': one,
    '.IMG_7.HEIC.icloud': Buffer.from('bplist00'),
  });
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [folder]);
  assert.equal(added, 5);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['nas/.IMG_7.HEIC.icloud', 'not-downloaded']]);
  const paths = (await cluster(page, { k: 2 })).items.map(({ path }) => path);
  assert.deepEqual(paths, ['nas/...And more/1.jpg', 'nas/.Hack Sign/2.jpg', 'nas/.hidden.jpg', 'nas/a.jpg', 'nas/ok/3.jpg']);
});

test('a folder that contains itself by a link is read once', async (t) => {
  const [one, two] = sampleFiles();
  const folder = fill(makeFolder(t, 'loop'), { 'a.jpg': one, 'sub/b.jpg': two });
  symlinkSync(folder, join(folder, 'sub', 'back'));
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [folder]);
  assert.equal(added, 2);
  // Some browsers do not follow links.
  assert.ok(rejected.every(({ code }) => code === 'folder-loop') && rejected.length <= 1, JSON.stringify(rejected));
});

test('handles of a folder that contains itself are read once', async (t) => {
  const { page } = await openPage(t, QUICK);
  const bytes = (await sharp(sampleFiles()[0]).jpeg().toBuffer()).toString('base64');
  const { added, rejected } = await page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const photo = { kind: 'file', name: 'a.jpg', getFile: async () => new File([data], 'a.jpg', { lastModified: 1 }) };
    // A browser that follows links gives the same folder again and again, as different handles.
    const folder = (name) => ({
      kind: 'directory', name, async* values() { yield photo; yield folder('back'); },
    });
    return document.querySelector('image-shoal').add([folder('loop')]);
  }, bytes);
  assert.equal(added, 1);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['loop/back', 'folder-loop']]);
});

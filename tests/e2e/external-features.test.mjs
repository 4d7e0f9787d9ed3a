// Features of another program: a collection without images, until those are added.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { featuresFile, importFeatures } from './support/imported.mjs';
import { fill, makeFolder, sampleFiles, sampleFolder } from './support/pictures.mjs';
import { call, cluster, clustersByPath, result, settled } from './support/shoal.mjs';
import { waitForStored } from './support/stored.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const FILES = sampleFiles();
/** Every kind has a direction of its own. Values are positive and negative. */
const KINDS = [...new Set(FILES.map((file) => file.split('/').at(-2)))];
const ROWS = FILES.map((file, row) => {
  const kind = KINDS.indexOf(file.split('/').at(-2));
  return Array.from({ length: 24 }, (_, column) => (
    (column % KINDS.length === kind ? 3 : -1) + Math.sin(row * 7 + column * 13) * 0.2
  ));
});
const PATHS = FILES.map((file) => `photos/${basename(file)}`);

const externalFile = () => featuresFile(PATHS, ROWS);

/** Calls an export: its bytes in base64. */
const saved = (page, member) => page.evaluate(async (member) => {
  const bytes = new Uint8Array(await (await document.querySelector('image-shoal')[member]()).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}, member);

async function savedMembers(t, page, member) {
  const file = join(makeFolder(t, 'saved'), 'saved.zip');
  writeFileSync(file, Buffer.from(await saved(page, member), 'base64'));
  return readZip(file);
}

/** Checks that the clusters are exactly the kinds. */
function checkKinds({ items, k }) {
  const kinds = FILES.map((file) => file.split('/').at(-2));
  const place = new Map(PATHS.map((path, row) => [path, kinds[row]]));
  assert.equal(k, KINDS.length);
  assert.equal(new Set(items.map(({ path, cluster }) => `${place.get(path)} ${cluster}`)).size, KINDS.length);
}

test('features of any program are clustered, evaluated and saved without images', async (t) => {
  const { page } = await openPage(t, QUICK);
  const imported = await importFeatures(page, externalFile());
  assert.deepEqual(imported, { rows: 60, dims: 24, reused: 0, missing: PATHS, changed: [] });
  const found = await cluster(page, { k: KINDS.length });
  checkKinds(found);
  assert.ok(found.silhouette > 0.8, 'negative values are supported');
  const kinds = (await call(page, 'duplicates', {})).map(({ kind }) => kind);
  assert.deepEqual(new Set(kinds), new Set(['near']), 'without bytes no images are exact duplicates');
  const moved = await call(page, 'move', [PATHS.toSorted()[0]], 1);
  assert.equal(moved.items.length, 60);
  await assert.rejects(call(page, 'exportZip'), { code: 'originals-missing' });

  const members = await savedMembers(t, page, 'exportFeatures');
  assert.deepEqual([...members.keys()].sort(), ['features.npy', 'labels.npy', 'names.npy']);
  const values = members.get('features.npy').subarray(-4 * 24 * 60);
  const rows = PATHS.map((path, row) => [path, ROWS[row]]).sort(([one], [other]) => (one < other ? -1 : 1));
  assert.deepEqual(values, Buffer.from(Float32Array.from(rows.flatMap(([, row]) => row)).buffer));
  const session = JSON.parse(Buffer.from(await saved(page, 'exportSession'), 'base64').toString());
  assert.ok(session.items.every((item) => !('sha256' in item) && !('byteSize' in item)));
});

test('external features are not mixed with those that Shoal computes', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [FILES[0], FILES[1]]);
  await assert.rejects(importFeatures(page, externalFile()), {
    code: 'features-incompatible', message: /"Clear all" first/,
  });
  await call(page, 'clear');
  await importFeatures(page, externalFile());
  const other = join(makeFolder(t, 'other'), 'unknown.jpg');
  copyFileSync(FILES[0], other);
  const { added, rejected } = await addPaths(page, [other, FILES[2]]);
  assert.equal(added, 1);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['unknown.jpg', 'features-incompatible']]);
  await assert.rejects(importFeatures(page, externalFile()), { code: 'features-incompatible' });
  await call(page, 'clear');
  assert.equal((await addPaths(page, [other])).added, 1, 'after clearing, any image can be added');
});

test('added images are matched to the rows, and can be exported', async (t) => {
  const { page } = await openPage(t, QUICK);
  await importFeatures(page, externalFile());
  const before = await cluster(page, { k: KINDS.length });
  await page.locator('.originals', { hasText: '60 originals are not available' }).waitFor();
  const added = await addPaths(page, [sampleFolder()]);
  assert.deepEqual([added.added, added.reused, added.rejected], [60, 60, []]);
  assert.deepEqual(clustersByPath(await result(page)), clustersByPath(before));
  await page.locator('.originals').waitFor({ state: 'detached' });
  const name = basename(FILES[5]);
  const sidecar = name.replace(/\.\w+$/, '.xmp');
  const folder = fill(makeFolder(t, 'sidecars'), { [`photos/${sidecar}`]: Buffer.from('a sidecar') });
  const { sidecars, rejected } = await addPaths(page, [join(folder, 'photos')]);
  assert.deepEqual([sidecars, rejected], [1, []]);
  const members = await savedMembers(t, page, 'exportZip');
  assert.equal(members.size, 63);
  const entry = [...members.keys()].find((entry) => entry.endsWith(`/${name}`));
  assert.deepEqual(members.get(entry), readFileSync(FILES[5]));
  assert.equal(members.get(entry.replace(name, sidecar)).toString(), 'a sidecar');

  // A name that two files share identifies neither.
  await call(page, 'clear');
  await importFeatures(page, externalFile());
  const twice = makeFolder(t, 'twice');
  for (const part of ['a', 'b']) {
    mkdirSync(join(twice, part));
    copyFileSync(FILES[0], join(twice, part, basename(FILES[0])));
  }
  assert.deepEqual((await addPaths(page, [twice])).rejected.map(({ code }) => code), Array(2).fill('features-incompatible'));
});

test('features of other settings are external, too', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  const before = await cluster(page, { k: 6 });
  const bytes = Buffer.from(await saved(page, 'exportFeatures'), 'base64');
  await call(page, 'clear');
  await setAttributes(page, { size: '96' });
  const imported = await importFeatures(page, bytes);
  assert.deepEqual([imported.rows, imported.reused, imported.missing.length], [60, 0, 60]);
  assert.deepEqual(clustersByPath(await cluster(page, { k: 6 })), clustersByPath(before), 'nothing is embedded again');
  const again = await savedMembers(t, page, 'exportFeatures');
  assert.equal(JSON.parse(again.get('shoal.json')).sizePx, 64);
});

test('a dropped features file is restored after a reload', async (t) => {
  const { page } = await openPage(t, { ...QUICK, remember: true });
  const file = join(makeFolder(t, 'features'), 'clip.npz');
  writeFileSync(file, externalFile());
  await setAttributes(page, { k: String(KINDS.length) });
  await dropPaths(page, [file]);
  checkKinds(await settled(page, 60));
  const shown = page.locator('.card .thumbnails img');
  assert.ok(await shown.count() > 0, 'placeholders stand for the images');
  assert.ok(await shown.first().evaluate(async (image) => { await image.decode(); return image.naturalWidth; }) > 0);
  await waitForStored(page, ({ head, features }) => head?.clustering && features === 60);
  const before = await result(page);
  await page.reload();
  assert.deepEqual(await settled(page, 60), before);
  const { rejected } = await addPaths(page, [sampleFolder()]);
  assert.deepEqual(rejected, [], 'the collection still accepts its images');
  await waitForStored(page, ({ bytes, features }) => features === 60 && bytes > 60 * (24 * 4 + 1000));
});

test('a cancelled import changes nothing', async (t) => {
  const { page } = await openPage(t, QUICK);
  const paths = Array.from({ length: 60_000 }, (_, row) => `photos/${row}.jpg`);
  const file = featuresFile(paths, paths.map((_, row) => [row % 7, row % 11, 1]));
  const outcomes = await page.evaluate(async (base64) => {
    const shoal = document.querySelector('image-shoal');
    const blob = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    const codes = [];
    for (const delayMs of [5, 20, 40, 80]) {
      const imported = shoal.importFeatures(blob).then(() => 'imported', ({ code }) => code);
      await new Promise((resolve) => {
        addEventListener('progress', function listen({ detail }) {
          if (detail.stage !== 'importing' || detail.done < detail.total) return;
          removeEventListener('progress', listen);
          resolve();
        });
      });
      // All rows have been read, and are taken over.
      await new Promise((resolve) => { setTimeout(resolve, delayMs); });
      shoal.cancel();
      codes.push(await imported);
      if (codes.at(-1) === 'imported') shoal.clear();
    }
    return codes;
  }, file.toString('base64'));
  t.diagnostic(outcomes.join(', '));
  assert.ok(outcomes.includes('cancelled'), 'some import was cancelled while rows were taken over');
  await assert.rejects(cluster(page, { k: 2 }), { code: 'no-pictures' });
  assert.equal((await addPaths(page, FILES.slice(0, 3))).added, 3, 'images are embedded as usual');
});

// Features of another program: a collection of their own, without pictures until these are dropped.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { npz, table, texts } from './support/npz.mjs';
import { fill, makeFolder, sampleFiles, sampleFolder } from './support/pictures.mjs';
import { call, cluster, clustersByPath, result, settled } from './support/shoal.mjs';
import { waitForStored } from './support/stored.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const FILES = sampleFiles();
/** The kinds of the samples lie in directions of their own, on both sides of zero. */
const KINDS = [...new Set(FILES.map((file) => file.split('/').at(-2)))];
const ROWS = FILES.map((file, row) => {
  const own = KINDS.indexOf(file.split('/').at(-2));
  return Array.from({ length: 24 }, (_, column) => (
    (column % KINDS.length === own ? 3 : -1) + Math.sin(row * 7 + column * 13) * 0.2
  ));
});
const PATHS = FILES.map((file) => `photos/${basename(file)}`);

const foreignFile = () => npz({ 'paths.npy': texts(PATHS), 'embeddings.npy': table(ROWS) });

/** Calls a member with a file of these bytes. */
async function open(page, bytes) {
  const { rejected, value } = await page.evaluate(async (base64) => {
    const blob = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    try {
      return { value: await document.querySelector('image-shoal').importFeatures(blob) };
    } catch ({ code, message }) {
      return { rejected: { code, message } };
    }
  }, bytes.toString('base64'));
  if (rejected) throw Object.assign(new Error(rejected.message), rejected);
  return value;
}

const saved = (page, member) => page.evaluate(async (member) => {
  const bytes = new Uint8Array(await (await document.querySelector('image-shoal')[member]()).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}, member);

async function savedMembers(t, page, member) {
  const file = join(makeFolder(t, 'saved'), 'saved.zip');
  writeFileSync(file, Buffer.from(await saved(page, member), 'base64'));
  return readZip(file);
}

/** Whether pictures of one kind are together, and none of another with them. */
function checkKinds({ items, k }) {
  const kinds = FILES.map((file) => file.split('/').at(-2));
  const place = new Map(PATHS.map((path, row) => [path, kinds[row]]));
  assert.equal(k, KINDS.length);
  assert.equal(new Set(items.map(({ path, cluster }) => `${place.get(path)} ${cluster}`)).size, KINDS.length);
}

test('features of any program are grouped, judged and saved without pictures', async (t) => {
  const { page } = await openPage(t, QUICK);
  const told = await open(page, foreignFile());
  assert.deepEqual(told, { rows: 60, dims: 24, reused: 0, missing: PATHS, changed: [] });
  const found = await cluster(page, { k: KINDS.length });
  checkKinds(found);
  assert.ok(found.silhouette > 0.8, 'negative values are no reason to fail');
  const kinds = (await call(page, 'duplicates', {})).map(({ kind }) => kind);
  assert.deepEqual(new Set(kinds), new Set(['near']), 'of bytes that nobody has seen none are the same');
  const moved = await call(page, 'move', [PATHS.toSorted()[0]], 1);
  assert.equal(moved.items.length, 60);
  await assert.rejects(saved(page, 'exportZip'), /not at hand/);

  const members = await savedMembers(t, page, 'exportFeatures');
  assert.deepEqual([...members.keys()].sort(), ['features.npy', 'labels.npy', 'names.npy']);
  const values = members.get('features.npy').subarray(-4 * 24 * 60);
  const rows = PATHS.map((path, row) => [path, ROWS[row]]).sort(([one], [other]) => (one < other ? -1 : 1));
  assert.deepEqual(values, Buffer.from(Float32Array.from(rows.flatMap(([, row]) => row)).buffer));
  const session = JSON.parse(Buffer.from(await saved(page, 'exportSession'), 'base64').toString());
  assert.ok(session.items.every((item) => !('sha256' in item) && !('byteSize' in item)));
});

test('they are not mixed with what is embedded here', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [FILES[0], FILES[1]]);
  await assert.rejects(open(page, foreignFile()), { code: 'features-incompatible', message: /Start over first/ });
  await call(page, 'clear');
  await open(page, foreignFile());
  const other = join(makeFolder(t, 'other'), 'unknown.jpg');
  copyFileSync(FILES[0], other);
  const { added, rejected } = await addPaths(page, [other, FILES[2]]);
  assert.equal(added, 1);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['unknown.jpg', 'features-incompatible']]);
  await assert.rejects(open(page, foreignFile()), { code: 'features-incompatible' });
  await call(page, 'clear');
  assert.equal((await addPaths(page, [other])).added, 1, 'started over, anything can be dropped');
});

test('dropped pictures show what the rows are about, and can be taken home', async (t) => {
  const { page } = await openPage(t, QUICK);
  await open(page, foreignFile());
  const before = await cluster(page, { k: KINDS.length });
  await page.locator('.originals', { hasText: '60 originals are not at hand' }).waitFor();
  const told = await addPaths(page, [sampleFolder()]);
  assert.deepEqual([told.added, told.reused, told.rejected], [60, 60, []]);
  assert.deepEqual(clustersByPath(await result(page)), clustersByPath(before));
  await page.locator('.originals').waitFor({ state: 'detached' });
  const name = basename(FILES[5]);
  const sidecar = name.replace(/\.\w+$/, '.xmp');
  const folder = fill(makeFolder(t, 'beside'), { [`photos/${sidecar}`]: Buffer.from('what belongs to a picture') });
  const { sidecars, rejected } = await addPaths(page, [join(folder, 'photos')]);
  assert.deepEqual([sidecars, rejected], [1, []]);
  const members = await savedMembers(t, page, 'exportZip');
  assert.equal(members.size, 63);
  const entry = [...members.keys()].find((entry) => entry.endsWith(`/${name}`));
  assert.deepEqual(members.get(entry), readFileSync(FILES[5]));
  assert.equal(members.get(entry.replace(name, sidecar)).toString(), 'what belongs to a picture');

  // A name that two files have tells neither.
  await call(page, 'clear');
  await open(page, foreignFile());
  const twice = makeFolder(t, 'twice');
  for (const part of ['a', 'b']) {
    mkdirSync(join(twice, part));
    copyFileSync(FILES[0], join(twice, part, basename(FILES[0])));
  }
  assert.deepEqual((await addPaths(page, [twice])).rejected.map(({ code }) => code), ['features-incompatible', 'features-incompatible']);
});

test('features of other settings are a collection of their own too', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  const before = await cluster(page, { k: 6 });
  const bytes = Buffer.from(await saved(page, 'exportFeatures'), 'base64');
  await call(page, 'clear');
  await setAttributes(page, { size: '96' });
  const told = await open(page, bytes);
  assert.deepEqual([told.rows, told.reused, told.missing.length], [60, 0, 60]);
  assert.deepEqual(clustersByPath(await cluster(page, { k: 6 })), clustersByPath(before), 'nothing is embedded anew');
  const again = await savedMembers(t, page, 'exportFeatures');
  assert.equal(JSON.parse(again.get('shoal.json')).sizePx, 64);
});

test('a person drops a features file, and it is there after a reload', async (t) => {
  const { page } = await openPage(t, { ...QUICK, remember: true });
  const file = join(makeFolder(t, 'features'), 'clip.npz');
  writeFileSync(file, foreignFile());
  await setAttributes(page, { k: String(KINDS.length) });
  await dropPaths(page, [file]);
  checkKinds(await settled(page, 60));
  const shown = page.locator('.card .thumbnails img');
  assert.ok(await shown.count() > 0, 'drawings stand for the pictures');
  assert.ok(await shown.first().evaluate(async (image) => { await image.decode(); return image.naturalWidth; }) > 0);
  await waitForStored(page, ({ head, features }) => head?.outcome && features === 60);
  const left = await result(page);
  await page.reload();
  assert.deepEqual(await settled(page, 60), left);
  const { rejected } = await addPaths(page, [sampleFolder()]);
  assert.deepEqual(rejected, [], 'and still takes its own pictures');
  await waitForStored(page, ({ bytes, features }) => features === 60 && bytes > 60 * (24 * 4 + 1000));
});

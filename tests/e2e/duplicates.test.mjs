// Duplicate images, and the images most similar to one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';

import { pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addCopies } from './support/copies.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { kindOf } from './support/scores.mjs';
import { call, cluster, result, settled } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '96' } };

const sample = (name) => sampleFiles().find((path) => basename(path) === `${name}.jpg`);

/** One image of each kind, a copy of one of them, and re-encoded copies of three others. */
async function openCopies(t) {
  const kinds = ['bicycle', 'boat', 'cat', 'clock', 'flower', 'house'];
  const contents = Object.fromEntries(kinds.map((kind) => [`${kind}-01.jpg`, sample(`${kind}-01`)]));
  contents['the same again.jpg'] = sample('house-01');
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'own'), contents)]);
  const { rejected } = await addCopies(page, [
    { path: sample('boat-01'), name: 'half.png', scale: 0.5 },
    { path: sample('cat-01'), name: 'twice.png', scale: 2 },
    { path: sample('clock-01'), name: 'worse.jpg', type: 'image/jpeg', quality: 0.6 },
  ]);
  assert.deepEqual(rejected, []);
  return page;
}

test('exact and near duplicates are found, and nothing else', async (t) => {
  const page = await openCopies(t);
  const before = await cluster(page, { k: 3 });
  const found = await call(page, 'duplicates');
  const inPathOrder = found.sort((one, other) => (one.paths[0] < other.paths[0] ? -1 : 1));
  assert.deepEqual(inPathOrder.map(({ kind, paths }) => ({ kind, paths })), [
    { kind: 'near', paths: ['half.png', 'own/boat-01.jpg'] },
    { kind: 'near', paths: ['own/cat-01.jpg', 'twice.png'] },
    { kind: 'near', paths: ['own/clock-01.jpg', 'worse.jpg'] },
    { kind: 'exact', paths: ['own/house-01.jpg', 'own/the same again.jpg'] },
  ]);
  assert.deepEqual(inPathOrder.map(({ best, reason }) => [best, reason]), [
    ['own/boat-01.jpg', 'detail'],
    ['own/cat-01.jpg', 'detail'],
    ['own/clock-01.jpg', 'bytes'],
    ['own/house-01.jpg', 'identical'],
  ], 'an enlarged copy is not the best');
  assert.ok(found.every(({ turned }) => turned.length === 0));
  assert.deepEqual(await result(page), before, 'nothing is moved');
});

test('the minimum cosine decides what counts as near', async (t) => {
  const page = await openCopies(t);
  await cluster(page, { k: 3 });
  const strict = await call(page, 'duplicates', { cosine: 1 });
  assert.ok(strict.some(({ kind }) => kind === 'exact'));
  const counts = [];
  for (const cosine of [1, 0.98, 0.3, 0]) {
    const found = await call(page, 'duplicates', { cosine });
    counts.push(found.reduce((sum, { paths }) => sum + paths.length, 0));
  }
  t.diagnostic(`images that are duplicates, by cosine: ${counts}`);
  assert.deepEqual(counts, [...counts].sort((one, other) => one - other));
  assert.equal(counts.at(-1), 10, 'at a cosine of 0 all images are duplicates');
  assert.ok(counts[0] < counts.at(-1));
});

test('at a cosine of 1 only images of the same pixels are duplicates', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'own'), { 'boat.jpg': sample('boat-01'), 'cat.jpg': sample('cat-01') })]);
  const copies = [
    { path: sample('boat-01'), name: 'same pixels.png' },
    { path: sample('cat-01'), name: 'worse.jpg', type: 'image/jpeg', quality: 0.8 },
  ];
  await addCopies(page, copies);
  await cluster(page, { k: 2 });
  const paths = async (cosine) => (await call(page, 'duplicates', { cosine })).map((group) => group.paths);
  assert.deepEqual(await paths(1), [['own/boat.jpg', 'same pixels.png']]);
  assert.deepEqual(await paths(0.95), [['own/boat.jpg', 'same pixels.png'], ['own/cat.jpg', 'worse.jpg']]);
});

test('turned and mirrored copies are found, and how they are turned', async (t) => {
  const { page } = await openPage(t, QUICK);
  const kinds = ['bicycle', 'boat', 'cat', 'clock', 'flower', 'house'];
  const own = Object.fromEntries(kinds.map((kind) => [`${kind}.jpg`, sample(`${kind}-01`)]));
  await addPaths(page, [fill(makeFolder(t, 'own'), own)]);
  const type = 'image/jpeg';
  await addCopies(page, [
    { path: sample('boat-01'), name: 'right.jpg', type, quality: 0.6, quarters: 1 },
    { path: sample('cat-01'), name: 'mirrored.jpg', type, quality: 0.6, mirrored: true },
    { path: sample('house-01'), name: 'half, upside down.png', scale: 0.5, quarters: 2 },
    { path: sample('bicycle-01'), name: 'both.jpg', type, quality: 0.6, mirrored: true, quarters: 3 },
    { path: sample('bicycle-01'), name: 'both again.jpg', type, quality: 0.5, mirrored: true, quarters: 3 },
  ]);
  await cluster(page, { k: 3 });
  const found = await call(page, 'duplicates', { cosine: 0.96 });
  const summary = found.map(({ kind, best, turned }) => (
    [kind, best, Object.fromEntries(turned.map(({ path, turn }) => [path, turn]))]
  )).sort((one, other) => (one[1] < other[1] ? -1 : 1));
  assert.deepEqual(summary, [
    ['near', 'own/bicycle.jpg', { 'both again.jpg': 'mirrored-rotated-270', 'both.jpg': 'mirrored-rotated-270' }],
    ['near', 'own/boat.jpg', { 'right.jpg': 'rotated-90' }],
    ['near', 'own/cat.jpg', { 'mirrored.jpg': 'mirrored' }],
    ['near', 'own/house.jpg', { 'half, upside down.png': 'rotated-180' }],
  ]);

  await settled(page, 11);
  const panel = page.locator('details.duplicates');
  await panel.locator('summary').click();
  await panel.getByRole('button', { name: 'Find duplicates' }).click();
  const cats = panel.locator('.copies > li').filter({ has: page.getByAltText('mirrored.jpg') });
  await cats.getByText('mirrored', { exact: true }).waitFor();
  await cats.getByText('Best: the largest file.').waitFor();
});

const FRAMES = 16;
const frame = (index) => `frame-${String(index).padStart(2, '0')}.png`;

/** Frames of a slow change from one image to another, drawn in the page. */
const addFrames = (page, paths) => page.evaluate(async ({ sources, names }) => {
  const pictures = await Promise.all(sources.map((base64) => (
    createImageBitmap(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]))
  )));
  const files = [];
  for (const [index, name] of names.entries()) {
    const canvas = new OffscreenCanvas(192, 192);
    const context = canvas.getContext('2d');
    context.drawImage(pictures[0], 0, 0, 192, 192);
    context.globalAlpha = index / (names.length - 1);
    context.drawImage(pictures[1], 0, 0, 192, 192);
    files.push(new File([await canvas.convertToBlob()], name));
  }
  return document.querySelector('image-shoal').add(files);
}, { sources: paths.map((path) => readFileSync(path).toString('base64')), names: [...Array(FRAMES).keys()].map(frame) });

test('images that change little by little are not chained into one group', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addFrames(page, [sample('boat-01'), sample('flower-02')]);
  await cluster(page, { k: 2 });
  const cosines = new Map();
  for (let index = 0; index < FRAMES; index += 1) {
    for (const near of await call(page, 'neighbours', frame(index), FRAMES)) {
      cosines.set(`${frame(index)} ${near.path}`, near.cosine);
    }
  }
  // A threshold at which each frame is a duplicate of the next, but the first is none of the last.
  const steps = [...Array(FRAMES - 1).keys()].map((index) => cosines.get(`${frame(index)} ${frame(index + 1)}`));
  const cosine = Math.min(...steps) - 1e-4;
  const ends = cosines.get(`${frame(0)} ${frame(FRAMES - 1)}`);
  t.diagnostic(`steps of at least ${cosine}, first and last ${ends}`);
  assert.ok(ends < cosine - 0.05);
  const found = await call(page, 'duplicates', { cosine });
  assert.ok(found.length > 1, 'one chain would be one group');
  for (const { paths, best } of found) {
    for (const path of paths) assert.ok(path === best || cosines.get(`${best} ${path}`) >= cosine - 1e-4, `${best} ${path}`);
  }
});

test('the nearest neighbour is the copy, followed by its kind', async (t) => {
  const { page } = await openPage(t, QUICK);
  const own = fill(makeFolder(t, 'own'), Object.fromEntries(sampleFiles().map((path) => [basename(path), path])));
  await addPaths(page, [own]);
  await addPaths(page, [fill(makeFolder(t, 'copy'), { 'again.jpg': sample('boat-03') })]);
  const [first, ...others] = await call(page, 'neighbours', 'own/boat-03.jpg', 5);
  assert.equal(first.path, 'copy/again.jpg');
  assert.ok(Math.abs(first.cosine - 1) < 1e-6, `its cosine is ${first.cosine}`);
  assert.equal(others.length, 4);
  assert.ok(others.every(({ path }) => kindOf(path) === 'boat'), JSON.stringify(others));
  const cosines = [first, ...others].map(({ cosine }) => cosine);
  assert.deepEqual(cosines, [...cosines].sort((one, other) => other - one));
  assert.ok(others.every(({ cosine }) => cosine > 0 && cosine < 1 - 1e-4));

  const [back] = await call(page, 'neighbours', others[0].path, 60);
  assert.ok(back.cosine >= others[0].cosine, 'similarity is symmetric');
  assert.equal((await call(page, 'neighbours', 'own/boat-03.jpg')).length, 12);
  assert.equal((await call(page, 'neighbours', 'own/boat-03.jpg', 100)).length, 60, 'all but the image itself');
});

test('the page lists duplicates, and keeps the best on request', async (t) => {
  const page = await openCopies(t);
  await cluster(page, { k: 3 });
  await settled(page, 10);
  const panel = page.locator('details.duplicates');
  await panel.locator('summary').click();
  await panel.getByRole('button', { name: 'Find duplicates' }).click();
  await panel.getByRole('status').getByText('4 groups of duplicates').waitFor();
  assert.equal(await panel.locator('.copies [data-kind=exact]').count(), 1);
  assert.equal(await panel.locator('.copies [data-kind=near]').count(), 3);
  assert.equal(await panel.locator('.copies li.best').count(), 4);
  assert.deepEqual(pathsIn(await result(page), null), [], 'finding duplicates sets nothing aside');

  const boats = panel.locator('.copies > li').filter({ has: page.getByAltText('half.png') });
  await boats.getByRole('button', { name: /^Keep the best/ }).click();
  await boats.waitFor({ state: 'detached' });
  assert.deepEqual(pathsIn(await settled(page, 10), null), ['half.png']);

  await panel.getByRole('button', { name: 'Keep the best of each' }).click();
  const summary = page.getByRole('dialog');
  await summary.getByText('3 pictures of 3 groups will be set aside.').waitFor();
  await summary.getByText('You have not looked at 3 groups.').waitFor();
  await summary.getByRole('button', { name: 'Set aside' }).click();
  await panel.getByText('No duplicates found.').waitFor();
  const excluded = pathsIn(await settled(page, 10), null);
  assert.equal(excluded.length, 4);
  assert.ok(excluded.includes('half.png') && excluded.includes('twice.png'), `${excluded}`);

  await page.locator('.summary').getByRole('button', { name: 'Undo' }).click();
  await page.locator('article.aside').getByText('1 picture', { exact: true }).waitFor();
  assert.deepEqual(pathsIn(await settled(page, 10), null), ['half.png']);
});

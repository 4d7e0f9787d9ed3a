// Paths of dropped folders, and repeated drops.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };

async function paths(page) {
  return (await cluster(page, { k: 2 })).items.map(({ path }) => path);
}

test('a folder of 150 files is read completely, nested folders included', async (t) => {
  const samples = sampleFiles();
  const contents = {};
  for (let index = 0; index < 150; index += 1) contents[`${index}.jpg`] = samples[index % samples.length];
  contents['one/two/three/deep.jpg'] = samples[0];
  contents['one/empty'] = null;
  contents['名前 é & %20 #/pic?.jpg'] = samples[1];
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [fill(makeFolder(t, 'many'), contents)]);
  assert.deepEqual({ added, rejected }, { added: 152, rejected: [] });
  const found = await paths(page);
  assert.ok(found.includes('many/one/two/three/deep.jpg'));
  assert.ok(found.includes('many/名前 é & %20 #/pic?.jpg'));
  assert.ok(found.includes('many/149.jpg'));
});

test('files of the same name in different folders are distinct', async (t) => {
  const [one, two, three] = sampleFiles();
  const trip = fill(makeFolder(t, 'trip'), { 'day1/a.jpg': one, 'day2/a.jpg': two });
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [trip, three]);
  const lone = three.split('/').at(-1);
  assert.deepEqual(await paths(page), [lone, 'trip/day1/a.jpg', 'trip/day2/a.jpg'].sort());
});

test('the same folder is reused; another of the same name gets a number', async (t) => {
  const [one, two, three] = sampleFiles();
  const first = fill(makeFolder(t, 'trip'), { 'day1/a.jpg': one, 'day1/b.jpg': two });
  const { page } = await openPage(t, QUICK);
  assert.deepEqual(await counts(addPaths(page, [first])), { added: 2, reused: 0 });
  assert.deepEqual(await counts(addPaths(page, [first])), { added: 2, reused: 2 });

  const other = fill(makeFolder(t, 'trip'), { 'day1/a.jpg': three, 'day1/b.jpg': two });
  assert.deepEqual(await counts(addPaths(page, [other])), { added: 2, reused: 1 });
  assert.deepEqual(await counts(addPaths(page, [other])), { added: 2, reused: 2 });
  assert.deepEqual(await paths(page), ['trip (2)/day1/a.jpg', 'trip/day1/a.jpg', 'trip/day1/b.jpg']);
});

async function counts(promise) {
  const { added, reused, rejected } = await promise;
  assert.deepEqual(rejected, []);
  return { added, reused };
}

// Drops with files that are not images: each is reported, and the rest is processed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { cutOff, fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster, result, settled } from './support/shoal.mjs';

const FEW = { attributes: { workers: '2', size: '64' } };

test('files that are not images are rejected with a code, and the rest is added', async (t) => {
  const [one, two, three] = sampleFiles();
  const mixed = fill(makeFolder(t, 'mixed'), {
    'good 1.jpg': one,
    'good 2.jpg': two,
    'sub/good 3.jpg': three,
    'notes.txt': Buffer.from('no picture at all'),
    'text.jpg': Buffer.from('a text that calls itself a picture'),
    'empty.jpg': Buffer.alloc(0),
    'cut off.jpg': cutOff(one, 0.02),
    'empty folder': null,
    '.hidden': one,
    '.DS_Store': Buffer.from('left behind'),
    'Thumbs.db': Buffer.from('left behind'),
  });
  const { page } = await openPage(t, FEW);
  const { added, reused, rejected, cancelled } = await addPaths(page, [mixed]);
  assert.deepEqual({ added, reused, cancelled }, { added: 3, reused: 0, cancelled: false });
  const codes = Object.fromEntries(rejected.map(({ path, code }) => [path, code]));
  t.diagnostic(JSON.stringify(rejected));
  assert.deepEqual(Object.keys(codes).sort(), ['mixed/cut off.jpg', 'mixed/empty.jpg', 'mixed/notes.txt', 'mixed/text.jpg']);
  assert.equal(codes['mixed/empty.jpg'], 'empty-file');
  assert.equal(codes['mixed/notes.txt'], 'not-a-picture');
  assert.equal(codes['mixed/text.jpg'], 'not-a-picture');
  assert.match(codes['mixed/cut off.jpg'], /^(damaged-picture|not-a-picture)$/);
  assert.ok(rejected.every(({ reason }) => reason.length > 10), 'reasons are sentences');
  assert.equal((await cluster(page, { k: 2 })).items.length, 3);
});

test('the page lists rejected files and shows the clusters of the rest', async (t) => {
  const [one, two, three] = sampleFiles();
  const mixed = fill(makeFolder(t, 'mixed'), {
    'a.jpg': one, 'b.jpg': two, 'c.jpg': three, 'notes.txt': Buffer.from('no picture at all'),
  });
  const { page } = await openPage(t, { attributes: { k: '2' } });
  await dropPaths(page, [mixed]);
  await settled(page, 3);
  const list = page.locator('details.refused');
  await list.locator('summary').click();
  await list.getByText('mixed/notes.txt').waitFor();
  assert.equal(await list.locator('li[data-code]').getAttribute('data-code'), 'not-a-picture');
});

for (const [what, contents] of [
  ['an empty folder', {}],
  ['a folder of hidden files', { '.hidden': Buffer.from('hidden'), '.git/config.jpg': Buffer.from('hidden') }],
]) {
  test(`dropping ${what} shows a notice`, async (t) => {
    const { page } = await openPage(t);
    await dropPaths(page, [fill(makeFolder(t, 'nothing'), contents)]);
    await page.getByRole('status').getByText('no picture').waitFor();
    assert.equal(await result(page), null);
  });
}

test('dropping a text file shows a message', async (t) => {
  const { page } = await openPage(t);
  const folder = fill(makeFolder(t, 'lone'), { 'notes.txt': Buffer.from('no picture at all') });
  await dropPaths(page, [`${folder}/notes.txt`]);
  await page.getByText('1 file is not a picture that Shoal can read').waitFor();
  assert.equal(await result(page), null);
});

test('clustering one image is rejected', async (t) => {
  const { page } = await openPage(t, FEW);
  const [one] = sampleFiles();
  assert.equal((await addPaths(page, [one])).added, 1);
  await assert.rejects(cluster(page, { k: 'auto' }), { code: 'too-few-pictures' });
  await assert.rejects(cluster(page, { k: 2 }), { code: 'k-out-of-range' });
  assert.equal(await result(page), null);
});

test('without images clustering and exporting are rejected', async (t) => {
  const { page } = await openPage(t, FEW);
  await assert.rejects(cluster(page), { code: 'no-pictures' });
  const code = await page.evaluate(() => document.querySelector('image-shoal').exportZip().catch(({ code }) => code));
  assert.equal(code, 'nothing-clustered');
});

test('the page rejects a k above the number of images, and accepts a smaller one', async (t) => {
  const [one, two, three] = sampleFiles();
  const { page } = await openPage(t, { attributes: { k: '7' } });
  await dropPaths(page, [fill(makeFolder(t, 'three'), { 'a.jpg': one, 'b.jpg': two, 'c.jpg': three })]);
  await page.locator('[data-code="k-out-of-range"]').waitFor();
  assert.equal(await result(page), null);
  assert.equal((await cluster(page, { k: 3 })).items.length, 3);
});

test('identical images are clustered without a crash', async (t) => {
  const [one] = sampleFiles();
  const same = fill(makeFolder(t, 'same'), { 'a.jpg': one, 'b.jpg': one, 'c.jpg': one, 'd.jpg': one });
  const { page } = await openPage(t, FEW);
  assert.equal((await addPaths(page, [same])).added, 4);
  for (const k of [2, 4, 'auto']) {
    assert.equal((await cluster(page, { k })).items.length, 4);
  }
});

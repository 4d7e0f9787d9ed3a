// A session as a file: saved, and opened again over the same pictures in another page.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { arrangementOf, groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { readCsv } from './support/csv.mjs';
import { addPaths } from './support/drop.mjs';
import { makeFolder, sampleFolder } from './support/pictures.mjs';
import { call, cluster, result } from './support/shoal.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };

async function openSamples(t) {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  return page;
}

const exportSession = (page) => page.evaluate(
  async () => (await document.querySelector('image-shoal').exportSession()).text(),
);

/** Opens a session's text as a program does. */
async function importSession(page, text) {
  const { rejected, value } = await page.evaluate(async (text) => {
    try {
      return { value: await document.querySelector('image-shoal').importSession(new Blob([text])) };
    } catch ({ code, message }) {
      return { rejected: { code, message } };
    }
  }, text);
  if (rejected) throw Object.assign(new Error(rejected.message), rejected);
  return value;
}

/** Groups with every kind of edit in them. */
async function arrange(page) {
  const grouped = await cluster(page, { k: 5, seed: 3 });
  const [first, second, third] = pathsIn(grouped, 0);
  await call(page, 'rename', 1, 'Mine, "quoted"');
  await call(page, 'move', [first], 1);
  await call(page, 'setAside', [second]);
  await call(page, 'newCluster', '=1+1', [third]);
  return call(page, 'lock', [2], true);
}

test('a session brings back groups, names, locks and scores', async (t) => {
  const page = await openSamples(t);
  const arranged = await arrange(page);
  const session = await exportSession(page);

  const another = await openSamples(t);
  const told = await importSession(another, session);
  assert.deepEqual(told, { matched: 60, missing: [], changed: [] });
  const reopened = await result(another);
  assert.deepEqual(arrangementOf(reopened), arrangementOf(arranged));
  assert.deepEqual(reopened, arranged, 'scores and all');

  // What was held is held: grouped anew, it stays.
  const again = await cluster(another, { k: 6, seed: 9 });
  for (const { path, cluster: place, locked } of arranged.items.filter((item) => item.locked)) {
    assert.equal(again.items.find((item) => item.path === path).cluster, place, `${path}, ${locked}`);
  }
});

test('opening a session can be undone', async (t) => {
  const page = await openSamples(t);
  await arrange(page);
  const session = await exportSession(page);
  await call(page, 'clear');
  await addPaths(page, [sampleFolder()]);
  const before = await cluster(page, { k: 3 });
  await importSession(page, session);
  assert.equal((await result(page)).k, 6);
  const undone = await call(page, 'undo');
  assert.deepEqual(arrangementOf(undone), arrangementOf(before));
});

test('what is not here, and what is not in the session, is told and left alone', async (t) => {
  const page = await openSamples(t);
  const arranged = await cluster(page, { k: 4 });
  const session = JSON.parse(await exportSession(page));
  const [gone, renamed, other] = session.items;
  gone.path = 'samples/elsewhere.jpg';
  gone.sha256 = 'ab'.repeat(32);
  renamed.path = 'samples/another name.jpg';
  other.sha256 = 'cd'.repeat(32);
  const told = await importSession(page, JSON.stringify(session));
  assert.deepEqual(told, { matched: 59, missing: [gone.path], changed: [other.path] });
  const { items } = await result(page);
  assert.equal(items[0].cluster, null, 'the session says nothing of it');
  assert.deepEqual(items.slice(1).map((item) => item.cluster), arranged.items.slice(1).map((item) => item.cluster));
});

test('a table of labels opens too', async (t) => {
  const page = await openSamples(t);
  await cluster(page, { k: 4 });
  const { items } = await result(page);
  const table = items.map(({ path }, row) => `"${path}",${row % 2 ? 'odd, "so to speak"' : 'even'}`);
  const quoted = table.map((line) => line.replace('odd, "so to speak"', '"odd, ""so to speak"""'));
  const told = await importSession(page, ['path,cluster_name', ...quoted].join('\r\n'));
  assert.equal(told.matched, 60);
  const labelled = await result(page);
  assert.deepEqual(labelled.clusters.map(({ name, size }) => [name, size]), [['even', 30], ['odd, "so to speak"', 30]]);

  // The program's own table, which guards what a spreadsheet would compute.
  await call(page, 'rename', labelled.clusters[0].id, '=1+1');
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: 'Download zip' }).click(),
  ]);
  const own = (await readZip(await download.path())).get('assignments.csv').toString('utf8');
  assert.equal(readCsv(own)[0].cluster_name, "'=1+1");
  await importSession(page, own);
  assert.deepEqual((await result(page)).clusters.map(({ name }) => name), ['=1+1', 'odd, "so to speak"']);
});

test('what is no session, or none of these pictures, changes nothing', async (t) => {
  const page = await openSamples(t);
  await arrange(page);
  const before = await result(page);
  const session = await exportSession(page);
  const newer = JSON.stringify({ ...JSON.parse(session), version: 99 });
  const foreign = session.replaceAll('"samples/', '"holiday/').replaceAll(/"sha256": "[0-9a-f]{8}/g, '"sha256": "00000000');
  for (const [text, code] of [
    ['', 'session-not-a-session'], ['{}', 'session-not-a-session'], ['just words', 'session-not-a-session'],
    [session.slice(0, session.length / 2), 'session-damaged'], [newer, 'session-too-new'], [foreign, 'session-foreign'],
  ]) {
    await assert.rejects(importSession(page, text), { code }, text.slice(0, 40));
  }
  await assert.rejects(call(page, 'importSession', 'words'), { code: 'bad-option' });
  assert.deepEqual(await result(page), before);
});

test('a person saves a session and opens it', async (t) => {
  const page = await openSamples(t);
  const arranged = await arrange(page);
  await page.locator('.settings summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: 'Save session' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'shoal-session.json');
  const file = join(makeFolder(t, 'session'), 'shoal-session.json');
  await download.saveAs(file);
  await cluster(page, { k: 7 });
  await page.locator('input.open-session').setInputFiles(file);
  await page.locator('.notice', { hasText: '60 pictures matched' }).waitFor();
  assert.deepEqual(arrangementOf(await result(page)), arrangementOf(arranged));
  assert.equal(groupOf(arranged, 1).name, 'Mine, "quoted"');

  const damaged = join(makeFolder(t, 'damaged'), 'damaged.json');
  writeFileSync(damaged, '{"format": "shoal-session", "version": 1');
  await page.locator('input.open-session').setInputFiles(damaged);
  await page.locator('.notice.error[data-code=session-damaged]').waitFor();
});

// Session files: saved, and imported over the same images in another page.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { arrangementOf, groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { readCsv } from './support/csv.mjs';
import { addPaths } from './support/drop.mjs';
import { importSession } from './support/imported.mjs';
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

/** Clusters the images and makes every kind of edit. */
async function arrange(page) {
  const clustered = await cluster(page, { k: 5, seed: 3 });
  const [first, second, third] = pathsIn(clustered, 0);
  await call(page, 'rename', 1, 'Mine, "quoted"');
  await call(page, 'move', [first], 1);
  await call(page, 'setAside', [second]);
  await call(page, 'newCluster', '=1+1', [third]);
  return call(page, 'lock', [2], true);
}

test('a session restores clusters, names, pins and scores', async (t) => {
  const page = await openSamples(t);
  const arranged = await arrange(page);
  const session = await exportSession(page);

  const another = await openSamples(t);
  const report = await importSession(another, session);
  assert.deepEqual(report, { matched: 60, missing: [], changed: [] });
  const reopened = await result(another);
  assert.deepEqual(arrangementOf(reopened), arrangementOf(arranged));
  assert.deepEqual(reopened, arranged, 'including the scores');

  // Pins are restored: pinned images stay when the rest is clustered again.
  const again = await cluster(another, { k: 6, seed: 9 });
  for (const { path, cluster: place, locked } of arranged.items.filter((item) => item.locked)) {
    assert.equal(again.items.find((item) => item.path === path).cluster, place, `${path}, ${locked}`);
  }
});

test('importing a session can be undone', async (t) => {
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

test('missing and changed images are reported, and others keep their clusters', async (t) => {
  const page = await openSamples(t);
  const arranged = await cluster(page, { k: 4 });
  const session = JSON.parse(await exportSession(page));
  const [missing, renamed, changed] = session.items;
  missing.path = 'samples/elsewhere.jpg';
  missing.sha256 = 'ab'.repeat(32);
  renamed.path = 'samples/another name.jpg';
  changed.sha256 = 'cd'.repeat(32);
  const report = await importSession(page, JSON.stringify(session));
  assert.deepEqual(report, { matched: 59, missing: [missing.path], changed: [changed.path] });
  const { items } = await result(page);
  assert.equal(items[0].cluster, null, 'the session does not contain it');
  assert.deepEqual(items.slice(1).map((item) => item.cluster), arranged.items.slice(1).map((item) => item.cluster));
});

test('a table of labels can be imported', async (t) => {
  const page = await openSamples(t);
  await cluster(page, { k: 4 });
  const { items } = await result(page);
  const table = items.map(({ path }, row) => `"${path}",${row % 2 ? 'odd, "so to speak"' : 'even'}`);
  const quoted = table.map((line) => line.replace('odd, "so to speak"', '"odd, ""so to speak"""'));
  const report = await importSession(page, ['path,cluster_name', ...quoted].join('\r\n'));
  assert.equal(report.matched, 60);
  const labelled = await result(page);
  assert.deepEqual(labelled.clusters.map(({ name, size }) => [name, size]), [['even', 30], ['odd, "so to speak"', 30]]);

  // Shoal's own table, which escapes what a spreadsheet would take for a formula.
  await call(page, 'rename', labelled.clusters[0].id, '=1+1');
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: 'Download zip' }).click(),
  ]);
  const exported = (await readZip(await download.path())).get('assignments.csv').toString('utf8');
  assert.equal(readCsv(exported)[0].cluster_name, "'=1+1");
  await importSession(page, exported);
  assert.deepEqual((await result(page)).clusters.map(({ name }) => name), ['=1+1', 'odd, "so to speak"']);
});

test('an invalid session, or one of other images, changes nothing', async (t) => {
  const page = await openSamples(t);
  await arrange(page);
  const before = await result(page);
  const session = await exportSession(page);
  const newer = JSON.stringify({ ...JSON.parse(session), version: 99 });
  const unrelated = session.replaceAll('"samples/', '"holiday/').replaceAll(/"sha256": "[0-9a-f]{8}/g, '"sha256": "00000000');
  for (const [text, code] of [
    ['', 'session-not-a-session'], ['{}', 'session-not-a-session'], ['just words', 'session-not-a-session'],
    [session.slice(0, session.length / 2), 'session-damaged'], [newer, 'session-too-new'], [unrelated, 'session-foreign'],
  ]) {
    await assert.rejects(importSession(page, text), { code }, text.slice(0, 40));
  }
  await assert.rejects(call(page, 'importSession', 'words'), { code: 'bad-option' });
  assert.deepEqual(await result(page), before);
});

test('a session is saved and opened in the page', async (t) => {
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

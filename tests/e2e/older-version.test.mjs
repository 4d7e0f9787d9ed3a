// What an older version of the program has computed stays usable, and is computed again when the files of the images come back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { exportedFiles } from './support/exports.mjs';
import { importFeatures } from './support/imported.mjs';
import { npz } from './support/npz.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster, settled } from './support/shoal.mjs';
import { waitForStored } from './support/stored.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };
const PICTURES = 12;

/** Makes the database what version 1 of the preprocessing would have stored. Runs in the page. Resolves with the number of rows. */
async function ageDatabase() {
  const resolved = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await resolved(indexedDB.open('shoal'));
  const transaction = database.transaction(['session', 'features', 'uses'], 'readwrite');
  let count = 0;
  for (const name of ['features', 'uses']) {
    const store = transaction.objectStore(name);
    const [keys, values] = [await resolved(store.getAllKeys()), await resolved(store.getAll())];
    for (const [index, key] of keys.entries()) {
      const older = key.replace('/pooled-2/', '/pooled/');
      count += name === 'features' && older !== key ? 1 : 0;
      store.delete(key);
      store.put(values[index], older);
    }
  }
  const session = transaction.objectStore('session');
  const head = await resolved(session.get('head'));
  for (const { network } of head.origins) delete network.preprocessing;
  session.put(head, 'head');
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  database.close();
  return count;
}

/** The keys of the stored features, by whether the current version computed them. */
const storedVersions = (page) => page.evaluate(async () => {
  const opening = indexedDB.open('shoal');
  await new Promise((resolve) => { opening.onsuccess = resolve; });
  const request = opening.result.transaction('features').objectStore('features').getAllKeys();
  await new Promise((resolve) => { request.onsuccess = resolve; });
  opening.result.close();
  const current = request.result.filter((key) => key.includes('/pooled-2/')).length;
  return { current, older: request.result.length - current };
});

const pictures = (t) => fill(
  makeFolder(t, 'pictures'),
  Object.fromEntries(sampleFiles().filter((_, index) => index % 5 === 0).map((path, index) => [`${index}.jpg`, path])),
);

test('a remembered collection of an older version is restored, and embedded again once its files are there', async (t) => {
  const { page } = await openPage(t, { ...QUICK, remember: true });
  const folder = pictures(t);
  await addPaths(page, [folder]);
  await cluster(page, { k: 3 });
  await waitForStored(page, ({ features, head }) => features === PICTURES && head);
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(ageDatabase), PICTURES);
  await page.reload();
  await settled(page, PICTURES);
  assert.equal((await cluster(page, { k: 4 })).clusters.length, 4, 'without files, it can still be clustered');
  assert.deepEqual(await storedVersions(page), { current: 0, older: PICTURES });
  const [, , , { path }] = (await cluster(page, { k: 4 })).items;
  assert.equal((await call(page, 'neighbours', path, PICTURES)).length, PICTURES - 1);
  const { added, reused } = await addPaths(page, [folder]);
  assert.deepEqual([added, reused], [PICTURES, PICTURES]);
  await cluster(page, { k: 4 });
  for (let tries = 0; (await storedVersions(page)).current < PICTURES; tries += 1) {
    assert.ok(tries < 100, JSON.stringify(await storedVersions(page)));
    await page.waitForTimeout(100);
  }
});

test('features of an older version are not taken for those of files that are there', async (t) => {
  const { page } = await openPage(t, QUICK);
  const folder = pictures(t);
  await addPaths(page, [folder]);
  const members = await exportedFiles(t, page, 'exportFeatures');
  const spec = JSON.parse(members.get('shoal.json'));
  assert.equal(spec.preprocessing, 2);
  delete spec.preprocessing;
  const older = npz({ ...Object.fromEntries(members), 'shoal.json': Buffer.from(JSON.stringify(spec)) });
  const { page: fresh } = await openPage(t, QUICK);
  assert.equal((await importFeatures(fresh, older)).rows, PICTURES);
  const { added, matched } = await addPaths(fresh, [folder]);
  assert.deepEqual([added, matched], [PICTURES, 0]);
  const current = npz(Object.fromEntries(members));
  const { page: another } = await openPage(t, QUICK);
  await importFeatures(another, current);
  assert.equal((await addPaths(another, [folder])).matched, PICTURES);
});

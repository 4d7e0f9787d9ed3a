// The page's storage: the session after a reload, features for later sessions, and nothing without permission.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { arrangementOf, pathsIn } from './support/arrangement.mjs';
import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles, sampleFolder } from './support/pictures.mjs';
import { limitStorage } from './support/quota.mjs';
import { call, cluster, result, settled } from './support/shoal.mjs';
import { databases, stored, waitForStored } from './support/stored.mjs';
import { readZip } from './support/zip.mjs';

const QUICK = { attributes: { workers: '2', size: '64' }, remember: true };
const PICTURES = 60;

/** Opens the page, adds the samples and clusters them. */
async function openClustered(t, options = QUICK) {
  const opened = await openPage(t, options);
  await addPaths(opened.page, [sampleFolder()]);
  const clustered = await cluster(opened.page, { k: 6 });
  return { ...opened, clustered };
}

/** Reloads the page and waits until `count` images are restored, without a call that would load the network. */
async function reload(page, count = PICTURES) {
  await page.reload();
  await settled(page, count);
}

const shadowText = (page, selector) => page.locator(selector).innerText();
const exportZip = (page) => page.evaluate(async () => {
  const zip = await document.querySelector('image-shoal').exportZip();
  return btoa(Array.from(new Uint8Array(await zip.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''));
});

test('a reload restores everything without fetching the network', async (t) => {
  const { page, site, clustered } = await openClustered(t);
  const [first, second] = pathsIn(clustered, 0);
  await call(page, 'rename', 1, 'Mine');
  await call(page, 'move', [first], 1);
  await call(page, 'setAside', [second]);
  const before = await call(page, 'lock', [2], true);
  await waitForStored(page, ({ head }) => head?.isEvaluated && head.arrangement.clusters[2]?.locked);
  const requests = site.requests.length;
  await reload(page);
  const restored = await result(page);
  assert.deepEqual(arrangementOf(restored), arrangementOf(before));
  assert.deepEqual(restored, before, 'including the scores');
  const fetched = site.requests.slice(requests).filter((line) => /weights\/|worker(-loader|-crash|_relaxed)?(_bg)?\.|gpu/.test(line));
  assert.deepEqual(fetched, [], 'neither weights nor workers');
  const sizes = await page.locator('.card .thumbnails img').evaluateAll((images) => Promise.all(
    images.map(async (image) => { image.loading = 'eager'; await image.decode(); return image.naturalWidth; }),
  ));
  assert.ok(sizes.length > 0 && sizes.every((width) => width >= 64), 'thumbnails are restored');
  await page.locator('.originals', { hasText: '60 originals are not available' }).waitFor();

  // Editing and clustering work without the source files.
  const merged = await call(page, 'merge', [0, 3]);
  assert.equal(merged.k, before.k - 1);
  assert.equal((await cluster(page, { k: 3 })).items.length, PICTURES);
});

test('missing source files are reported when they are needed, and restored by dropping the folder', async (t) => {
  const { page } = await openClustered(t);
  await waitForStored(page, ({ head, pictures }) => head?.clustering && pictures.length === PICTURES);
  await reload(page);
  await assert.rejects(call(page, 'exportZip'), { code: 'originals-missing', message: /^60 .*drop the folder/ });
  const before = await result(page);
  await setAttributes(page, { size: '96' });
  await assert.rejects(cluster(page, { k: 4 }), { code: 'originals-missing' });
  assert.deepEqual(await result(page), before, 'nothing has changed');
  await setAttributes(page, { size: '64' });
  const added = await addPaths(page, [sampleFolder()]);
  assert.deepEqual([added.added, added.reused, added.rejected], [PICTURES, PICTURES, []]);
  assert.equal((await page.evaluate(() => document.querySelector('image-shoal').timings)).pictures, 0, 'no image is decoded');
  assert.equal(await page.locator('.originals').count(), 0);
  const zip = join(makeFolder(t, 'zip'), 'shoal.zip');
  writeFileSync(zip, Buffer.from(await exportZip(page), 'base64'));
  assert.equal((await readZip(zip)).size, PICTURES + 2);
  await setAttributes(page, { size: '96' });
  assert.equal((await cluster(page, { k: 4 })).items.length, PICTURES, 'the images are embedded again');
});

test('a renamed folder restores its source files', async (t) => {
  const { page } = await openClustered(t);
  await waitForStored(page, ({ head, pictures }) => head?.clustering && pictures.length === PICTURES);
  await reload(page);
  const renamed = join(makeFolder(t, 'home'), 'renamed');
  cpSync(sampleFolder(), renamed, { recursive: true });
  const added = await addPaths(page, [renamed]);
  assert.deepEqual([added.added, added.reused], [PICTURES, PICTURES]);
  assert.equal((await result(page)).items.length, PICTURES);
  await exportZip(page);
});

test('a later session embeds only new images', async (t) => {
  const folder = join(makeFolder(t, 'home'), 'samples');
  cpSync(sampleFolder(), folder, { recursive: true });
  const { page } = await openPage(t, QUICK);
  const timings = () => page.evaluate(() => document.querySelector('image-shoal').timings);
  assert.equal((await addPaths(page, [folder])).matched, 0);
  const before = await cluster(page, { k: 6 });
  await waitForStored(page, ({ features, head }) => features === PICTURES && head?.clustering);
  await call(page, 'clear');
  await waitForStored(page, ({ head, features }) => head === null && features === PICTURES);
  await page.reload();
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  assert.equal(await result(page), null, 'a cleared collection is not restored');

  await setAttributes(page, QUICK.attributes);
  const same = await addPaths(page, [folder]);
  assert.deepEqual([same.added, same.reused, same.matched], [PICTURES, 0, PICTURES]);
  assert.equal((await timings()).pictures, 0, 'no image is decoded');
  const after = await cluster(page, { k: 6 });
  assert.deepEqual(after.items, before.items);
  await call(page, 'clear');
  const [one] = sampleFiles();
  writeFileSync(join(folder, 'new.jpg'), Buffer.concat([readFileSync(one), Buffer.from('new')]));
  const more = await addPaths(page, [folder]);
  assert.deepEqual([more.added, more.matched], [PICTURES + 1, PICTURES]);
  assert.equal((await timings()).pictures, 1);

  // Stored features are not used with another size.
  await call(page, 'clear');
  await setAttributes(page, { size: '96' });
  assert.equal((await addPaths(page, [folder])).matched, 0);
});

test('a file of the same size and time is not read again, and the zip has its current bytes', async (t) => {
  const [one, two] = sampleFiles();
  const folder = fill(makeFolder(t, 'trip'), { 'a.jpg': one, 'b.jpg': two });
  const path = join(folder, 'a.jpg');
  const setTime = (seconds) => utimesSync(path, seconds, seconds);
  setTime(1_700_000_000);
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [folder]);
  await cluster(page, { k: 2 });
  await waitForStored(page, ({ head, features }) => head?.clustering && features === 2);

  // Other bytes of the same size, with the same time of change.
  const other = readFileSync(path).reverse();
  writeFileSync(path, other);
  setTime(1_700_000_000);
  for (const start of ['a restored collection', 'a new collection']) {
    if (start === 'a restored collection') await reload(page, 2);
    else await call(page, 'clear');
    const { added, rejected } = await addPaths(page, [folder]);
    assert.deepEqual([added, rejected], [2, []], start);
    await cluster(page, { k: 2 });
    const zip = join(makeFolder(t, 'zip'), 'shoal.zip');
    writeFileSync(zip, Buffer.from(await exportZip(page), 'base64'));
    const files = await readZip(zip);
    assert.deepEqual(files.get([...files.keys()].find((name) => name.endsWith('a.jpg'))), other);
  }

  // With another time the file is read again.
  await call(page, 'clear');
  setTime(1_700_000_001);
  assert.deepEqual((await addPaths(page, [folder])).rejected.map(({ path }) => path), ['trip/a.jpg']);
});

test('a second tab does not change the stored session until the first is closed', async (t) => {
  const { page, site } = await openClustered(t);
  await waitForStored(page, ({ head, pictures }) => head?.clustering && pictures.length === PICTURES);
  const second = await page.context().newPage();
  await second.goto(site.url);
  await second.evaluate(() => document.querySelector('image-shoal').ready);
  await second.locator('.memory', { hasText: 'Open in another tab: this one will not be remembered.' }).waitFor();
  assert.equal(await result(second), null);
  await setAttributes(second, QUICK.attributes);
  const few = fill(makeFolder(t, 'few'), Object.fromEntries(
    sampleFiles().slice(0, 8).map((file, index) => [`${index}.jpg`, file]),
  ));
  assert.equal((await addPaths(second, [few])).matched, 8, 'features are shared');
  await cluster(second, { k: 2 });
  await second.waitForTimeout(2500);
  assert.equal((await stored(second)).pictures.length, PICTURES, 'the session of the first tab stays');
  await page.close();
  await second.waitForFunction(() => {
    const line = document.querySelector('image-shoal').shadowRoot.querySelector('.memory p');
    return line.textContent === '';
  });
  assert.equal((await stored(second)).pictures.length, PICTURES, 'it stays until the second tab changes something');
  await call(second, 'rename', 0, 'Few');
  await waitForStored(second, ({ pictures }) => pictures.length === 8);
});

test('forgetting clears the page and the browser', async (t) => {
  const { page } = await openClustered(t);
  await waitForStored(page, ({ features, head }) => features === PICTURES && head);
  const button = page.locator('.memory .forget');
  await button.click();
  assert.equal((await stored(page)).features, PICTURES, 'the first click asks for confirmation');
  await button.click();
  await page.locator('.notice', { hasText: 'Nothing is remembered in this browser any more.' }).waitFor();
  assert.equal(await result(page), null);
  assert.deepEqual(await databases(page), []);
  await page.waitForTimeout(1500);
  assert.equal((await stored(page)).features, 0, 'nothing is stored afterwards');

  // Later work is stored again, and `forget` does the same as the button.
  await addPaths(page, [sampleFolder()]);
  await waitForStored(page, ({ features }) => features === PICTURES);
  await call(page, 'forget');
  assert.deepEqual(await databases(page), []);
});

test('the switch stops storing, and keeps what is stored', async (t) => {
  const { page } = await openClustered(t);
  await waitForStored(page, ({ head }) => head?.clustering);
  await page.locator('.memory input').uncheck();
  await page.locator('.memory', { hasText: 'What is stored stays until it is forgotten.' }).waitFor();
  await call(page, 'rename', 0, 'Not kept');
  await page.waitForTimeout(2000);
  const { head } = await stored(page);
  assert.ok(!head.arrangement.clusters.some(({ name }) => name === 'Not kept'));
  await page.reload();
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  assert.equal(await result(page), null, 'switched off, nothing is restored');
  assert.equal(await page.locator('.memory input').isChecked(), false);
  await page.locator('.memory input').check();
  await settled(page, PICTURES);
});

/** Replaces the page's element by one with these attributes only, as on another site, with nothing in `localStorage`. */
const replaceElement = (page, given) => page.evaluate(async (attributes) => {
  const embedded = document.createElement('image-shoal');
  for (const [name, value] of Object.entries(attributes)) embedded.setAttribute(name, value);
  localStorage.clear();
  document.querySelector('image-shoal').replaceWith(embedded);
  await embedded.ready;
}, given);

test('an embedded element stores nothing', async (t) => {
  const { page } = await openPage(t);
  await replaceElement(page, QUICK.attributes);
  await addPaths(page, [sampleFolder()]);
  await cluster(page, { k: 4 });
  await call(page, 'rename', 0, 'Mine');
  await page.waitForTimeout(1500);
  assert.deepEqual(await databases(page), []);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.equal(await page.locator('.memory').count(), 0);
});

test('an invalid value of `remember` is reported and stores nothing', async (t) => {
  for (const remember of ['false', '0', '-5', 'lots']) {
    const { page } = await openPage(t, { remember: true });
    await replaceElement(page, { ...QUICK.attributes, remember });
    await page.locator('.notice[data-code=bad-option]').waitFor();
    await addPaths(page, [sampleFolder()]);
    await cluster(page, { k: 4 });
    await page.waitForTimeout(1500);
    assert.deepEqual(await stored(page), { features: 0, bytes: 0, head: null, pictures: [] }, remember);
  }
});

test('features are stored up to a limit', async (t) => {
  const { page } = await openPage(t, { ...QUICK, attributes: { ...QUICK.attributes, remember: '0.3' } });
  await addPaths(page, [sampleFolder()]);
  await page.locator('.notice[data-code=storage-full]').waitFor();
  await cluster(page, { k: 4 });
  const { features, bytes } = await waitForStored(page, ({ bytes, head }) => bytes <= 300_000 && head?.clustering);
  assert.ok(features > 20 && bytes > 250_000, `${features} of ${bytes} bytes`);
  // The stored images are restored, and the missing ones are reported.
  await page.reload();
  await settled(page, features);
  await page.locator('.notice[data-code=session-incomplete]').waitFor();
});

test('without storage in the browser a notice appears, and everything else works', async (t) => {
  const prepare = () => {
    IDBFactory.prototype.open = () => { throw new DOMException('not here', 'SecurityError'); };
  };
  const { page } = await openPage(t, { ...QUICK, prepare });
  await page.locator('.notice[data-code=storage-unavailable]').waitFor();
  await page.locator('.memory', { hasText: 'does not let the page remember' }).waitFor();
  assert.equal((await addPaths(page, [sampleFolder()])).added, PICTURES);
  assert.equal((await cluster(page, { k: 4 })).k, 4);
});

test('with a full disk a notice appears, and everything else works', async (t) => {
  const { page } = await openPage(t, QUICK);
  await limitStorage(page, 1);
  assert.equal((await addPaths(page, [sampleFolder()])).added, PICTURES);
  await page.locator('.notice[data-code=storage-full]').waitFor();
  assert.equal((await cluster(page, { k: 4 })).k, 4);

  // What could not be stored is stored once there is room.
  await limitStorage(page, 1e9);
  await waitForStored(page, ({ features, head }) => features === PICTURES && head?.clustering?.k === 4);
});

test('attributes that the page sets win over stored settings', async (t) => {
  const { page } = await openClustered(t);
  await waitForStored(page, ({ head, pictures }) => head?.settings.size === '64' && pictures.length === PICTURES);
  await page.addInitScript(() => {
    new MutationObserver((changes, observer) => {
      const element = document.querySelector('image-shoal');
      if (!element) return;
      observer.disconnect();
      element.setAttribute('size', '96');
    }).observe(document, { childList: true, subtree: true });
  });
  await reload(page);
  // Features for the stored size would suffice.
  await assert.rejects(cluster(page, { k: 4 }), { code: 'originals-missing' });
});

test('sample pictures are drawn again after a reload, and make way for the user\'s', async (t) => {
  const { page } = await openPage(t, { ...QUICK, attributes: { ...QUICK.attributes, k: '4' } });
  await page.getByRole('button', { name: 'Try sample pictures' }).click();
  await settled(page, PICTURES);
  await waitForStored(page, ({ head, pictures }) => head?.clustering && pictures.length === PICTURES);
  await reload(page);
  assert.equal(await page.locator('.originals').count(), 0, 'there is no folder to drop');
  const zip = join(makeFolder(t, 'zip'), 'shoal.zip');
  writeFileSync(zip, Buffer.from(await exportZip(page), 'base64'));
  assert.equal((await readZip(zip)).size, PICTURES + 2);

  const own = fill(makeFolder(t, 'own'), Object.fromEntries(
    sampleFiles().slice(0, 8).map((file, index) => [`${index}.jpg`, file]),
  ));
  await dropPaths(page, [own]);
  const { items } = await settled(page, 8);
  assert.ok(items.every(({ path }) => path.startsWith('own/')), 'samples are not mixed with other pictures');
});

test('a stored directory handle restores the source files with one click', async (t) => {
  const { page } = await openPage(t, QUICK);
  const files = sampleFiles().slice(0, 12).map((file, index) => [`${index}.jpg`, readFileSync(file).toString('base64')]);
  const added = await page.evaluate(async (files) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('trip', { create: true });
    for (const [name, base64] of files) {
      const writer = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writer.write(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
      await writer.close();
    }
    return document.querySelector('image-shoal').add(folder);
  }, files);
  assert.equal(added.added, 12);
  await cluster(page, { k: 3 });
  await waitForStored(page, ({ head }) => head?.clustering);
  await page.waitForTimeout(300);
  await reload(page, 12);
  await page.locator('.originals button').click();
  await page.locator('.originals').waitFor({ state: 'detached' });
  await exportZip(page);
});

test('dropping the folder again restores the source files at once', async (t) => {
  const { page } = await openPage(t, QUICK);
  await dropPaths(page, [sampleFolder()]);
  await settled(page, PICTURES);
  await waitForStored(page, ({ features, head }) => features === PICTURES && head?.clustering);
  await reload(page);
  await dropPaths(page, [sampleFolder()]);
  await page.locator('.originals').waitFor({ state: 'detached' });
  assert.equal((await result(page)).items.length, PICTURES);
  assert.ok((await shadowText(page, '.summary h2')).startsWith('60 pictures'));
});

// Adding images without a drop: the file chooser, pasting, and the samples.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { sampleFiles, sampleFolder } from './support/pictures.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { result, settled } from './support/shoal.mjs';

const QUICK = { attributes: { k: '3', size: '64' } };

async function choose(page, button, paths) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(paths);
}

test('chosen files are clustered', async (t) => {
  const { page } = await openPage(t, QUICK);
  await choose(page, 'Choose files', sampleFiles().slice(0, 20));
  await settled(page, 20);
});

test('a chosen folder is clustered, and its paths start with its name', async (t) => {
  const { page } = await openPage(t, QUICK);
  await choose(page, 'Choose folder', sampleFolder());
  const { items } = await settled(page, 60);
  assert.ok(items.every(({ path }) => /^samples\/[^/]+\/[^/]+$/.test(path)));
});

test('pasted images are clustered', async (t) => {
  const { page } = await openPage(t, QUICK);
  const pictures = sampleFiles().slice(0, 4).map((path) => ({
    name: path.split('/').at(-1),
    base64: readFileSync(path).toString('base64'),
  }));
  await page.evaluate((pictures) => {
    const clipboardData = new DataTransfer();
    for (const { name, base64 } of pictures) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      clipboardData.items.add(new File([bytes], name));
    }
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true }));
  }, pictures);
  await settled(page, 4);
});

test('one click clusters the samples, and two clear them', async (t) => {
  const { page } = await openPage(t, { attributes: { k: '6' } });
  await page.getByRole('button', { name: /sample/i }).click();
  const clustered = await settled(page, 60);
  const nmi = nmiWithKinds(clustered);
  t.diagnostic(`NMI with the kinds: ${nmi.toFixed(3)}`);
  assert.ok(nmi >= 0.9);
  await page.getByRole('button', { name: 'Clear all' }).click();
  assert.notEqual(await result(page), null, 'one press asks');
  await page.getByRole('button', { name: 'Press again to clear all' }).click();
  await page.getByRole('button', { name: /sample/i }).waitFor();
  assert.equal(await result(page), null);
});

test('the main workflow works with the keyboard', async (t) => {
  const { page } = await openPage(t, { attributes: { k: '6', size: '64' } });
  await page.getByRole('button', { name: /sample/i }).focus();
  await page.keyboard.press('Enter');
  await settled(page, 60);
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('image-shoal').result?.k === 7);
  await settled(page, 60);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /zip/i }).focus();
  await page.keyboard.press('Enter');
  assert.match((await download).suggestedFilename(), /\.zip$/);
});

/** Calls `add` with lone files that have one name, size and time, as a telephone passes them on. */
const addAlike = (page, pictures) => page.evaluate(async (pictures) => {
  const bytes = pictures.map((base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  const length = 500_000;
  const files = bytes.map((one) => {
    // Decoders ignore what follows an image's end.
    const padded = new Uint8Array(length);
    padded.set(one);
    return new File([padded], 'image.jpg', { type: 'image/jpeg', lastModified: 1_700_000_000_000 });
  });
  return document.querySelector('image-shoal').add(files);
}, pictures);

test('lone files of one name, size and time are told apart by their content', async (t) => {
  const { page } = await openPage(t, QUICK);
  const [one, two, three, four] = sampleFiles().map((path) => readFileSync(path).toString('base64'));
  const counts = async (pictures) => {
    const { added, reused } = await addAlike(page, pictures);
    return [added, reused];
  };
  assert.deepEqual(await counts([one]), [1, 0]);
  assert.deepEqual(await counts([two]), [1, 0]);
  assert.deepEqual(await counts([one]), [1, 1], 'the same bytes are the same image');
  assert.deepEqual(await counts([three, four]), [2, 0]);
});

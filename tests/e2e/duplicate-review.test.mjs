// The review of duplicates: one group at a time, by keys and clicks, with a summary before anything is set aside.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';

import { pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addCopies } from './support/copies.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster, settled } from './support/shoal.mjs';

const ATTRIBUTES = { workers: '2', size: '96' };
const KINDS = ['bicycle', 'boat', 'cat'];
const sample = (name) => sampleFiles().find((path) => basename(path) === `${name}.jpg`);

/** Three groups of duplicates: identical files, and two copies of half the size. */
async function openGroups(t, options = {}) {
  const own = Object.fromEntries(KINDS.map((kind) => [`${kind}.jpg`, sample(`${kind}-01`)]));
  const folder = fill(makeFolder(t, 'own'), { ...own, 'Masters/bicycle.jpg': sample('bicycle-01') });
  const opened = await openPage(t, { attributes: ATTRIBUTES, ...options });
  const { page } = opened;
  await addPaths(page, [folder]);
  await addCopies(page, ['boat', 'cat'].map((kind) => ({ path: sample(`${kind}-01`), name: `small ${kind}.png`, scale: 0.5 })));
  await cluster(page, { k: 2 });
  await settled(page, 6);
  await find(page);
  return opened;
}

const panelOf = (page) => page.locator('details.duplicates');

async function find(page) {
  const panel = panelOf(page);
  if (!(await panel.evaluate((element) => element.open))) await panel.locator('summary').click();
  await panel.getByRole('button', { name: 'Find duplicates' }).click();
  await panel.locator('p[role=status]').waitFor();
}

const kept = (page) => page.getByRole('dialog').locator('.review-images .kept .path').allInnerTexts();

test('groups are reviewed by keys, and all of it is undone at once', async (t) => {
  const { page } = await openGroups(t);
  await panelOf(page).getByRole('button', { name: 'Review one by one' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Group 1 of 3').waitFor();
  assert.deepEqual(await kept(page), ['own/Masters/bicycle.jpg']);
  // The other of the identical files.
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  assert.deepEqual(await kept(page), ['own/bicycle.jpg']);
  await page.keyboard.press('ArrowRight');
  await dialog.getByText('Group 2 of 3').waitFor();
  assert.deepEqual(await kept(page), ['own/boat.jpg']);
  await page.keyboard.press('a');
  assert.deepEqual(await kept(page), ['own/boat.jpg', 'small boat.png']);
  await dialog.getByRole('button', { name: 'To the summary' }).click();
  await dialog.getByText('2 pictures of 2 groups will be set aside.').waitFor();
  await dialog.getByText('1 group will be kept whole').waitFor();
  await dialog.getByText('You have not looked at 1 group.').waitFor();
  assert.deepEqual(pathsIn(await settled(page, 6), null), [], 'nothing is set aside before the summary is accepted');
  await dialog.getByRole('button', { name: 'Set aside' }).click();
  await page.locator('article.aside').getByText('2 pictures', { exact: true }).waitFor();
  assert.deepEqual(pathsIn(await settled(page, 6), null), ['own/Masters/bicycle.jpg', 'small cat.png']);

  await page.locator('.summary').getByRole('button', { name: 'Undo' }).click();
  await page.locator('article.aside').waitFor({ state: 'detached' });
  await find(page);
  await panelOf(page).locator('p[role=status]').getByText('2 groups of duplicates').waitFor();
  await panelOf(page).getByText('1 group was kept whole and not offered again.').waitFor();
  await panelOf(page).getByRole('button', { name: 'Offer them again' }).click();
  await panelOf(page).locator('p[role=status]').getByText('3 groups of duplicates').waitFor();
});

test('images are kept by click, zoomed together, and the dialog is left without a change', async (t) => {
  const { page } = await openGroups(t);
  await panelOf(page).getByRole('button', { name: 'Review one by one' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('Group 2 of 3').waitFor();
  await dialog.getByRole('button', { name: 'Keep 2: small boat.png' }).click();
  assert.deepEqual(await kept(page), ['own/boat.jpg', 'small boat.png']);
  const transforms = () => dialog.locator('.frame img').evaluateAll((images) => images.map((image) => image.style.transform));
  await page.keyboard.press('+');
  const [one, other] = await transforms();
  assert.match(one, /scale\(1\.25\)/);
  assert.equal(one, other);
  const box = await dialog.locator('.frame').first().boundingBox();
  await page.mouse.move(box.x + 50, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 70, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const [moved, movedToo] = await transforms();
  assert.notEqual(moved, one);
  assert.equal(moved, movedToo);
  assert.deepEqual(await kept(page), ['own/boat.jpg', 'small boat.png'], 'a drag is no click');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' }).catch(() => dialog.waitFor({ state: 'hidden' }));
  assert.deepEqual(pathsIn(await settled(page, 6), null), []);
});

test('a preferred folder and a rule choose what is kept', async (t) => {
  const { page } = await openGroups(t);
  const panel = panelOf(page);
  await panel.getByRole('combobox', { name: 'Prefer the folder' }).selectOption('own');
  await panel.getByRole('combobox', { name: 'Keep' }).selectOption({ label: 'the largest file' });
  await panel.getByRole('button', { name: 'Keep the best of each' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Set aside' }).click();
  await page.locator('article.aside').getByText('3 pictures', { exact: true }).waitFor();
  const excluded = pathsIn(await settled(page, 6), null);
  assert.equal(excluded.length, 3);
  assert.ok(excluded.includes('small boat.png') && excluded.includes('small cat.png'), `${excluded}`);
});

test('groups that were kept whole are remembered by content: in the session file, and in the browser', async (t) => {
  const { page } = await openGroups(t, { remember: true });
  const paths = async () => (await call(page, 'duplicates')).map((group) => group.paths.length);
  assert.equal((await paths()).length, 3);
  await call(page, 'keepDuplicates', [['own/boat.jpg', 'small boat.png']]);
  assert.equal((await paths()).length, 2);
  const session = await page.evaluate(async () => (await document.querySelector('image-shoal').exportSession()).text());
  assert.equal(JSON.parse(session).keptDuplicates.length, 1);
  await assert.rejects(call(page, 'keepDuplicates', [['nowhere.jpg']]), { code: 'unknown-picture' });

  // A change is stored within a second.
  await page.waitForTimeout(2500);
  await page.reload();
  await settled(page, 6);
  assert.equal((await paths()).length, 2, 'after a reload');

  const { page: other } = await openGroups(t);
  const restored = await other.evaluate(async (session) => {
    const shoal = document.querySelector('image-shoal');
    await shoal.importSession(new Blob([session]));
    return (await shoal.duplicates()).length;
  }, session);
  assert.equal(restored, 2);
});

// The settings agree with what is shown, and say so when they do not.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openImported } from './support/imported.mjs';
import { call, cluster, settled } from './support/shoal.mjs';

async function open(t, attributes) {
  const { page } = await openImported(t, { attributes });
  await cluster(page);
  await settled(page, 60);
  return { page, slider: page.locator('input#k'), count: page.locator('output[for=k]') };
}

test('the slider shows the number of groups that is shown', async (t) => {
  const { page, slider, count } = await open(t, { k: '7' });
  assert.equal(await slider.inputValue(), '7');
  await cluster(page, { k: 4 });
  await page.getByRole('heading', { name: '60 pictures in 4 groups' }).waitFor();
  assert.equal(await count.textContent(), '4');
  await call(page, 'undo');
  await page.getByRole('heading', { name: '60 pictures in 7 groups' }).waitFor();
  assert.deepEqual([await count.textContent(), await slider.inputValue()], ['7', '7']);
});

test('a method that finds the number of groups leaves none to choose', async (t) => {
  const { page, slider } = await open(t, { k: '6' });
  await page.getByText('More settings').click();
  await page.getByRole('combobox', { name: 'Method' }).selectOption('ward');
  assert.ok(await slider.isEnabled());
  await page.getByRole('combobox', { name: 'Method' }).selectOption('hdbscan');
  assert.ok(await slider.isDisabled());
  assert.ok(await page.getByRole('checkbox', { name: 'choose for me' }).isDisabled());
});

test('changed settings wait visibly until the pictures are grouped again', async (t) => {
  const { page } = await open(t, { k: '6' });
  await page.getByText('More settings').click();
  const mark = page.getByText('changed: group again to apply');
  assert.equal(await mark.count(), 0);
  await page.getByRole('combobox', { name: 'Method' }).selectOption('ward');
  await mark.waitFor();
  await page.getByRole('button', { name: 'Group again', exact: true }).click();
  await mark.waitFor({ state: 'detached' });
  assert.equal((await settled(page, 60)).method, 'ward');

  await page.getByRole('spinbutton', { name: 'Seed' }).fill('3');
  await page.getByRole('spinbutton', { name: 'Seed' }).blur();
  await mark.waitFor();
});

test('the curve marks a number only while its clusters are shown', async (t) => {
  const { page } = await open(t, {});
  const pressed = page.locator('.proposals [aria-pressed=true]');
  await pressed.waitFor();
  const [first, second] = await page.evaluate(() => document.querySelector('image-shoal').result.clusters.map(({ id }) => id));
  await call(page, 'split', first, 2);
  await pressed.waitFor({ state: 'detached' });
  const { clusters } = await settled(page, 60);
  await call(page, 'merge', [second, clusters.at(-1).id]);
  await settled(page, 60);
  assert.equal(await pressed.count(), 0, 'as many groups as before, but others');
});

// Accessibility of every state of the page, checked with axe: light, dark and narrow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { mixedFolder, sampleFolder } from './support/pictures.mjs';
import { cluster, selectOne } from './support/shoal.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VARIANTS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
};

/** The violations that axe finds. It runs through the debugger, because the page's policy allows no other scripts. */
async function violations(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Runtime.evaluate', { expression: AXE });
  const { result } = await client.send('Runtime.evaluate', {
    // Preloading would add style sheets in a way that the policy forbids.
    expression: `axe.run(document, { preload: false, resultTypes: ['violations'] })
      .then(({ violations }) => JSON.stringify(violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await client.detach();
  return JSON.parse(result.value).flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => (
    `${id}: ${html.slice(0, 160)}: ${failureSummary}`
  )));
}

const assertAccessible = async (page, state) => assert.deepEqual(await violations(page), [], state);

test('axe finds violations inside the element', async (t) => {
  const { page } = await openPage(t);
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('image-shoal');
    shadowRoot.querySelector('.drop-area').append(document.createElement('img'), document.createElement('select'));
  });
  const found = await violations(page);
  assert.deepEqual(found.map((words) => words.split(':')[0]), ['image-alt', 'select-name']);
});

for (const [variant, context] of Object.entries(VARIANTS)) {
  test(`empty, clustered and opened, ${variant}`, async (t) => {
    const { page } = await openPage(t, { attributes: { workers: '2', size: '64' }, context });
    await assertAccessible(page, 'empty');
    await addPaths(page, [sampleFolder()]);
    await cluster(page);
    await assertAccessible(page, 'clustered');

    await page.getByRole('button', { name: 'Show all' }).first().click();
    for (const details of await page.locator('details').all()) {
      await details.evaluate((element) => { element.open = true; });
    }
    await page.getByRole('button', { name: 'Find duplicates' }).click();
    await page.locator('.duplicates [role=status]').waitFor();
    await assertAccessible(page, 'opened');

    await selectOne(page.getByRole('listbox').getByRole('option').first());
    await page.getByRole('button', { name: 'Move to…' }).click();
    await page.getByRole('menu').waitFor();
    await assertAccessible(page, 'a menu over the selection');
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').getByRole('option').first().click();
    await page.getByRole('dialog').getByRole('listitem').last().waitFor();
    await assertAccessible(page, 'the lightbox');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Select none' }).click();

    const map = page.getByRole('application');
    await map.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Select none' }).waitFor();
    await page.getByRole('button', { name: 'Pictures', exact: true }).click();
    await assertAccessible(page, 'selected on the map');
    await page.getByRole('button', { name: '3D' }).click();
    await assertAccessible(page, 'the 3D map');
  });

  test(`errors, ${variant}`, async (t) => {
    const { page } = await openPage(t, { attributes: { k: '9', workers: '2', size: '64' }, context });
    await dropPaths(page, [mixedFolder(t)]);
    await page.locator('[data-code="k-out-of-range"]').waitFor();
    await page.locator('details.refused summary').first().click();
    await assertAccessible(page, 'errors');
  });
}

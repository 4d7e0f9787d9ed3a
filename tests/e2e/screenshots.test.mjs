// Screenshots of the page in its states, for review: artifacts/*.png.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { fill, makeFolder, manyPictures, mixedFolder, sampleFolder } from './support/pictures.mjs';
import { limitStorage } from './support/quota.mjs';
import { selectOne, settled } from './support/shoal.mjs';

const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url));
mkdirSync(ARTIFACTS, { recursive: true });

const shoot = (page, name, options) => (
  page.screenshot({ path: `${ARTIFACTS}${name}.png`, fullPage: true, ...options })
);

async function checkWidth(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) throw new Error(`the page is ${overflow} px wider than the window`);
}

const VARIANTS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 },
};
const THEMES = Object.entries(VARIANTS).filter(([variant]) => variant !== 'narrow');

for (const [variant, context] of Object.entries(VARIANTS)) {
  test(`empty and clustered, ${variant}`, async (t) => {
    const { page } = await openPage(t, { context, attributes: { k: '6' } });
    await shoot(page, `empty-${variant}`);
    await dropPaths(page, [sampleFolder()]);
    await settled(page, 60);
    // Images at the end are decoded when they come into view.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForTimeout(300);
    await page.evaluate(() => scrollTo(0, 0));
    await shoot(page, `groups-${variant}`);
    await checkWidth(page);

    // All details, and the 3D map.
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await page.getByRole('button', { name: '3D' }).click();
    for (const details of await page.locator('details').all()) {
      await details.evaluate((element) => { element.open = true; });
    }
    const pictures = page.getByRole('listbox').getByRole('option');
    await selectOne(pictures.nth(0));
    await pictures.nth(2).click({ modifiers: ['Shift'] });
    await page.getByRole('button', { name: 'Move to…' }).click();
    await page.getByRole('menu').waitFor();
    await shoot(page, `selected-${variant}`, { fullPage: false });
    await page.keyboard.press('Escape');
    await pictures.nth(1).click();
    await page.getByRole('dialog').getByRole('listitem').nth(11).waitFor();
    await shoot(page, `large-${variant}`, { fullPage: false });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Find duplicates' }).click();
    await page.locator('.duplicates [role=status]').waitFor();
    await shoot(page, `opened-${variant}`);
    await checkWidth(page);
  });
}

for (const [variant, context] of THEMES) {
  test(`dragging, busy and one cluster, ${variant}`, async (t) => {
    const { page } = await openPage(t, { context, attributes: { workers: '1', size: '224', k: '6' } });
    const client = await page.context().newCDPSession(page);
    const data = { items: [], files: [sampleFolder()], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver']) {
      await client.send('Input.dispatchDragEvent', { type, x: 640, y: 300, data });
    }
    await shoot(page, `dragging-${variant}`);

    await dropPaths(page, [manyPictures(t)]);
    await page.getByRole('region', { name: 'First groups' }).waitFor();
    await shoot(page, `busy-${variant}`);
    await settled(page, 180);
    const all = await page.evaluate(() => document.querySelector('image-shoal').result.clusters.map(({ id }) => id));
    await page.evaluate((all) => document.querySelector('image-shoal').merge(all), all);
    await settled(page, 180);
    await shoot(page, `one-group-${variant}`);
  });

  test(`an unsupported browser, and full storage, ${variant}`, async (t) => {
    const old = await openPage(t, {
      context,
      waitUntilReady: false,
      prepare: () => { WebAssembly.validate = () => false; },
    });
    await old.page.getByRole('paragraph').filter({ hasText: 'this browser is too old' }).waitFor();
    await shoot(old.page, `unsupported-${variant}`);

    const full = await openPage(t, { context, attributes: { k: '6', size: '64' }, remember: true });
    await limitStorage(full.page, 1);
    await dropPaths(full.page, [sampleFolder()]);
    await full.page.locator('[data-code="storage-full"]').waitFor();
    await settled(full.page, 60);
    await full.page.waitForTimeout(300);
    await shoot(full.page, `storage-full-${variant}`);
  });
}

for (const [variant, context] of THEMES) {
  test(`reading folders and clustering, ${variant}`, async (t) => {
    const { page } = await openPage(t, { context, attributes: { size: '64', k: '6' } });
    const progress = page.locator('.progress-words');
    const cancel = page.getByRole('button', { name: 'Cancel' });
    // So many files and restarts take far longer than a screenshot.
    const empty = Array.from({ length: 20_000 }, (_, index) => [`${index % 100}/${index}.txt`, Buffer.alloc(0)]);
    await dropPaths(page, [fill(makeFolder(t, 'large'), Object.fromEntries(empty))]);
    await progress.filter({ hasText: /found/ }).waitFor();
    await shoot(page, `reading-${variant}`);
    await cancel.click();
    await cancel.waitFor({ state: 'detached' });

    await dropPaths(page, [sampleFolder()]);
    await settled(page, 60);
    page.evaluate(() => document.querySelector('image-shoal').cluster({ k: 'auto', restarts: 20_000 }).catch(() => {}));
    await progress.filter({ hasText: /[1-9] %/ }).waitFor();
    await shoot(page, `clustering-${variant}`);
    await cancel.click();
    await cancel.waitFor({ state: 'detached' });
  });

  test(`offline, ${variant}`, async (t) => {
    const { page } = await openPage(t, { context, attributes: { k: '6' } });
    await dropPaths(page, [sampleFolder()]);
    await settled(page, 60);
    await page.waitForTimeout(300);
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await shoot(page, `offline-${variant}`, { fullPage: false });
  });

  test(`errors, ${variant}`, async (t) => {
    const { page } = await openPage(t, { context, attributes: { k: '9' } });
    await dropPaths(page, [mixedFolder(t)]);
    await page.locator('[data-code="k-out-of-range"]').waitFor();
    await page.locator('details.refused summary').first().click();
    await shoot(page, `wrong-${variant}`);
  });
}

// Browsers that are too old for Shoal: they get a message, and the oldest that are not can read every file.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { parse } from 'acorn';

import { openEmptyPage, openPage } from './support/browser.mjs';
import { startSite } from './support/site.mjs';

const ROOT = new URL('../../', import.meta.url);
const DIST = new URL('dist/', ROOT);
const FLOOR = 'Chrome 123, Firefox 120, Safari 17.5';
/** What the oldest of these browsers read as modules. */
const MODULE_SYNTAX = 2022;

const text = (path, base = ROOT) => readFileSync(new URL(path, base), 'utf8');

/** What a browser would lack, and a script that takes it away. */
const LACKS = {
  'WebAssembly with SIMD': () => { WebAssembly.validate = () => false; },
  OffscreenCanvas: () => { delete globalThis.OffscreenCanvas; },
  'light-dark() of CSS': () => { CSS.supports = () => false; },
};

for (const [feature, prepare] of Object.entries(LACKS)) {
  test(`a browser without ${feature} is rejected as too old`, async (t) => {
    const { page } = await openPage(t, { waitUntilReady: false, prepare });
    const message = `this browser is too old for Shoal, which needs ${FLOOR} or later: ${feature} is missing`;
    await page.locator('.skeleton').getByText(message, { exact: true }).waitFor();
    const code = await page.evaluate(() => document.querySelector('image-shoal').ready.catch((error) => error.code));
    assert.equal(code, 'browser-unsupported');
    assert.equal(await page.locator('#old-browser').isVisible(), false, 'there is one message');
  });
}

test('a browser that cannot read the modules shows a message', async (t) => {
  const site = await startSite();
  t.after(site.close);
  const page = await openEmptyPage(t, { context: { serviceWorkers: 'block' } });
  const unreadable = [];
  page.on('pageerror', ({ name }) => unreadable.push(name));
  // For every browser, these are what the modules are for one that is too old.
  await page.route(/\.js(\?|$)/, async (route) => {
    if (/old-browser\b/.test(route.request().url())) await route.continue();
    else await route.fulfill({ contentType: 'text/javascript', body: 'class { static {{ syntax of the future' });
  });
  await page.addInitScript(LACKS['light-dark() of CSS']);
  await page.goto(site.url);
  const message = `This browser is too old for Shoal, which needs ${FLOOR} or later.`;
  await page.getByRole('alert').getByText(message, { exact: true }).waitFor();
  assert.deepEqual([...new Set(unreadable)], ['SyntaxError']);
});

test('the oldest browsers that are named can read every file', () => {
  parse(text('old-browser.js', DIST), { ecmaVersion: 5, sourceType: 'script' });
  const modules = readdirSync(DIST).filter((name) => /\.js$/.test(name) && !/^(old-browser|sw)\b/.test(name));
  assert.ok(modules.some((name) => /^worker_relaxed\b/.test(name)), `${modules}`);
  for (const name of modules) {
    assert.doesNotThrow(() => parse(text(name, DIST), { ecmaVersion: MODULE_SYNTAX, sourceType: 'module' }), name);
  }
  parse(text('sw.js', DIST), { ecmaVersion: MODULE_SYNTAX, sourceType: 'script' });
});

test('the documentation names the same browsers as the messages', () => {
  for (const path of ['README.md', 'docs/package.md', 'www/index.html', 'www/image-shoal.js']) {
    assert.ok(text(path).replace(/\s+/g, ' ').includes(FLOOR), path);
  }
});

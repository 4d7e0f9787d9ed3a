// The widget in another site's page: another origin, that page's policy and styles, elements added and removed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openEmptyPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';
import { startSite } from './support/site.mjs';
import { watchForErrors } from './support/page-errors.mjs';

/** The policy that the README recommends, for a widget from `origin`. */
const policyFor = (origin) => [
  "default-src 'none'", `script-src 'self' ${origin} 'wasm-unsafe-eval'`, `worker-src blob: ${origin}`, `connect-src ${origin}`,
  'img-src blob: data:', `style-src 'self' ${origin}`,
].join('; ');

/** Opens a page that embeds the widget from another origin. `head` is added to it; `body` replaces the widget. */
async function openEmbedder(t, { head = '', body = '<image-shoal size="64" workers="2"></image-shoal>', files = {} } = {}) {
  const widget = await startSite({ cors: true });
  const { origin } = new URL(widget.url);
  const folder = fill(makeFolder(t, 'embedder'), {
    'index.html': Buffer.from(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>embedder</title>
      <meta http-equiv="Content-Security-Policy" content="${policyFor(origin)}"><link rel="icon" href="data:,">${head}
      <script type="module" src="${widget.url}image-shoal.js"></script></head><body>${body}</body></html>`),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
  });
  const site = await startSite({ folder, mount: '/' });
  const page = await openEmptyPage(t);
  const errors = watchForErrors(page, site.url, undefined, [origin]);
  t.after(async () => {
    await Promise.all([site.close(), widget.close()]);
    errors.check();
  });
  await page.goto(site.url);
  await page.waitForFunction(() => customElements.get('image-shoal'));
  return { page, site, widget };
}

test('it works from another origin, with the policy of the README', async (t) => {
  const { page, site, widget } = await openEmbedder(t);
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  await dropPaths(page, sampleFiles().slice(0, 9));
  const { items } = await settled(page, 9);
  assert.equal(items.length, 9);
  assert.equal(page.workers().length, 2);
  assert.deepEqual(site.requests, ['GET / 200'], 'nothing is requested from the page\'s own server');
  assert.ok(widget.requests.every((line) => /^GET \/some\/folder\/.* 200$/.test(line)));
  const stored = await page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    caches: (await caches.keys()).length,
    local: localStorage.length,
    databases: (await indexedDB.databases()).length,
  }));
  assert.deepEqual(stored, { workers: 0, caches: 0, local: 0, databases: 0 }, 'nothing is stored in the browser');
});

test('two elements are independent, and workers end with their element', async (t) => {
  const first = '<image-shoal size="64" workers="1"></image-shoal>';
  const { page } = await openEmbedder(t, { body: `${first}${first.replace('workers="1"', 'workers="2" id="second"')}` });
  const workers = (count) => page.waitForFunction(() => true).then(async () => {
    for (let tries = 0; page.workers().length !== count && tries < 100; tries += 1) await page.waitForTimeout(50);
    assert.equal(page.workers().length, count);
  });
  await page.evaluate(() => Promise.all([...document.querySelectorAll('image-shoal')].map(({ ready }) => ready)));
  await workers(3);
  await dropPaths(page, sampleFiles().slice(0, 6));
  await settled(page, 6);
  assert.equal(await page.evaluate(() => document.querySelector('#second').result), null);

  await page.evaluate(() => document.querySelector('#second').remove());
  await workers(1);
  await page.evaluate(() => document.querySelector('image-shoal').remove());
  await workers(0);
  // A new element starts again.
  await page.evaluate(() => {
    const shoal = document.createElement('image-shoal');
    shoal.setAttribute('workers', '1');
    document.body.append(shoal);
    return shoal.ready;
  });
  await workers(1);
});

test('styles are isolated, except for those meant to apply', async (t) => {
  const styles = `
    button { background: rgb(255, 0, 0) !important; text-transform: uppercase !important; }
    h2, p, .shoal, .drop-area { color: rgb(255, 0, 0); display: none; }
    body { font-family: monospace; color-scheme: dark; }
    image-shoal { --shoal-accent: rgb(1, 2, 3); }
    image-shoal::part(drop-area) { border-style: double; }`;
  const { page } = await openEmbedder(t, {
    head: '<link rel="stylesheet" href="hostile.css">', files: { 'hostile.css': styles },
    body: '<image-shoal workers="1"></image-shoal><button id="outside">outside</button><h2 id="title">outside</h2>',
  });
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  const computed = await page.evaluate(() => {
    const inside = document.querySelector('image-shoal').shadowRoot;
    const style = (element) => getComputedStyle(element);
    const primary = inside.querySelector('button.primary');
    const area = inside.querySelector('.drop-area');
    return {
      accent: style(primary).backgroundColor,
      transform: style(primary).textTransform,
      title: style(inside.querySelector('h2')).display,
      font: style(primary).fontFamily,
      // The dark one, because light-dark() follows the page's color scheme.
      surface: style(area).backgroundColor,
      border: style(area).borderTopStyle,
      outsideHeight: style(document.querySelector('#outside')).minHeight,
      outsideMargin: style(document.querySelector('#title')).marginTop,
    };
  });
  assert.deepEqual(computed, {
    accent: 'rgb(1, 2, 3)', transform: 'none', title: 'block', font: 'monospace', surface: 'rgb(24, 29, 37)',
    border: 'double', outsideHeight: '0px', outsideMargin: computed.outsideMargin,
  });
  assert.notEqual(computed.outsideMargin, '0px', 'the widget\'s rules do not apply outside');
});

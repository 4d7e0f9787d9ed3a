// The widget in somebody else's page: from another origin, under that page's own policy and styles, coming and going.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';
import { startSite } from './support/site.mjs';
import { watchForErrors } from './support/page-errors.mjs';

/** The policy that README gives to embedders, for a widget from `origin`. */
const policyFor = (origin) => [
  "default-src 'none'", `script-src 'self' ${origin} 'wasm-unsafe-eval'`, `worker-src blob: ${origin}`, `connect-src ${origin}`,
  'img-src blob: data:', `style-src 'self' ${origin}`,
].join('; ');

/** Opens a page of its own origin that embeds the widget from another; `head` goes into it, `body` in place of the widget. */
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
  const browser = await launch([]);
  const page = await browser.newPage();
  const errors = watchForErrors(page, site.url, undefined, [origin]);
  t.after(async () => {
    await browser.close();
    await Promise.all([site.close(), widget.close()]);
    errors.check();
  });
  await page.goto(site.url);
  await page.waitForFunction(() => customElements.get('image-shoal'));
  return { page, site, widget };
}

test('it works from another origin, under the policy of README', async (t) => {
  const { page, site, widget } = await openEmbedder(t);
  await page.evaluate(() => document.querySelector('image-shoal').ready);
  await dropPaths(page, sampleFiles().slice(0, 9));
  const { items } = await settled(page, 9);
  assert.equal(items.length, 9);
  assert.equal(page.workers().length, 2);
  assert.deepEqual(site.requests, ['GET / 200'], 'the page\'s own server is asked for nothing');
  assert.ok(widget.requests.every((line) => /^GET \/some\/folder\/.* 200$/.test(line)));
  const kept = await page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    caches: (await caches.keys()).length,
    local: localStorage.length,
    databases: (await indexedDB.databases()).length,
  }));
  assert.deepEqual(kept, { workers: 0, caches: 0, local: 0, databases: 0 }, 'it leaves nothing in the browser');
});

test('two on a page know nothing of each other, and workers end with their element', async (t) => {
  const one = '<image-shoal size="64" workers="1"></image-shoal>';
  const { page } = await openEmbedder(t, { body: `${one}${one.replace('workers="1"', 'workers="2" id="second"')}` });
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
  // Put back, it begins anew.
  await page.evaluate(() => {
    const shoal = document.createElement('image-shoal');
    shoal.setAttribute('workers', '1');
    document.body.append(shoal);
    return shoal.ready;
  });
  await workers(1);
});

test('styles stay on their side, but for what is meant to cross', async (t) => {
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
  const seen = await page.evaluate(() => {
    const inside = document.querySelector('image-shoal').shadowRoot;
    const style = (element) => getComputedStyle(element);
    const primary = inside.querySelector('button.primary');
    const area = inside.querySelector('.drop-area');
    return {
      accent: style(primary).backgroundColor,
      transform: style(primary).textTransform,
      title: style(inside.querySelector('h2')).display,
      font: style(primary).fontFamily,
      // Of the dark scheme, which light-dark() follows.
      surface: style(area).backgroundColor,
      border: style(area).borderTopStyle,
      outsideHeight: style(document.querySelector('#outside')).minHeight,
      outsideMargin: style(document.querySelector('#title')).marginTop,
    };
  });
  assert.deepEqual(seen, {
    accent: 'rgb(1, 2, 3)', transform: 'none', title: 'block', font: 'monospace', surface: 'rgb(24, 29, 37)',
    border: 'double', outsideHeight: '0px', outsideMargin: seen.outsideMargin,
  });
  assert.notEqual(seen.outsideMargin, '0px', 'the widget\'s own rules stay inside');
});

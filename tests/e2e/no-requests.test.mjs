// Requests to other servers: the policy blocks them in the page and in its workers, and the page counts them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOFTWARE_GPU, openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';
import { startSite } from './support/site.mjs';

/** Tries every kind of request to `url`: those that succeed. Runs in the page or in a worker. */
async function possibleRequests(url) {
  const attempts = {
    fetch: () => fetch(url, { mode: 'no-cors' }),
    post: () => fetch(url, { method: 'POST', mode: 'no-cors', body: 'a picture' }),
    import: () => import(`${url}anything.js`),
    socket: () => new Promise((opened, blocked) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.onopen = opened;
      socket.onerror = blocked;
    }),
    worker: () => new Promise((started, blocked) => {
      const worker = new Worker(`${url}worker.js`);
      worker.onmessage = started;
      worker.onerror = blocked;
    }),
  };
  if (globalThis.document) {
    attempts.image = () => new Promise((loaded, blocked) => {
      const image = new Image();
      image.onload = loaded;
      image.onerror = blocked;
      image.src = `${url}image.png`;
    });
    // Its return value does not show whether it was blocked, but the other server records requests.
    navigator.sendBeacon(url, 'a picture');
  }
  const succeeded = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    await Promise.resolve().then(attempt).then(() => succeeded.push(name), () => {});
  }
  return succeeded;
}

for (const [kind, options] of Object.entries({
  'the page and its workers': { attributes: { workers: '2', size: '64', backend: 'cpu' } },
  'the GPU worker': { attributes: { workers: '1', size: '64', backend: 'webgpu' }, flags: SOFTWARE_GPU },
})) {
  test(`${kind} cannot reach another origin`, async (t) => {
    const other = await startSite({ cors: true });
    t.after(() => other.close());
    const { page, errors } = await openPage(t, options);
    await addPaths(page, sampleFiles().slice(0, 2));
    const workers = page.workers();
    assert.equal(workers.length, 2, 'the page and every worker are tested');
    for (const scope of [page, ...workers]) assert.deepEqual(await scope.evaluate(possibleRequests, other.url), []);
    assert.deepEqual(other.requests, [], 'no request arrives at the other server');
    // Every attempt is reported as a violation, which would make any other test fail.
    await page.waitForTimeout(1000);
    const violations = errors.found.splice(0);
    for (const directive of ['connect-src', 'img-src', 'script-src-elem']) {
      const words = `the policy forbids ${other.url}`;
      assert.ok(violations.some((line) => line.includes(words) && line.includes(directive)), directive);
    }
  });
}

test('the page counts requests to other servers, and lists its own', async (t) => {
  const { page, site } = await openPage(t, { attributes: { size: '64', workers: '2' } });
  const line = page.locator('#requests summary');
  assert.ok(await line.isHidden(), 'nothing is shown before there are images');
  site.requests.length = 0;
  await addPaths(page, sampleFiles().slice(0, 6));
  assert.equal(await line.textContent(), '0 requests to other servers');
  assert.deepEqual(site.requests, []);
  assert.equal(await page.locator('#requests li').count(), 0);
  // Suggesting names needs the classifier, which is fetched after the first clustering.
  await cluster(page, { k: 2 });
  await page.waitForFunction(() => document.querySelectorAll('#requests li').length === 1);
  assert.equal(await line.textContent(), '0 requests to other servers');
  assert.deepEqual(site.requests.map((request) => request.match(/weights\/\w+/)[0]), ['weights/mobilenet_v2_classifier']);
  await line.click();
  assert.match(await page.locator('#requests li').textContent(), /^weights\/mobilenet_v2_classifier/);
  assert.ok(await page.locator('#requests p').isVisible());
});

test('a request to another server is counted', async (t) => {
  const other = await startSite({ cors: true });
  t.after(() => other.close());
  // Only without the policy can the page make such a request.
  const { page, errors } = await openPage(t, { attributes: { size: '64', workers: '2' }, context: { bypassCSP: true } });
  await addPaths(page, sampleFiles().slice(0, 2));
  await page.evaluate((url) => fetch(`${url}page.css`, { mode: 'no-cors' }), other.url);
  await page.waitForFunction(() => document.querySelector('#requests summary').textContent === '1 request to other servers');
  assert.deepEqual(await page.locator('#requests li').allTextContents(), [`${other.url}page.css`]);
  assert.deepEqual(other.requests, ['GET /some/folder/page.css 200']);
  assert.deepEqual(errors.found.splice(0), [`request to another origin: ${other.url}page.css`]);
});

// Nothing can leave: the page and each kind of its workers are refused any other origin, and the page counts its requests.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOFTWARE_GPU, openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';
import { startSite } from './support/site.mjs';

/** Tries every way out to `url`, in the page or a worker: those that were not refused. */
async function waysOut(url) {
  const outcomes = {
    fetch: () => fetch(url, { mode: 'no-cors' }),
    post: () => fetch(url, { method: 'POST', mode: 'no-cors', body: 'a picture' }),
    import: () => import(`${url}anything.js`),
    socket: () => new Promise((open, refused) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.onopen = open;
      socket.onerror = refused;
    }),
    worker: () => new Promise((started, refused) => {
      const worker = new Worker(`${url}worker.js`);
      worker.onmessage = started;
      worker.onerror = refused;
    }),
  };
  if (globalThis.document) {
    outcomes.image = () => new Promise((loaded, refused) => {
      const image = new Image();
      image.onload = loaded;
      image.onerror = refused;
      image.src = `${url}image.png`;
    });
    // It says whether it was queued, which the policy prevents no browser from saying: the other server tells.
    navigator.sendBeacon(url, 'a picture');
  }
  const open = [];
  for (const [name, way] of Object.entries(outcomes)) {
    await Promise.resolve().then(way).then(() => open.push(name), () => {});
  }
  return open;
}

for (const [kind, options] of Object.entries({
  'the page and its workers': { attributes: { workers: '2', size: '64', backend: 'cpu' } },
  "the GPU's worker": { attributes: { workers: '1', size: '64', backend: 'webgpu' }, flags: SOFTWARE_GPU },
})) {
  test(`${kind} reach no other origin`, async (t) => {
    const other = await startSite({ cors: true });
    t.after(() => other.close());
    const { page, errors } = await openPage(t, options);
    await addPaths(page, sampleFiles().slice(0, 2));
    const workers = page.workers();
    assert.equal(workers.length, 2, 'every worker is asked');
    for (const place of [page, ...workers]) assert.deepEqual(await place.evaluate(waysOut, other.url), []);
    assert.deepEqual(other.requests, [], 'and nothing arrived there');
    // What was tried is told as errors, which it is everywhere else.
    await page.waitForTimeout(1000);
    const told = errors.found.splice(0);
    for (const directive of ['connect-src', 'img-src', 'script-src-elem']) {
      assert.ok(told.some((line) => line.includes(`the policy forbids ${other.url}`) && line.includes(directive)), directive);
    }
  });
}

test('the page counts its requests since pictures were added', async (t) => {
  const { page, site } = await openPage(t, { attributes: { size: '64', workers: '2' } });
  const line = page.locator('#requests summary');
  assert.ok(await line.isHidden(), 'nothing is said before there are pictures');
  site.requests.length = 0;
  await addPaths(page, sampleFiles().slice(0, 6));
  assert.equal(await line.textContent(), '0 requests since you added your pictures');
  assert.deepEqual(site.requests, []);
  // Names need the classifier, which is fetched once there are groups.
  await cluster(page, { k: 2 });
  await page.waitForFunction(() => /^1 request /.test(document.querySelector('#requests summary').textContent));
  assert.deepEqual(site.requests.map((request) => request.match(/weights\/\w+/)[0]), ['weights/mobilenet_v2_classifier']);
  await line.click();
  assert.match(await page.locator('#requests li').textContent(), /mobilenet_v2_classifier/);
});

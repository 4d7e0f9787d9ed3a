// Embedding on the GPU, which is played in software here: when it is taken, that it works, and that nothing
// is lost when it fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOFTWARE_GPU, openPage, setAttributes } from './support/browser.mjs';
import { addPaths, startAdding } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster, clustersByPath } from './support/shoal.mjs';

const SMALL = { size: '64', workers: '2' };

const gpuRequests = ({ requests }) => requests.filter((line) => /gpu/.test(line));

/** What `ready` says to an element that has had these attributes from the beginning. */
const readyWith = (page, attributes) => page.evaluate(async (attributes) => {
  const shoal = document.createElement('image-shoal');
  for (const [name, value] of Object.entries(attributes)) shoal.setAttribute(name, value);
  document.body.append(shoal);
  try {
    const ready = await shoal.ready;
    await new Promise((resolve) => { setTimeout(resolve); });
    return { ...ready, about: shoal.shadowRoot.querySelector('details.about')?.textContent };
  } catch ({ code, message }) {
    return { code, message };
  } finally {
    shoal.remove();
  }
}, attributes);

/** Hears the page's events of these types from here on. */
const listen = (page, types) => page.evaluate((types) => {
  globalThis.heard = [];
  for (const type of types) addEventListener(type, ({ detail: { code } }) => globalThis.heard.push(`${type} ${code}`));
}, types);
const heard = (page) => page.evaluate(() => globalThis.heard.splice(0));

test('without an adapter nothing of it is fetched, and asking for it is refused', async (t) => {
  const { page, site } = await openPage(t, { attributes: SMALL });
  const ready = await readyWith(page, { ...SMALL, backend: 'auto' });
  assert.equal(ready.backend, 'cpu');
  assert.ok(ready.measured.cpuMs > 0);
  assert.equal(ready.measured.webgpuMs, null);
  const refused = await readyWith(page, { ...SMALL, backend: 'webgpu' });
  assert.equal(refused.code, 'webgpu-unavailable');
  assert.match(refused.message, /WebGPU/);

  await setAttributes(page, { backend: 'webgpu' });
  await assert.rejects(addPaths(page, sampleFiles().slice(0, 2)), /no adapter for WebGPU/);
  await setAttributes(page, { backend: 'magic' });
  await assert.rejects(addPaths(page, sampleFiles().slice(0, 2)), /must be auto, cpu or webgpu/);
  await setAttributes(page, { backend: 'auto' });
  assert.equal((await addPaths(page, sampleFiles().slice(0, 2))).added, 2);
  assert.deepEqual(gpuRequests(site), []);
});

test('a fallback adapter is not chosen by itself', async (t) => {
  const { page, site } = await openPage(t, { attributes: SMALL, flags: SOFTWARE_GPU });
  const isFallback = await page.evaluate(async () => (await navigator.gpu.requestAdapter()).info.isFallbackAdapter);
  assert.equal(isFallback, true, 'the browser has a fallback adapter');
  const { backend, measured } = await readyWith(page, SMALL);
  assert.deepEqual([backend, measured.webgpuMs], ['cpu', null]);
  await addPaths(page, sampleFiles().slice(0, 4));
  assert.equal((await cluster(page, { k: 2 })).backend, 'cpu');
  assert.deepEqual(gpuRequests(site), []);
});

test('asked for, it embeds; what is known is not computed again', async (t) => {
  const files = sampleFiles().slice(0, 12);
  const odd = fill(makeFolder(t, 'odd'), { 'notes.txt': Buffer.from('no picture at all'), 'z.jpg': sampleFiles()[30] });
  const { page, site } = await openPage(t, { attributes: SMALL, flags: SOFTWARE_GPU });
  await addPaths(page, files);
  const byCpu = await cluster(page, { k: 3, seed: 1 });
  assert.equal(byCpu.backend, 'cpu');
  await setAttributes(page, { backend: 'webgpu' });
  assert.deepEqual(await cluster(page, { k: 3, seed: 1 }), byCpu, 'what is computed stays');

  await call(page, 'clear');
  await listen(page, ['notice', 'error']);
  const added = await addPaths(page, [...files, odd]);
  assert.deepEqual(added.rejected.map(({ path, code }) => [path, code]), [['odd/notes.txt', 'not-a-picture']]);
  assert.equal(added.added, 13);
  assert.equal((await addPaths(page, files)).reused, 12);
  assert.ok(gpuRequests(site).some((line) => line.includes('gpu_bg.wasm')));

  await call(page, 'clear');
  await addPaths(page, files);
  const byGpu = await cluster(page, { k: 3, seed: 1 });
  assert.equal(byGpu.backend, 'webgpu');
  assert.deepEqual(byGpu.items.map(({ path }) => path), byCpu.items.map(({ path }) => path));
  assert.deepEqual(clustersByPath(byGpu), clustersByPath(byCpu));
  assert.ok(Math.abs(byGpu.silhouette - byCpu.silhouette) < 1e-3);

  await setAttributes(page, { features: 'flat', recipe: 'plain' });
  const flat = await cluster(page, { k: 3 });
  assert.deepEqual([flat.backend, flat.items.length], ['webgpu', 12]);

  await setAttributes(page, { backend: 'cpu' });
  assert.deepEqual(await cluster(page, { k: 3 }), flat, 'what the GPU computed stays too');
  assert.deepEqual(await heard(page), []);
});

test('a real adapter is measured against the workers, and the quicker way is taken', async (t) => {
  const { page } = await openPage(t, {
    attributes: { ...SMALL, backend: 'cpu' },
    flags: SOFTWARE_GPU,
    prepare: () => {
      // So that the program takes the one that is played in software for real.
      if (globalThis.GPUAdapterInfo) Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
    },
  });
  const { backend, measured, about } = await readyWith(page, { workers: '2' });
  t.diagnostic(`${backend}: ${JSON.stringify(measured)}`);
  assert.ok(measured.cpuMs > 0 && measured.workersMs > 0 && measured.webgpuMs > 0);
  assert.equal(backend, measured.webgpuMs < measured.workersMs ? 'webgpu' : 'cpu');
  // Both languages round to one place, but not halves in the same direction.
  const shown = [...about.matchAll(/([\d.]+) ms/g)].map(([, ms]) => Number(ms));
  for (const ms of Object.values(measured)) assert.ok(shown.some((one) => Math.abs(one - ms) < 0.051), about);
});

test('a cancelled add keeps what is done, and the next one goes on', async (t) => {
  const { page } = await openPage(t, { attributes: { ...SMALL, backend: 'webgpu' }, flags: SOFTWARE_GPU });
  const started = page.evaluate(() => new Promise((resolve) => {
    addEventListener('progress', ({ detail: { stage, done } }) => stage === 'embedding' && done > 0 && resolve());
  }));
  const added = await startAdding(page, sampleFiles());
  await started;
  await call(page, 'cancel');
  const stopped = await added();
  assert.equal(stopped.cancelled, true);
  assert.ok(stopped.added > 0 && stopped.added < 60, `${stopped.added} were added`);
  const some = await addPaths(page, sampleFiles().slice(0, stopped.added + 3));
  assert.deepEqual([some.added, some.reused], [stopped.added + 3, stopped.added]);
});

/** Ways to fail, each done inside the worker. */
const FAILURES = {
  'the device is lost': () => {
    const make = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function createCommandEncoder(...values) {
      this.destroy();
      return make.apply(this, values);
    };
  },
  'a command is refused': () => {
    const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function dispatchWorkgroups() {
      dispatch.call(this, 1_000_000);
    };
  },
  'the answer is not a number': () => {
    const read = GPUBuffer.prototype.getMappedRange;
    GPUBuffer.prototype.getMappedRange = function getMappedRange(...values) {
      const range = read.apply(this, values);
      new Float32Array(range).fill(NaN);
      return range;
    };
  },
  'the worker crashes': () => { self.onmessage = () => { throw new Error('broken on purpose'); }; },
  'the worker is silent': () => { self.postMessage = () => {}; },
};

/** From here on a minute of waiting takes a second. */
function shortenMinutes() {
  const wait = globalThis.setTimeout;
  globalThis.setTimeout = (then, ms, ...values) => wait(then, ms >= 60_000 ? 1000 : ms, ...values);
}

test('whatever fails, nothing is lost and one notice tells of it', async (t) => {
  const files = sampleFiles().slice(0, 6);
  const { page } = await openPage(t, { attributes: SMALL, flags: SOFTWARE_GPU });
  await listen(page, ['notice', 'error']);
  const workers = new Set(page.workers());
  for (const [what, fail] of Object.entries(FAILURES)) {
    await call(page, 'clear');
    await setAttributes(page, { backend: 'webgpu' });
    await addPaths(page, files.slice(0, 1));
    const gpu = page.workers().find((worker) => !workers.has(worker));
    await gpu.evaluate(fail);
    if (what === 'the worker is silent') await page.evaluate(shortenMinutes);
    const { added, rejected } = await addPaths(page, files);
    assert.deepEqual({ added, rejected }, { added: 6, rejected: [] }, what);
    assert.deepEqual(await heard(page), ['notice webgpu-lost'], what);
    const { message } = await page.evaluate(() => ({
      message: document.querySelector('image-shoal').shadowRoot.querySelector('[data-code="webgpu-lost"]').innerText,
    }));
    t.diagnostic(`${what}: ${message}`);
    const { backend, items } = await cluster(page, { k: 2 });
    assert.deepEqual([backend, items.length], ['cpu', 6], what);
    // From here on the workers do it all, and nobody hears of it again.
    await addPaths(page, sampleFiles().slice(20, 22));
    assert.deepEqual(await heard(page), [], what);
    // One that is at work ends only when the browser gets round to it.
    if (page.workers().includes(gpu)) await new Promise((gone) => { gpu.once('close', gone); });
  }
});

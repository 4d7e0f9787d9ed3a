// Embedding on WebGPU, on a software adapter: when it is chosen, that it matches the CPU, and that failures lose nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOFTWARE_GPU, openPage, setAttributes } from './support/browser.mjs';
import { addPaths, startAdding } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster, clustersByPath } from './support/shoal.mjs';
import { shortenWaits } from './support/waits.mjs';

const SMALL = { size: '64', workers: '2' };

const gpuRequests = ({ requests }) => requests.filter((line) => /gpu/.test(line));

/** What `ready` resolves with for a new element with these attributes, or its rejection. */
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

/** Records the page's events of these types from now on. */
const listen = (page, types) => page.evaluate((types) => {
  globalThis.events = [];
  for (const type of types) document.querySelector('image-shoal').addEventListener(type, ({ detail: { code } }) => globalThis.events.push(`${type} ${code}`));
}, types);
const takeEvents = (page) => page.evaluate(() => globalThis.events.splice(0));

test('without an adapter, the GPU program is not fetched, and requiring WebGPU is rejected', async (t) => {
  const { page, site } = await openPage(t, { attributes: SMALL });
  const ready = await readyWith(page, { ...SMALL, backend: 'auto' });
  assert.equal(ready.backend, 'cpu');
  assert.ok(ready.measured.cpuMs > 0);
  assert.equal(ready.measured.webgpuMs, null);
  const rejected = await readyWith(page, { ...SMALL, backend: 'webgpu' });
  assert.equal(rejected.code, 'webgpu-unavailable');
  assert.match(rejected.message, /WebGPU/);

  await setAttributes(page, { backend: 'webgpu' });
  await assert.rejects(addPaths(page, sampleFiles().slice(0, 2)), /no adapter for WebGPU/);
  await setAttributes(page, { backend: 'magic' });
  await assert.rejects(addPaths(page, sampleFiles().slice(0, 2)), /must be auto, cpu or webgpu/);
  await setAttributes(page, { backend: 'auto' });
  assert.equal((await addPaths(page, sampleFiles().slice(0, 2))).added, 2);
  assert.deepEqual(gpuRequests(site), []);
});

test('a fallback adapter is not chosen automatically', async (t) => {
  const { page, site } = await openPage(t, { attributes: SMALL, flags: SOFTWARE_GPU });
  const isFallback = await page.evaluate(async () => (await navigator.gpu.requestAdapter()).info.isFallbackAdapter);
  assert.equal(isFallback, true, 'the browser has a fallback adapter');
  const { backend, measured } = await readyWith(page, SMALL);
  assert.deepEqual([backend, measured.webgpuMs], ['cpu', null]);
  await addPaths(page, sampleFiles().slice(0, 4));
  assert.equal((await cluster(page, { k: 2 })).backend, 'cpu');
  assert.deepEqual(gpuRequests(site), []);
});

test('WebGPU computes every network', async (t) => {
  const { page } = await openPage(t, { attributes: SMALL, flags: SOFTWARE_GPU });
  for (const model of ['efficientnet-lite0', 'mobilenet-v2']) {
    // It is refused unless it computes what the workers compute, cosine 0.999.
    const { backend, network } = await readyWith(page, { ...SMALL, model, backend: 'webgpu' });
    assert.deepEqual([backend, network], ['webgpu', model]);
  }
});

test('on request WebGPU embeds like the CPU, and keeps existing features', async (t) => {
  const files = sampleFiles().slice(0, 12);
  const odd = fill(makeFolder(t, 'odd'), { 'notes.txt': Buffer.from('no picture at all'), 'z.jpg': sampleFiles()[30] });
  const { page, site } = await openPage(t, { attributes: SMALL, flags: SOFTWARE_GPU });
  await addPaths(page, files);
  const byCpu = await cluster(page, { k: 3, seed: 1 });
  assert.equal(byCpu.backend, 'cpu');
  await setAttributes(page, { backend: 'webgpu' });
  assert.deepEqual(await cluster(page, { k: 3, seed: 1 }), byCpu, 'existing features stay');

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
  assert.deepEqual(await cluster(page, { k: 3 }), flat, 'the features from the GPU stay, too');
  assert.deepEqual(await takeEvents(page), []);
});

test('a real adapter is measured against the workers, and the faster backend is chosen', async (t) => {
  const { page } = await openPage(t, {
    attributes: { ...SMALL, backend: 'cpu' },
    flags: SOFTWARE_GPU,
    prepare: () => {
      // Makes the software adapter look like a real one.
      if (!globalThis.GPUAdapterInfo) return;
      Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
    },
  });
  const { backend, measured, about } = await readyWith(page, { workers: '2' });
  t.diagnostic(`${backend}: ${JSON.stringify(measured)}`);
  assert.ok(measured.cpuMs > 0 && measured.workersMs > 0 && measured.webgpuMs > 0);
  assert.equal(backend, measured.webgpuMs < measured.workersMs ? 'webgpu' : 'cpu');
  // Rust and JavaScript may round the first decimal differently.
  const shown = [...about.matchAll(/([\d.]+) ms/g)].map(([, ms]) => Number(ms));
  for (const ms of Object.values(measured)) assert.ok(shown.some((one) => Math.abs(one - ms) < 0.051), about);
});

test('a cancelled add keeps the finished images, and the next one continues', async (t) => {
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
  const more = await addPaths(page, sampleFiles().slice(0, stopped.added + 3));
  assert.deepEqual([more.added, more.reused], [stopped.added + 3, stopped.added]);
});

/** Failures, each caused inside the worker. */
const FAILURES = {
  'the device is lost': () => {
    const make = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function createCommandEncoder(...values) {
      this.destroy();
      return make.apply(this, values);
    };
  },
  'a command is invalid': () => {
    const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function dispatchWorkgroups() {
      dispatch.call(this, 1_000_000);
    };
  },
  'a feature is not a number': () => {
    const read = GPUBuffer.prototype.getMappedRange;
    GPUBuffer.prototype.getMappedRange = function getMappedRange(...values) {
      const range = read.apply(this, values);
      new Float32Array(range).fill(NaN);
      return range;
    };
  },
  'the worker crashes': () => { self.onmessage = () => { throw new Error('broken on purpose'); }; },
  'the worker does not answer': () => { self.postMessage = () => {}; },
};

test('a failure of the GPU loses no image and causes one notice', async (t) => {
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
    if (what === 'the worker does not answer') await page.evaluate(shortenWaits);
    const { added, rejected } = await addPaths(page, files);
    assert.deepEqual({ added, rejected }, { added: 6, rejected: [] }, what);
    assert.deepEqual(await takeEvents(page), ['notice webgpu-lost'], what);
    const { message } = await page.evaluate(() => ({
      message: document.querySelector('image-shoal').shadowRoot.querySelector('[data-code="webgpu-lost"]').innerText,
    }));
    t.diagnostic(`${what}: ${message}`);
    const { backend, items } = await cluster(page, { k: 2 });
    assert.deepEqual([backend, items.length], ['cpu', 6], what);
    // From now on the workers embed everything, without another notice.
    await addPaths(page, sampleFiles().slice(20, 22));
    assert.deepEqual(await takeEvents(page), [], what);
    // A busy worker ends only after a while.
    if (page.workers().includes(gpu)) await new Promise((closed) => { gpu.once('close', closed); });
  }
});

test('a page that was frozen for longer than the GPU may be silent does not lose it', async (t) => {
  const { page } = await openPage(t, { attributes: { ...SMALL, backend: 'webgpu' }, flags: SOFTWARE_GPU });
  await listen(page, ['notice', 'error']);
  const workers = new Set(page.workers());
  await addPaths(page, sampleFiles().slice(0, 1));
  const gpu = page.workers().find((worker) => workers.has(worker) && /gpu/.test(worker.url())) ?? page.workers().at(-1);
  // The answers of every worker, that of the GPU included, are held back until the page has run for a while again.
  await page.evaluate(shortenWaits, 1000);
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      const post = self.postMessage.bind(self);
      let held = [];
      self.postMessage = (...values) => (held ? held.push(values) : post(...values));
      setTimeout(() => {
        held.forEach((values) => post(...values));
        held = null;
      }, 15_000);
    });
  }
  assert.ok(gpu, 'the GPU has a worker');
  const added = await startAdding(page, sampleFiles().slice(1, 4));
  // Longer than the limit, which is a minute and here 12 seconds. Nothing runs in the page, as when the browser freezes it.
  await page.evaluate(() => {
    const end = performance.now() + 13_500;
    while (performance.now() < end);
  });
  const { added: count, rejected } = await added();
  assert.deepEqual({ count, rejected }, { count: 3, rejected: [] });
  assert.deepEqual(await takeEvents(page), []);
  assert.equal((await cluster(page, { k: 2 })).backend, 'webgpu');
});

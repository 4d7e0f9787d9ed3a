// A site without the GPU program, which is added later while the site is served: `make run` does this.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { SOFTWARE_GPU, openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { filesUnder, makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';

const pathOf = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const GPU_PROGRAM = ['gpu_bg.wasm', 'gpu.js'];
const SMALL = { size: '64', workers: '1' };

/** Makes the software adapter look like a real one, which `auto` tries. */
function pretendRealAdapter() {
  if (!globalThis.GPUAdapterInfo) return;
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
}

test('without the GPU program the CPU embeds, and once it is added the next page load can use it', async (t) => {
  const folder = makeFolder(t, 'site');
  cpSync(pathOf('dist'), folder, { recursive: true });
  for (const name of GPU_PROGRAM) rmSync(join(folder, name));
  const { page, errors } = await openPage(t, {
    folder, attributes: SMALL, flags: SOFTWARE_GPU, prepare: pretendRealAdapter, waitUntilReady: false,
  });
  await page.evaluate(() => {
    globalThis.events = [];
    for (const type of ['notice', 'error']) document.querySelector('image-shoal').addEventListener(type, ({ detail }) => globalThis.events.push(detail.code));
  });
  const files = sampleFiles().slice(0, 4);
  await addPaths(page, files);
  assert.equal((await cluster(page, { k: 2 })).backend, 'cpu');
  assert.deepEqual(await page.evaluate(() => globalThis.events), [], '`auto` reports no error');

  const { code, message } = await page.evaluate(async () => {
    const shoal = document.createElement('image-shoal');
    for (const [name, value] of Object.entries({ backend: 'webgpu', workers: 1 })) shoal.setAttribute(name, value);
    document.body.append(shoal);
    const error = await shoal.ready.catch((error) => error);
    shoal.remove();
    return { code: error.code, message: error.message };
  });
  assert.equal(code, 'webgpu-unavailable');
  assert.match(message, /no GPU program, or it is still being built/);
  const unexpected = errors.found.splice(0).filter((line) => !(line.includes('/gpu.js') && line.includes('404')));
  assert.deepEqual(unexpected, []);

  for (const name of GPU_PROGRAM) cpSync(join(pathOf('dist'), name), join(folder, name));
  await page.reload();
  await page.waitForFunction(() => customElements.get('image-shoal'));
  await setAttributes(page, { ...SMALL, backend: 'webgpu' });
  await addPaths(page, files);
  assert.equal((await cluster(page, { k: 2 })).backend, 'webgpu');
});

/** The files of a site, stamped with these inputs of its GPU program. */
function stampedSite(t, { gpuInputs, hasGpu }) {
  const folder = makeFolder(t, 'site');
  cpSync(pathOf('www'), folder, { recursive: true });
  if (hasGpu) for (const name of GPU_PROGRAM) writeFileSync(join(folder, name), 'program');
  execFileSync('node', [pathOf('scripts/stamp.mjs'), folder, gpuInputs]);
  return Object.fromEntries(filesUnder(folder).map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

test('the GPU program changes no other file, so that the page offers no update', (t) => {
  const without = stampedSite(t, { gpuInputs: 'a', hasGpu: false });
  const { 'gpu.js': module, 'gpu_bg.wasm': program, ...others } = stampedSite(t, { gpuInputs: 'a', hasGpu: true });
  assert.deepEqual([module, program], ['program', 'program']);
  assert.deepEqual(others, without);
  assert.match(without['sw.js'], / gpu\.js\?v=\w{12} gpu_bg\.wasm\?v=\w{12} /, 'its files can be stored for offline use');
  const newer = stampedSite(t, { gpuInputs: 'b', hasGpu: true });
  assert.notEqual(newer['sw.js'], without['sw.js'], 'another GPU program is another build');
});

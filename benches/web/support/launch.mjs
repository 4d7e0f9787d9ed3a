// Server of the repository and a new browser, for the duration of a benchmark.

import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { serve } from '../../../scripts/serve.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FLAGS = ['--headless=new', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage'];
// Chromium for Linux has WebGPU only with these flags.
const GPU_FLAGS = ['--enable-unsafe-webgpu', '--enable-features=Vulkan'];

/** Runs `work(page, { machine })` on the benchmarks' page. `machine` describes the machine; `gpu` enables WebGPU. */
export async function withPage({ gpu = false }, work) {
  const requests = [];
  const site = await serve(ROOT, { onRequest: (line) => requests.push(line) });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Chromium refuses to use its sandbox as root, the user of most containers.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...FLAGS, ...(gpu ? GPU_FLAGS : [])],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    page.on('pageerror', (error) => console.error(`in the page: ${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`in the page: ${message.text()}`);
    });
    await page.exposeFunction('requested', (name) => requests.some((line) => line.includes(`/${name}`)));
    await page.goto(`${site.url}benches/web/page/index.html`);
    const [{ model }] = cpus();
    return await work(page, { machine: `${model.trim()}, ${cpus().length} cores, Chromium ${browser.version()}` });
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Calls an exported function of a module in benches/web/page with JSON values. */
export const callPage = (page, module, name, ...values) => page.evaluate(
  async ({ module, name, values }) => (await import(module))[name](...values),
  { module: `./${module}`, name, values },
);

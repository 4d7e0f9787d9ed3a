// The repository served to a browser of its own, for the length of a benchmark.

import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { serve } from '../../../scripts/serve.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FLAGS = ['--headless=new', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage'];
// Chromium for Linux has WebGPU only when asked.
const GPU_FLAGS = ['--enable-unsafe-webgpu', '--enable-features=Vulkan'];

/** Runs `work(page)` on the benchmark's page; `machine` names what it runs on. `gpu` asks for WebGPU. */
export async function withPage({ gpu = false }, work) {
  const requests = [];
  const site = await serve(ROOT, { onRequest: (line) => requests.push(line) });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Chromium refuses its sandbox to root, which is who runs in most containers.
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

/** Calls an exported function of one of the page's modules, with values that JSON can carry. */
export const callPage = (page, module, name, ...values) => page.evaluate(
  async ({ module, name, values }) => (await import(module))[name](...values),
  { module: `./${module}`, name, values },
);

// A browser with the page in it. Every test gets its own, so that none finds what another left.

import { chromium } from 'playwright-core';

import { reportLongTasks, watchLongTasks } from './long-tasks.mjs';
import { startSite } from './site.mjs';
import { watchForTrouble } from './trouble.mjs';

const FLAGS = [
  '--headless=new',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** What gives the browser a graphics processor that is played in software: a fallback adapter. */
export const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const launch = (flags) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium refuses its sandbox to root, which is who runs in most containers.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [...FLAGS, ...flags],
});

/**
 * Opens the page for the test `t` and waits until it can be used. At the end the test fails when anything went wrong in
 * the page that nobody asked for. `attributes` are set before anything is added; `context` goes to the browser's context,
 * `flags` to the browser. `prepare` runs in the page before anything else. With `remember` the page remembers as it does for
 * people; without, its switch is off, so that what is dropped twice is looked at twice.
 */
export async function openPage(t, options = {}) {
  const { attributes = {}, context = {}, path = '', flags = [], prepare, remember = false } = options;
  const site = await startSite();
  const browser = await launch(flags);
  const page = await (await browser.newContext({ acceptDownloads: true, ...context })).newPage();
  const trouble = watchForTrouble(page, site.url);
  await watchLongTasks(page);
  if (prepare) await page.addInitScript(prepare);
  if (!remember) await page.addInitScript(switchOff);
  t.after(async () => {
    await reportLongTasks(t.name, page);
    await browser.close();
    await site.close();
    trouble.check();
  });
  await page.goto(site.url + path);
  await page.waitForFunction(() => customElements.get('image-shoal'));
  await setAttributes(page, attributes);
  await page.evaluate(() => document.querySelector('image-shoal')?.ready);
  return { page, site, trouble };
}

function switchOff() {
  try {
    localStorage.setItem('shoal-remember', 'off');
  } catch {
    // A page without storage remembers nothing anyway.
  }
}

/** Sets the element's attributes; null takes one away. */
export async function setAttributes(page, attributes) {
  await page.evaluate((attributes) => {
    const shoal = document.querySelector('image-shoal');
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) shoal.removeAttribute(name);
      else shoal.setAttribute(name, value);
    }
  }, attributes);
}

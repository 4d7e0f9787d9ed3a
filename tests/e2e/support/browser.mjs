// A browser with the page in it. Every test gets its own, so that none finds what another left.

import { existsSync } from 'node:fs';

import { chromium, firefox } from 'playwright-core';

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

/** What gives the browser a GPU that is played in software: a fallback adapter. */
export const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** A browser with these flags besides those that every test wants. */
export const launch = (flags) => chromium.launch(launchOptions(flags));

const launchOptions = (flags) => ({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium refuses its sandbox to root, which is who runs in most containers.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [...FLAGS, ...flags],
});

/** Told on the console, where every test looks for trouble: what a policy forbids. */
function tellOfViolations() {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    console.error(`the policy forbids ${blockedURI} (${violatedDirective})`);
  });
}

/** Firefox's program, where there is one: FIREFOX, or what Debian installs. */
export const FIREFOX = [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => path && existsSync(path));

// Any Firefox understands WebDriver BiDi, which this channel speaks; playwright's own patched one is not needed. Downloads
// of blobs are not told of that way: they go into `downloads`.
const launchFirefox = (downloads) => firefox.launch({
  channel: 'moz-firefox',
  executablePath: FIREFOX,
  firefoxUserPrefs: { 'browser.download.folderList': 2, 'browser.download.dir': downloads },
});

/**
 * Opens the page for the test `t` and waits until it can be used. At the end the test fails when anything went wrong in
 * the page that nobody asked for. `attributes` are set before anything is added; `context` goes to the browser's context,
 * `flags` to the browser. With `firefoxDownloads`, a folder, the browser is Firefox. `prepare` runs in the page before
 * anything else; `routes` are `[pattern, handler]` for requests. `waitUntilReady: false` goes on as soon as the element is
 * there. The service worker is left out, so that tests can stand between the page and the site; tests/e2e/offline.test.mjs is
 * about it. With `remember` the page remembers as it does for people; without, its switch is off, so that what is dropped
 * twice is looked at twice.
 */
export async function openPage(t, options = {}) {
  const {
    attributes = {}, context = {}, path = '', flags = [], firefoxDownloads, prepare, routes = [], waitUntilReady = true,
    remember = false,
  } = options;
  const site = await startSite();
  const browser = await (firefoxDownloads ? launchFirefox(firefoxDownloads) : launch(flags));
  const page = await (await browser.newContext({ acceptDownloads: true, serviceWorkers: 'block', ...context })).newPage();
  const trouble = watchForTrouble(page, site.url);
  await watchLongTasks(page);
  await page.addInitScript(tellOfViolations);
  if (prepare) await page.addInitScript(prepare);
  for (const [pattern, handler] of routes) await page.route(pattern, handler);
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
  if (waitUntilReady) await page.evaluate(() => document.querySelector('image-shoal')?.ready);
  return { page, site, trouble };
}

/**
 * Opens the page at `siteUrl` in a browser whose profile is the folder `profile`, its service worker included; what the page
 * itself remembers is switched off. `close` ends the browser and throws when there was trouble; requests that
 * `mayFailToLoad` are none.
 */
export async function openWithProfile(t, profile, siteUrl, { mayFailToLoad } = {}) {
  const context = await chromium.launchPersistentContext(profile, launchOptions([]));
  const close = () => context.close();
  t.after(close);
  const [page = await context.newPage()] = context.pages();
  const trouble = watchForTrouble(page, siteUrl, mayFailToLoad);
  await page.addInitScript(tellOfViolations);
  await page.addInitScript(switchOff);
  await page.goto(siteUrl);
  await page.waitForFunction(() => customElements.get('image-shoal'));
  return { page, close: async () => { await close(); trouble.check(); } };
}

/** Turns off what the page remembers. */
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

// Browsers and pages for tests: one browser per test file, and a new context with the page in it for every test.

import { existsSync } from 'node:fs';
import { after } from 'node:test';

import { chromium, firefox } from 'playwright-core';

import { reportLongTasks, watchLongTasks } from './long-tasks.mjs';
import { watchForErrors } from './page-errors.mjs';
import { startSite } from './site.mjs';

const FLAGS = [
  '--headless=new',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Flags for WebGPU on a software adapter, which the browser reports as a fallback adapter. */
export const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Starts a browser with these flags in addition to those that every test needs. */
export const launch = (flags = []) => chromium.launch(launchOptions(flags));

const launchOptions = (flags) => ({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium refuses to use its sandbox as root, the user of most containers.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [...FLAGS, ...flags],
});

/** The running browsers, by their flags. */
const browsers = new Map();

/** The browser with these flags, which all tests of a file share. */
async function sharedBrowser(flags) {
  const key = flags.join(' ');
  if (!browsers.get(key)?.isConnected()) browsers.set(key, await launch(flags));
  return browsers.get(key);
}

/** Closes the shared browsers: after a file's last test, or at the end of a benchmark. */
export async function closeBrowsers() {
  await Promise.all([...browsers.values()].map((browser) => browser.close()));
  browsers.clear();
}

// Benchmarks use this module outside of a test runner, where `after` would start one.
if (process.argv[1]?.endsWith('.test.mjs')) after(closeBrowsers);

/** Opens an empty page in a context of its own, which is closed when the test `t` ends. */
export async function openEmptyPage(t, { context = {}, flags = [] } = {}) {
  const opened = await (await sharedBrowser(flags)).newContext(context);
  t.after(() => opened.close());
  return opened.newPage();
}

/** Reports violations of the content security policy on the console, which every test checks for errors. */
function reportViolations() {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    console.error(`the policy forbids ${blockedURI} (${violatedDirective})`);
  });
}

/** Firefox's executable, or undefined: FIREFOX, or the one that Debian installs. */
export const FIREFOX = [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox']
  .find((path) => path && existsSync(path));

// This channel uses WebDriver BiDi, so that any Firefox works; playwright's patched one is not needed. It reports no
// downloads of blobs: they are saved in the folder `downloads`.
const launchFirefox = (downloads) => firefox.launch({
  channel: 'moz-firefox',
  executablePath: FIREFOX,
  firefoxUserPrefs: { 'browser.download.folderList': 2, 'browser.download.dir': downloads },
});

/**
 * Opens the page for the test `t` and waits until images can be added. When the test ends, it fails if an unexpected error
 * occurred in the page.
 *
 * - `folder` holds the site, dist/ by default.
 * - `attributes` are set before anything is added.
 * - `model` is the network of every element in the context, also after a reload; null for the default. It is MobileNetV2
 *   unless a test says otherwise, which takes a quarter of the time.
 * - `context` holds options of the browser context, `flags` of the browser. With `firefoxDownloads`, a folder, the browser is
 *   Firefox.
 * - `prepare` runs in the page before any other script; `routes` are `[pattern, handler]` for requests.
 * - `waitUntilReady: false` waits only until the element is defined.
 * - `remember: true` leaves the page's storage switched on. It is off by default, so that a second drop of the same files is
 *   processed again.
 *
 * Service workers are blocked, because a test could not intercept their requests; offline.test.mjs tests them.
 */
export async function openPage(t, options = {}) {
  const {
    attributes = {}, context = {}, path = '', flags = [], firefoxDownloads, prepare, routes = [], waitUntilReady = true,
    remember = false, folder, model = 'mobilenet-v2',
  } = options;
  const site = await startSite({ folder });
  const ownBrowser = firefoxDownloads && await launchFirefox(firefoxDownloads);
  const browser = ownBrowser || await sharedBrowser(flags);
  const opened = await browser.newContext({ acceptDownloads: true, serviceWorkers: 'block', ...context });
  if (model) await opened.addInitScript(chooseModel, model);
  const page = await opened.newPage();
  const errors = watchForErrors(page, site.url);
  t.after(async () => {
    await reportLongTasks(t.name, page);
    await opened.close();
    await ownBrowser?.close();
    await site.close();
    errors.check();
  });
  await watchLongTasks(page);
  await page.addInitScript(reportViolations);
  if (prepare) await page.addInitScript(prepare);
  for (const [pattern, handler] of routes) await page.route(pattern, handler);
  if (!remember) await page.addInitScript(switchStorageOff);
  await page.goto(site.url + path);
  await page.waitForFunction(() => customElements.get('image-shoal'));
  await setAttributes(page, attributes);
  if (waitUntilReady) await page.evaluate(() => document.querySelector('image-shoal')?.ready);
  return { page, site, errors };
}

/**
 * Opens the page at `siteUrl` in a browser of its own with the folder `profile`, and with its service worker; the page's
 * storage is switched off. `close` ends the browser and throws if an error occurred, except for requests to addresses like
 * `mayFailToLoad`.
 */
export async function openWithProfile(t, profile, siteUrl, { mayFailToLoad } = {}) {
  const context = await chromium.launchPersistentContext(profile, launchOptions([]));
  const close = () => context.close();
  t.after(close);
  const [page = await context.newPage()] = context.pages();
  const errors = watchForErrors(page, siteUrl, mayFailToLoad);
  await page.addInitScript(reportViolations);
  await page.addInitScript(switchStorageOff);
  await page.goto(siteUrl);
  await page.waitForFunction(() => customElements.get('image-shoal'));
  return { page, close: async () => { await close(); errors.check(); } };
}

/** Sets the page's element's network before the element starts. Runs in the page. */
function chooseModel(model) {
  const define = customElements.define.bind(customElements);
  customElements.define = (...definition) => {
    document.querySelector('image-shoal')?.setAttribute('model', model);
    define(...definition);
  };
}

/** Switches the page's storage of sessions and features off. Runs in the page. */
function switchStorageOff() {
  try {
    localStorage.setItem('shoal-remember', 'off');
  } catch {
    // A page without storage stores nothing anyway.
  }
}

/** Sets attributes of the element; null removes one. */
export async function setAttributes(page, attributes) {
  await page.evaluate((attributes) => {
    const shoal = document.querySelector('image-shoal');
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) shoal.removeAttribute(name);
      else shoal.setAttribute(name, value);
    }
  }, attributes);
}

// Pages in WebKitGTK for tests, driven through WebDriver: playwright drives only a WebKit of its own. A test needs a few
// commands of that protocol, so they are sent here rather than by a library.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { makeFolder } from './pictures.mjs';
import { startSite } from './site.mjs';

/** How long a script in the page may run, in milliseconds. */
const SCRIPT_MS = 240_000;
/** The name of an element's id in WebDriver. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

const firstThatExists = (paths) => paths.find((path) => path && existsSync(path));

/** WebKitGTK's own browser, which is in a folder of its library: WEBKIT, or the one that Debian installs. */
function miniBrowser() {
  const libraries = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.includes('linux-gnu')) : [];
  const folders = libraries.flatMap((name) => ['webkit2gtk-4.1', 'webkitgtk-6.0'].map((api) => `/usr/lib/${name}/${api}`));
  return firstThatExists([process.env.WEBKIT, ...folders.map((folder) => `${folder}/MiniBrowser`)]);
}

/** The programs that a test needs, or undefined if one is missing: `{ browser, driver, display }`. */
export const WEBKIT = (() => {
  const found = {
    browser: miniBrowser(),
    driver: firstThatExists(['/usr/bin/WebKitWebDriver']),
    display: firstThatExists(['/usr/bin/Xvfb']),
  };
  return Object.values(found).every(Boolean) ? found : undefined;
})();

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program, which `closing` ends. */
function start(closing, program, args, options) {
  const child = spawn(program, args, options);
  closing.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  return child;
}

/** Starts a display that nobody sees; resolves with its name. */
async function startDisplay(closing) {
  const args = ['-displayfd', '1', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'];
  const { stdout } = start(closing, WEBKIT.display, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [number] = await once(stdout, 'data');
  return `:${String(number).trim()}`;
}

/** Starts the driver; resolves with a function that sends it a command. `home` is the browser's home folder. */
async function startDriver(closing, home) {
  const folders = { XDG_CONFIG_HOME: '.config', XDG_CACHE_HOME: '.cache', XDG_DATA_HOME: '.local' };
  const env = { ...process.env, HOME: home, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', DISPLAY: await startDisplay(closing) };
  for (const [name, folder] of Object.entries(folders)) {
    env[name] = join(home, folder);
    mkdirSync(env[name], { recursive: true });
  }
  writeFileSync(join(env.XDG_CONFIG_HOME, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloadsIn(home)}"\n`);
  const port = await freePort();
  start(closing, WEBKIT.driver, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });
  const send = async (method, path, body) => {
    const request = { method, ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}) };
    const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, request)).json();
    if (value?.error) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  for (let left = 100; ; left -= 1) {
    try {
      await send('GET', '/status');
      return send;
    } catch (error) {
      if (left === 0) throw error;
      await setTimeout(100);
    }
  }
}

/** The folder into which a browser with this home folder downloads. */
function downloadsIn(home) {
  const folder = join(home, 'downloads');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A page with the members of playwright's that support/shoal.mjs uses, and `find`, `setFiles` and `click`. */
function pageOf(send, session) {
  const run = async (script, ...args) => {
    const answer = await send('POST', `${session}/execute/async`, {
      script: `const answer = arguments[arguments.length - 1];
        Promise.resolve((${script})(...[...arguments].slice(0, -1)))
          .then((value) => answer({ value }), (error) => answer({ thrown: String(error) }));`,
      args,
    });
    if (answer.thrown !== undefined) throw new Error(`in the page: ${answer.thrown}`);
    return answer.value ?? undefined;
  };
  const evaluate = (script, ...args) => run(script.toString(), ...args.filter((value) => value !== undefined));
  return {
    evaluate,
    waitForFunction: (script, ...args) => evaluate(`async (...args) => {
      for (;;) {
        if (await (${script})(...args)) return;
        await new Promise((resolve) => { setTimeout(resolve, 50); });
      }
    }`, ...args.slice(0, 1)),
    /** The element that a script returns. */
    find: async (script, ...args) => (await evaluate(script, ...args))[ELEMENT],
    setFiles: (element, paths) => send('POST', `${session}/element/${element}/value`, { text: paths.join('\n') }),
    click: (element) => send('POST', `${session}/element/${element}/click`),
  };
}

/** Notes errors in the page. Runs there. WebDriver has no script that runs before the page's own. */
function noteErrors() {
  globalThis.noted = [];
  const note = (text) => globalThis.noted.push(text);
  addEventListener('error', ({ message }) => note(`exception: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => note(`rejection: ${reason}`));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    note(`the policy forbids ${blockedURI} (${violatedDirective})`);
  });
  const { error } = console;
  console.error = (...values) => {
    note(`console: ${values.join(' ')}`);
    error.apply(console, values);
  };
}

/**
 * Opens the page in WebKitGTK for the test `t`, with the element's `attributes`, once it is defined. Resolves with
 * `{ page, downloads, browserVersion, checkErrors }`; `downloads` is the folder of downloads.
 */
export async function openInWebKit(t, { attributes = {} } = {}) {
  const closing = [];
  // Before the folder's own, so that nothing is written there any more when it is deleted.
  t.after(async () => {
    for (const close of closing.reverse()) await close();
  });
  const home = makeFolder(t, 'webkit');
  const site = await startSite();
  closing.push(site.close);
  const send = await startDriver(closing, home);
  const { sessionId, capabilities } = await send('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        'webkitgtk:browserOptions': { binary: WEBKIT.browser, args: ['--automation'] },
        timeouts: { script: SCRIPT_MS },
      },
    },
  });
  const session = `/session/${sessionId}`;
  closing.push(() => send('DELETE', session));
  await send('POST', `${session}/url`, { url: site.url });
  const page = pageOf(send, session);
  await page.evaluate(noteErrors);
  await page.evaluate(async (attributes) => {
    await customElements.whenDefined('image-shoal');
    const shoal = document.querySelector('image-shoal');
    for (const [name, value] of Object.entries(attributes)) shoal.setAttribute(name, value);
  }, attributes);
  const checkErrors = async () => {
    assert.deepEqual(await page.evaluate(() => globalThis.noted), [], 'no errors occur in the page');
    assert.deepEqual(site.requests.filter((line) => !line.endsWith(' 200')), [], 'every request is answered');
  };
  return { page, downloads: downloadsIn(home), browserVersion: capabilities.browserVersion, checkErrors };
}

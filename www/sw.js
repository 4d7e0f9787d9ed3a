// The service worker of the page: answers for the site's own files from a cache of its build, so that the page works
// offline. It fetches nothing but those files, and asks nobody else.

const BUILD_ID = '__BUILD_ID__';
/** Every file of the site with its version, as the page asks for it: written in by scripts/stamp.mjs. */
const SITE_FILES = '__SITE_FILES__'.split(' ');
/** What shows the page and its first words. The rest is fetched once the page has proved its worth: see `filesBut`. */
const SHELL = new Set([
  './', 'page.css', 'page.js', 'requests.js', 'offline.js', 'while-working.js', 'image-shoal.js', 'image-shoal.css', 'app.js',
  'app_bg.wasm', 'icon.svg', 'manifest.webmanifest',
]);
/** Another Shoal may lie in another folder of the same origin. */
const CACHES = `shoal ${self.registration.scope} `;
const CACHE = CACHES + BUILD_ID;

const nameOf = (file) => file.split('?')[0];
const addressOf = (file) => new URL(file, self.registration.scope).href;

self.addEventListener('install', (event) => event.waitUntil(prepare()));
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([self.clients.claim(), tidy()])));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});
self.addEventListener('message', (event) => {
  const { type, unused } = event.data;
  if (type === 'keep') event.waitUntil(Promise.all([store(filesBut(unused)), tidy()]));
  if (type === 'is-kept') event.waitUntil(areStored(filesBut(unused)).then((answer) => event.ports[0].postMessage(answer)));
  // Only when the person asks for it: a page under way keeps the build that it began with.
  if (type === 'take-over') self.skipWaiting();
});

/** Fetches the shell, and whatever an older build had stored, so that an update does not end working offline. */
async function prepare() {
  const stored = new Set();
  for (const name of await ownCaches()) {
    for (const { url } of await (await caches.open(name)).keys()) stored.add(nameOf(url));
  }
  await store(SITE_FILES.filter((file) => SHELL.has(nameOf(file)) || stored.has(nameOf(addressOf(file)))));
}

/** Everything but the programs that this browser does not use. */
function filesBut(unused) {
  const isUnused = (file) => unused.some((program) => [`${program}.js`, `${program}_bg.wasm`].includes(nameOf(file)));
  return SITE_FILES.filter((file) => !isUnused(file));
}

async function areStored(files) {
  const cache = await caches.open(CACHE);
  return (await Promise.all(files.map((file) => cache.match(addressOf(file))))).every(Boolean);
}

async function store(files) {
  const cache = await caches.open(CACHE);
  for (const file of files) {
    const address = addressOf(file);
    if (!await cache.match(address)) await cache.put(address, await fetched(file, address));
  }
}

async function fetched(file, address) {
  if (file === './') {
    const page = await fetch(address, { cache: 'no-cache' });
    // In the middle of a deployment it may be another build's.
    const ours = page.ok && (await page.clone().text()).includes(BUILD_ID);
    if (!ours) throw new Error(`the page at ${address} is not of build ${BUILD_ID}`);
    return page;
  }
  // An address with a version always means the same bytes: an older build's, or what the browser has, will do.
  const known = await caches.match(address);
  if (known) return known;
  const response = await fetch(address, { cache: 'force-cache' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const [timing] = performance.getEntriesByName(address).slice(-1);
  if (timing?.transferSize !== 0) await tellOfRequest(address);
  return response;
}

async function answer(request) {
  const url = new URL(request.url);
  const isPage = request.mode === 'navigate' && ['', 'index.html'].includes(url.pathname.slice(scopePath().length));
  const wanted = isPage ? self.registration.scope : request;
  const cache = await caches.open(CACHE);
  const cached = await cache.match(wanted) ?? await caches.match(wanted);
  if (cached) return cached;
  await tellOfRequest(request.url);
  return fetch(request);
}

const scopePath = () => new URL(self.registration.scope).pathname;

/** The page shows how often anything was asked of a server. */
async function tellOfRequest(url) {
  for (const client of await self.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
    client.postMessage({ requested: url });
  }
}

const ownCaches = async () => (await caches.keys()).filter((name) => name.startsWith(CACHES));

/** Deletes the caches of older builds, unless another page may still be on one of them. */
async function tidy() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length > 1) return;
  for (const name of await ownCaches()) {
    if (name !== CACHE) await caches.delete(name);
  }
}

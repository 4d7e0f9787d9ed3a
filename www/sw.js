// Service worker of the page: answers requests for the site's own files from a cache of its build, so that the page works
// offline. It fetches those files only, and makes no request to another server.

const BUILD_ID = '__BUILD_ID__';
/** Every file of the site with its version, as the page requests it. scripts/stamp.mjs fills this in. */
const SITE_FILES = '__SITE_FILES__'.split(' ');
/** Files that are stored only once the page requests them: for HEIC pictures, in browsers that cannot decode them. */
const ON_DEMAND = /^(heif\.js|heif\/)/;
/** What the page needs to show itself. The rest is stored after the first result: see `enableOfflineUse` in offline.js. */
const SHELL = new Set([
  './', 'page.css', 'page.js', 'requests.js', 'offline.js', 'worker-program.js', 'while-working.js', 'image-shoal.js',
  'image-shoal.css', 'app.js', 'app_bg.wasm', 'icon.svg', 'manifest.webmanifest', 'old-browser.js',
]);
/** Contains the scope, because another folder of the same origin may hold another Shoal. */
const CACHE_PREFIX = `shoal ${self.registration.scope} `;
const CACHE = CACHE_PREFIX + BUILD_ID;

/** `make run` adds these files to a site that is already served. Until then they are missing. */
const ADDED_LATER = new Set(['gpu.js', 'gpu_bg.wasm']);

const nameOf = (file) => file.split('?')[0];
const addressOf = (file) => new URL(file, self.registration.scope).href;

self.addEventListener('install', (event) => event.waitUntil(storeShell()));
self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), deleteOldCaches()]));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});
self.addEventListener('message', (event) => {
  const { type, unused, model } = event.data;
  if (type === 'store-all') {
    const files = [...filesWithout(unused), ...SITE_FILES.filter((file) => nameOf(file).startsWith(`weights/${model}_`))];
    event.waitUntil(Promise.all([store(files), deleteOldCaches()]));
  }
  if (type === 'is-stored') event.waitUntil(isStored(unused).then((answer) => event.ports[0].postMessage(answer)));
  // Only at the user's request: a page in use keeps the build that it started with.
  if (type === 'activate') self.skipWaiting();
});

/** Stores the shell, and the files that an older build had stored: an update must not end offline use. */
async function storeShell() {
  const stored = new Set();
  for (const name of await shoalCaches()) {
    for (const { url } of await (await caches.open(name)).keys()) stored.add(nameOf(url));
  }
  await store(SITE_FILES.filter((file) => SHELL.has(nameOf(file)) || stored.has(nameOf(addressOf(file)))));
}

const isWeights = (file) => file.includes('.safetensors');

/** All files of the site except weights and those of the programs `unused`. */
function filesWithout(unused) {
  const isUnused = (file) => unused.some((program) => [`${program}.js`, `${program}_bg.wasm`].includes(nameOf(file)));
  return SITE_FILES.filter((file) => !isWeights(file) && !isUnused(file));
}

/** Whether all files are stored but those of the programs `unused`, and of weights those of one network. */
async function isStored(unused) {
  const cache = await caches.open(CACHE);
  const isHere = async (file) => Boolean(await cache.match(addressOf(file)));
  const here = await Promise.all(filesWithout(unused).map(isHere));
  const backbones = await Promise.all(SITE_FILES.filter((file) => file.includes('_backbone.')).map(isHere));
  return here.every(Boolean) && backbones.some(Boolean);
}

async function store(files) {
  const cache = await caches.open(CACHE);
  for (const file of files) {
    const address = addressOf(file);
    if (await cache.match(address)) continue;
    const response = await fetchFile(file, address);
    if (response) await cache.put(address, response);
  }
}

/** The file's bytes, or null if it is missing and may be. */
async function fetchFile(file, address) {
  if (file === './') {
    const page = await fetch(address, { cache: 'no-cache' });
    // During a deployment the server may answer with the page of another build.
    const isThisBuild = page.ok && (await page.clone().text()).includes(BUILD_ID);
    if (!isThisBuild) throw new Error(`the page at ${address} is not of build ${BUILD_ID}`);
    return page;
  }
  // An address with a version always means the same bytes, so any copy will do: an older build's, or the browser's own.
  const cached = await caches.match(address);
  if (cached) return cached;
  let response = await fetch(address, { cache: 'force-cache' });
  if (response.status === 404 && ADDED_LATER.has(nameOf(file))) return null;
  // The browser's copy may be of another build, since a static server ignores the query of an address.
  if (!await isOfThisBuild(file, response)) response = await fetch(address, { cache: 'reload' });
  if (!await isOfThisBuild(file, response)) throw new Error(`the file at ${address} is not of build ${BUILD_ID}`);
  const [timing] = performance.getEntriesByName(address).slice(-1);
  if (timing?.transferSize !== 0) await reportRequest(address);
  return response;
}

/** Whether these are the file's bytes: their hash is its version, or they contain the build id. Icons and lists are not checked. */
async function isOfThisBuild(file, response) {
  if (!response.ok) return false;
  const [name, version] = file.split('?v=');
  if (/\.(js|css)$/.test(name)) return (await response.clone().text()).includes(BUILD_ID);
  if (!/\.(safetensors|wasm)$/.test(name) || version === BUILD_ID) return true;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('').startsWith(version);
}

async function answer(request) {
  const url = new URL(request.url);
  const isPage = request.mode === 'navigate' && ['', 'index.html'].includes(url.pathname.slice(scopePath().length));
  const wanted = isPage ? self.registration.scope : request;
  const cache = await caches.open(CACHE);
  const cached = await cache.match(wanted) ?? await caches.match(wanted);
  if (cached) return cached;
  await reportRequest(request.url);
  const response = await fetch(request);
  const name = decodeURIComponent(url.pathname.slice(scopePath().length));
  if (response.ok && ON_DEMAND.test(name)) await cache.put(request, response.clone());
  return response;
}

const scopePath = () => new URL(self.registration.scope).pathname;

/** Reports a request to a server to the open pages, which list it (requests.js). */
async function reportRequest(url) {
  for (const client of await self.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
    client.postMessage({ requested: url });
  }
}

const shoalCaches = async () => (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX));

/** Deletes the caches of older builds, unless another open page may still use one. */
async function deleteOldCaches() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length > 1) return;
  for (const name of await shoalCaches()) {
    if (name !== CACHE) await caches.delete(name);
  }
}

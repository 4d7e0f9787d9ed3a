// Writes the build id into the site, so that a cache never mixes two builds: stamp.mjs FOLDER.
// The id is a hash of all files. It replaces `__BUILD_ID__`, with which URLs in www/ end; the service worker also gets the
// list of all files.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const PLACEHOLDER = '__BUILD_ID__';
const FILES_PLACEHOLDER = '__SITE_FILES__';
const STAMPED = /\.(html|js|css|webmanifest)$/;

function filesUnder(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

const [site] = process.argv.slice(2);
const files = filesUnder(site);
const nameOf = (path) => relative(site, path).split(sep).join('/');
const hash = createHash('sha256');
for (const path of files) {
  hash.update(`${nameOf(path)}\0`).update(readFileSync(path));
}
const id = hash.digest('hex').slice(0, 12);

/** A file's address as the page requests it: with the build id, or for weights with their own hash. */
function addressOf(path) {
  const name = nameOf(path);
  if (name === 'index.html') return './';
  const version = name.startsWith('weights/')
    ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
    : id;
  return `${name}?v=${version}`;
}

// The service worker stores these for offline use. No page requests the service worker's own file and the types.
const addresses = files.filter((path) => !/(sw\.js|\.d\.ts)$/.test(path)).map(addressOf);

for (const path of files.filter((path) => STAMPED.test(path))) {
  const text = readFileSync(path, 'utf8');
  if (text.includes(PLACEHOLDER)) {
    writeFileSync(path, text.replaceAll(PLACEHOLDER, id).replaceAll(FILES_PLACEHOLDER, addresses.join(' ')));
  }
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0).padStart(6)} kB`;
for (const path of files.filter((path) => /\.(wasm|safetensors)$/.test(path))) {
  const bytes = readFileSync(path);
  console.log(`${kilobytes(bytes.length)} ${kilobytes(gzipSync(bytes).length)} gzip  ${relative(site, path)}`);
}
console.log(`build ${id} is in ${site}`);

// Writes the build id into the site, so that a browser never mixes two builds: stamp.mjs FOLDER GPU_INPUTS.
// The id replaces `__BUILD_ID__`, with which URLs in www/ end; the service worker also gets the list of all files. Every script
// and style sheet has the id in it, by which the service worker recognises a file of this build. The id is a hash of all files
// except the GPU program's, for which GPU_INPUTS stands (gpu-inputs.mjs): that program may be added to a site which is already
// served, and no other file, nor an open page, may notice.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const PLACEHOLDER = '__BUILD_ID__';
const FILES_PLACEHOLDER = '__SITE_FILES__';
const STAMPED = /\.(html|js|css|webmanifest)$/;
/** Files whose addresses have their own hash, so that they are downloaded again only if they have changed. */
const OWN_VERSION = /\.(safetensors|wasm)$/;
const GPU_MODULE = 'gpu.js';
const GPU_PROGRAM = [GPU_MODULE, 'gpu_bg.wasm'];

const sha256 = () => createHash('sha256');

function filesUnder(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

const [site, gpuInputs] = process.argv.slice(2);
if (!gpuInputs) throw new Error('usage: stamp.mjs FOLDER GPU_INPUTS');
const names = filesUnder(site).map((path) => relative(site, path).split(sep).join('/'))
  .filter((name) => !GPU_PROGRAM.includes(name));
const hash = sha256().update(`${gpuInputs}\0`);
for (const name of names) {
  hash.update(`${name}\0`).update(readFileSync(join(site, name)));
}
const id = hash.digest('hex').slice(0, 12);

/** A file's address as the page requests it: with the build id, or with its own hash. */
function addressOf(name) {
  if (name === 'index.html') return './';
  const version = OWN_VERSION.test(name) && !GPU_PROGRAM.includes(name)
    ? sha256().update(readFileSync(join(site, name))).digest('hex').slice(0, 12)
    : id;
  return `${name}?v=${version}`;
}

// The service worker stores these for offline use. No page requests its own file, the types, and
// licences. What decodes HEIC is stored only once it is requested.
const addresses = [...names, ...GPU_PROGRAM].sort()
  .filter((name) => !/(sw\.js|\.d\.ts|NOTICE|LICENSE[-a-z]*)$/.test(name) && !name.startsWith('heif')).map(addressOf);

for (const path of filesUnder(site).filter((path) => STAMPED.test(path) && !path.startsWith(join(site, 'heif/')))) {
  const text = readFileSync(path, 'utf8');
  const stamped = text.replaceAll(PLACEHOLDER, id).replaceAll(FILES_PLACEHOLDER, addresses.join(' '));
  const isMarked = /\.(js|css)$/.test(path) && !path.endsWith(GPU_MODULE) && !stamped.includes(id);
  const mark = isMarked ? `\n/* build ${id} */\n` : '';
  writeFileSync(path, stamped + mark);
}
console.log(`build ${id} is in ${site}`);

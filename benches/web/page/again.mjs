// Adding stored images again, through the element's public members.

import { photograph } from './pictures.mjs';

const DIFFERENT_PHOTOGRAPHS = 4;
/** The files' time of change, equal in every page. */
const MODIFIED_MS = Date.UTC(2026, 0, 1);

/** The files, with the same bytes in every page of a browser. */
async function photographs({ count, megapixels }) {
  const made = [];
  for (let seed = 1; seed <= DIFFERENT_PHOTOGRAPHS; seed += 1) made.push(await photograph(seed, megapixels));
  return Array.from({ length: count }, (_, index) => {
    // Decoders ignore bytes after a JPEG's end, so these make different files of different sizes.
    const parts = [made[index % made.length], new Uint8Array(index)];
    return new File(parts, `photograph ${index}.jpg`, { type: 'image/jpeg', lastModified: MODIFIED_MS });
  });
}

async function element() {
  await import(new URL('../../../dist/image-shoal.js', import.meta.url).href);
  document.body.innerHTML = '<image-shoal remember="2000"></image-shoal>';
  return document.querySelector('image-shoal');
}

async function timed(work) {
  const startMs = performance.now();
  const value = await work();
  return { ms: performance.now() - startMs, value };
}

async function addAndCluster(shoal, files) {
  const { ms: addMs, value: { matched } } = await timed(() => shoal.add(files));
  const { ms: clusterMs } = await timed(() => shoal.cluster());
  return { addMs, clusterMs, matched };
}

/** Adds and clusters the files, and waits until everything is stored: `{ megabytes, addMs, clusterMs }`. */
export async function firstTime(pictures) {
  const files = await photographs(pictures);
  const shoal = await element();
  await shoal.ready;
  const times = await addAndCluster(shoal, files);
  while (await storedCount() < pictures.count) await new Promise((resolve) => { setTimeout(resolve, 500); });
  // The session is written after the features.
  await new Promise((resolve) => { setTimeout(resolve, 3000); });
  return { ...times, megabytes: files.reduce((sum, { size }) => sum + size, 0) / 1e6 };
}

/** Waits until the session is restored: milliseconds. */
export async function restoreSession({ count }) {
  const { ms } = await timed(async () => {
    const shoal = await element();
    while (shoal.result?.items.length !== count) await new Promise((resolve) => { setTimeout(resolve, 10); });
  });
  return ms;
}

/** Clears the collection, and adds and clusters the same files: `{ addMs, clusterMs, matched }`. */
export async function addAgain(pictures) {
  const files = await photographs(pictures);
  const shoal = document.querySelector('image-shoal');
  await shoal.ready;
  shoal.clear();
  return addAndCluster(shoal, files);
}

/** The number of images whose features are stored. */
async function storedCount() {
  const resolved = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await resolved(indexedDB.open('shoal'));
  try {
    if (!database.objectStoreNames.contains('features')) return 0;
    return await resolved(database.transaction('features').objectStore('features').count());
  } finally {
    database.close();
  }
}

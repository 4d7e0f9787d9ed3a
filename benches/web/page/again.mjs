// Known pictures, through the element's public members and with what it remembers.

import { photograph } from './pictures.mjs';

const DIFFERENT_PHOTOGRAPHS = 4;
/** When the files were last changed: the same for every page. */
const MODIFIED_MS = Date.UTC(2026, 0, 1);

/** The files: the same bytes in every page of one browser. */
async function photographs({ count, megapixels }) {
  const made = [];
  for (let seed = 1; seed <= DIFFERENT_PHOTOGRAPHS; seed += 1) made.push(await photograph(seed, megapixels));
  return Array.from({ length: count }, (_, index) => {
    // What follows a JPEG's end is no part of the picture: each is another file, of a size of its own as photographs are.
    return new File([made[index % made.length], new Uint8Array(index)], `photograph ${index}.jpg`, { type: 'image/jpeg', lastModified: MODIFIED_MS });
  });
}

async function element() {
  await import(new URL('../../../dist/image-shoal.js', import.meta.url).href);
  document.body.innerHTML = '<image-shoal remember="2000"></image-shoal>';
  return document.querySelector('image-shoal');
}

async function timed(work) {
  const begun = performance.now();
  const value = await work();
  return { ms: performance.now() - begun, value };
}

async function addAndCluster(shoal, files) {
  const { ms: addMs, value: { matched } } = await timed(() => shoal.add(files));
  const { ms: clusterMs } = await timed(() => shoal.cluster());
  return { addMs, clusterMs, matched };
}

/** Adds and groups the files, and waits until everything is remembered: `{ megabytes, addMs, clusterMs }`. */
export async function firstTime(pictures) {
  const files = await photographs(pictures);
  const shoal = await element();
  await shoal.ready;
  const told = await addAndCluster(shoal, files);
  while (await remembered() < pictures.count) await new Promise((resolve) => { setTimeout(resolve, 500); });
  // The session is written after the features.
  await new Promise((resolve) => { setTimeout(resolve, 3000); });
  return { ...told, megabytes: files.reduce((sum, { size }) => sum + size, 0) / 1e6 };
}

/** Waits until the collection is back: milliseconds. */
export async function bringBack({ count }) {
  const { ms } = await timed(async () => {
    const shoal = await element();
    while (shoal.result?.items.length !== count) await new Promise((resolve) => { setTimeout(resolve, 10); });
  });
  return ms;
}

/** Starts over, and adds and groups the same files: `{ addMs, clusterMs, matched }`. */
export async function startOver(pictures) {
  const files = await photographs(pictures);
  const shoal = document.querySelector('image-shoal');
  await shoal.ready;
  shoal.clear();
  return addAndCluster(shoal, files);
}

/** How many pictures' features are stored. */
async function remembered() {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await asked(indexedDB.open('shoal'));
  try {
    if (!database.objectStoreNames.contains('features')) return 0;
    return await asked(database.transaction('features').objectStore('features').count());
  } finally {
    database.close();
  }
}

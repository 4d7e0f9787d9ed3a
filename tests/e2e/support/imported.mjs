// A collection of imported features: the samples' paths with made-up features, for tests that need neither the pictures
// nor the network.

import { basename } from 'node:path';

import { openPage } from './browser.mjs';
import { npz, table, texts } from './npz.mjs';
import { sampleFiles } from './pictures.mjs';

const COLUMNS = 48;

/** A deterministic number between -1 and 1 for a cell. */
const noise = (row, column) => Math.sin(row * 12.9898 + column * 78.233 + (row * column) % 7);

/**
 * Features for rows of `kinds` kinds: every kind has a direction of its own, and two kinds each also share one, so that half
 * as many clusters are distinct too.
 */
export const madeUpRows = (kindOfRow, kinds) => kindOfRow.map((kind, row) => Array.from({ length: COLUMNS }, (_, column) => {
  const own = column % kinds === kind ? 2 : 0;
  const shared = column % Math.ceil(kinds / 2) === kind >> 1 ? 2 : 0;
  return 2 + own + shared + 0.5 * noise(row, column);
}));

/** The bytes of a features file, as another program writes it, with a row for each path. */
export const featuresFile = (paths, rows) => npz({ 'paths.npy': texts(paths), 'embeddings.npy': table(rows) });

/** A features file with the samples' paths: 60 rows of six kinds. */
function sampleFeatures() {
  const files = sampleFiles();
  const folders = [...new Set(files.map((file) => file.split('/').at(-2)))];
  const kinds = files.map((file) => folders.indexOf(file.split('/').at(-2)));
  const paths = files.map((file, row) => `samples/${folders[kinds[row]]}/${basename(file)}`);
  return featuresFile(paths, madeUpRows(kinds, folders.length));
}

/** Calls a member with a file of these bytes. A rejection has the code and the message. */
async function openFile(page, member, bytes) {
  const { rejected, value } = await page.evaluate(async ([member, base64]) => {
    const file = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    try {
      return { value: await document.querySelector('image-shoal')[member](file) };
    } catch ({ code, message }) {
      return { rejected: { code, message } };
    }
  }, [member, bytes.toString('base64')]);
  if (rejected) throw Object.assign(new Error(rejected.message), rejected);
  return value;
}

/** Calls `importFeatures` with a file of these bytes. */
export const importFeatures = (page, bytes) => openFile(page, 'importFeatures', bytes);

/** Calls `importSession` with a file of this text. */
export const importSession = (page, text) => openFile(page, 'importSession', Buffer.from(text));

/** Opens the page with the 60 samples' made-up features; `options` are those of `openPage`. */
export async function openImported(t, options = {}) {
  const attributes = { workers: '2', size: '64', ...options.attributes };
  const opened = await openPage(t, { ...options, attributes });
  await importFeatures(opened.page, sampleFeatures());
  return opened;
}

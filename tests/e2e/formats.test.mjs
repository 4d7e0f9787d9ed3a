// The table in docs/formats.md says what every browser does with a picture in many formats: here it is done.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { FIREFOX, openPage } from './support/browser.mjs';
import { formats } from './support/formats.mjs';
import { HAS_ENCODER } from './support/heif.mjs';
import { makeFolder } from './support/pictures.mjs';
import { canRun } from './support/requirements.mjs';
import { call, cluster } from './support/shoal.mjs';
import { WEBKIT, openInWebKit } from './support/webkit.mjs';

const TABLE = new URL('../../docs/formats.md', import.meta.url);
const ATTRIBUTES = { workers: '2', size: '128', model: 'mobilenet-v2' };
/** Two files show the same picture from this cosine of their features on. */
const SAME = 0.95;

/** The rows of the table: `{ 'format, feature': [chromium, firefox, webkit] }`. */
function tableRows() {
  const lines = readFileSync(TABLE, 'utf8').split('\n').filter((line) => /^\| [^-]/.test(line)).slice(1);
  return Object.fromEntries(lines.map((line) => {
    const [format, feature, ...cells] = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    return [`${format}, ${feature}`, cells];
  }));
}

/** Adds files from the page, in any browser. Resolves with the codes of those that are rejected, by name. */
const addFiles = (page, files) => page.evaluate(async (encoded) => {
  const decoded = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const list = Object.entries(encoded).map(([name, base64]) => new File([decoded(base64)], name, { lastModified: 1 }));
  const { rejected } = await document.querySelector('image-shoal').add(list);
  return Object.fromEntries(rejected.map(({ path, code }) => [path, code]));
}, Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')])));

/** Asserts that a page does what the table says in this column. */
async function check(page, column) {
  const { originals, kinds } = await formats();
  const files = Object.fromEntries(kinds.map(({ name, bytes }) => [name, bytes]));
  const rejected = await addFiles(page, { ...originals, ...files });
  await cluster(page, { k: 2 });
  const near = {};
  for (const name of Object.keys(originals)) {
    near[name] = Object.fromEntries((await call(page, 'neighbours', name, 100)).map(({ path, cosine }) => [path, cosine]));
  }
  const outcome = ({ name, original }) => {
    if (rejected[name]) return `\`${rejected[name]}\``;
    return near[original][name] >= SAME ? 'yes' : 'other colours';
  };
  const found = Object.fromEntries(kinds.map((kind) => [`${kind.format}, ${kind.feature}`, outcome(kind)]));
  const rows = tableRows();
  assert.deepEqual(found, Object.fromEntries(Object.keys(found).map((row) => [row, rows[row]?.[column]])));
  const untried = Object.keys(rows).filter((row) => !(row in found) && (HAS_ENCODER || !row.startsWith('HEIC')));
  assert.deepEqual(untried, [], 'every row was tried');
}

test('formats in Chromium', async (t) => {
  const { page } = await openPage(t, { attributes: ATTRIBUTES });
  await check(page, 0);
});

test('formats in Firefox', async (t) => {
  if (!canRun(t, FIREFOX, 'Firefox (install firefox-esr, or set FIREFOX)')) return;
  const { page } = await openPage(t, { attributes: ATTRIBUTES, firefoxDownloads: makeFolder(t, 'downloads') });
  await check(page, 1);
});

test('formats in WebKit', async (t) => {
  if (!canRun(t, WEBKIT, 'WebKitGTK with its driver (install webkit2gtk-driver and xvfb, or set WEBKIT)')) return;
  const { page, checkErrors } = await openInWebKit(t, { attributes: ATTRIBUTES });
  await check(page, 2);
  await checkErrors();
});

// Zip export beyond 4 GiB (Zip64), read by other programs.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fillWithLarge, makeFolder } from './support/pictures.mjs';
import { runIfInstalled } from './support/zip-readers.mjs';
import { cluster } from './support/shoal.mjs';
import { exportTo } from './support/exports.mjs';

const FILES = 42;
const FILE_BYTES = 105_000_000;

test('other programs read a zip of more than 4 GiB', async (t) => {
  const folder = fillWithLarge(makeFolder(t, 'large'), FILES, FILE_BYTES);
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64' } });
  assert.equal((await addPaths(page, [folder])).added, FILES);
  await cluster(page, { k: 2 });
  const zip = await exportTo(t, page, 'large.zip', 'exportZip');
  assert.ok(statSync(zip).size > 2 ** 32);
  runIfInstalled(t, 'unzip', ['-tqq', zip]);
  runIfInstalled(t, '7zz', ['t', zip]);
  runIfInstalled(t, 'python3', ['-m', 'zipfile', '-t', zip]);
});

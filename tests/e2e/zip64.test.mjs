// A zip beyond the 4 GiB that its format once ended at, from a browser to the readers that people have.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { makeFolder, sampleFiles } from './support/pictures.mjs';
import { cluster } from './support/shoal.mjs';
import { exportTo } from './support/take-home.mjs';

const FILES = 42;
const FILE_BYTES = 105_000_000;

test('a zip of more than 4 GiB is read by others', async (t) => {
  const folder = makeFolder(t, 'large');
  const [sample] = sampleFiles();
  for (let index = 0; index < FILES; index += 1) {
    const path = join(folder, `${index}.jpg`);
    copyFileSync(sample, path);
    // No two are the same file. The zeros behind a picture's end are no part of it, and take no room on disk.
    appendFileSync(path, String(index));
    truncateSync(path, FILE_BYTES);
  }
  const { page } = await openPage(t, { attributes: { lanes: '2', size: '64' } });
  assert.equal((await addPaths(page, [folder])).added, FILES);
  await cluster(page, { k: 2 });
  const zip = await exportTo(t, page, 'large.zip', 'exportZip');
  assert.ok(statSync(zip).size > 2 ** 32);
  for (const [program, args] of [['unzip', ['-tqq', zip]], ['7zz', ['t', zip]], ['python3', ['-m', 'zipfile', '-t', zip]]]) {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      t.diagnostic(`${program} is not here, so not asked`);
    }
  }
});

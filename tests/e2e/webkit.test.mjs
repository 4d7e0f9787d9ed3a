// The main job in WebKitGTK, the engine of Safari: choose files, cluster, export.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';

import { readCsv } from './support/csv.mjs';
import { downloadedZip } from './support/downloads.mjs';
import { sampleFiles } from './support/pictures.mjs';
import { canRun } from './support/requirements.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { cluster, clustersByPath, settled } from './support/shoal.mjs';
import { WEBKIT, openInWebKit } from './support/webkit.mjs';
import { readZip } from './support/zip.mjs';

test('files are chosen, clustered and exported in WebKit', async (t) => {
  if (!canRun(t, WEBKIT, 'WebKitGTK with its driver (install webkit2gtk-driver and xvfb, or set WEBKIT)')) return;
  const attributes = { k: '6', size: '64', model: 'mobilenet-v2', workers: '2' };
  const opened = await openInWebKit(t, { attributes });
  const { page, downloads, browserVersion } = opened;
  const { network, workers } = await page.evaluate(() => document.querySelector('image-shoal').ready);
  t.diagnostic(`WebKitGTK ${browserVersion}, ${workers} workers`);
  assert.equal(network, 'mobilenet-v2');

  const files = sampleFiles().filter((_path, index) => index % 2 === 0);
  const input = await page.find(() => document.querySelector('image-shoal').shadowRoot.querySelector('.choose-files'));
  await page.setFiles(input, files);
  await settled(page, files.length);
  // Operations are queued, so after this one no suggested name is pending.
  const clustered = await cluster(page, { k: 6 });
  const nmi = nmiWithKinds(clustered);
  t.diagnostic(`NMI with the kinds: ${nmi.toFixed(3)}`);
  assert.ok(nmi >= 0.8);

  await page.click(await page.find(() => (
    [...document.querySelector('image-shoal').shadowRoot.querySelectorAll('button')]
      .find(({ textContent }) => textContent.trim() === 'Download zip')
  )));
  const zip = await readZip(await downloadedZip(downloads));
  const rows = readCsv(zip.get('assignments.csv').toString('utf8'));
  const names = Object.fromEntries(clustered.clusters.map(({ id, name }) => [id, name]));
  const expected = Object.entries(clustersByPath(clustered)).map(([path, id]) => [path, names[id]]);
  assert.deepEqual(rows.map((row) => [row.path, row.cluster_name]), expected);
  const pictures = [...zip].filter(([name]) => name.endsWith('.jpg'));
  assert.equal(pictures.length, files.length);
  const sources = new Map(files.map((path) => [basename(path), path]));
  for (const [name, bytes] of pictures) assert.deepEqual(bytes, readFileSync(sources.get(basename(name))), name);
  await opened.checkErrors();
});

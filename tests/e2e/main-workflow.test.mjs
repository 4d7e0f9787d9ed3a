// The main workflow: drop a folder, get clusters, export a zip.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { readCsv } from './support/csv.mjs';
import { dropPaths } from './support/drop.mjs';
import { filesUnder, sampleFolder } from './support/pictures.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { cluster, settled } from './support/shoal.mjs';
import { readZip } from './support/zip.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (path) => readFileSync(join(dirname(sampleFolder()), path));

test('a dropped folder is clustered by kind and exported byte for byte', async (t) => {
  const folder = sampleFolder();
  const { page } = await openPage(t);
  await dropPaths(page, [folder]);
  const first = await settled(page, 60);
  assert.ok(first.curve.length > 1, 'without k several are tried');

  const result = await cluster(page, { k: 6 });
  assert.equal(result.k, 6);
  assert.equal(result.clusters.length, 6);
  assert.equal(result.clusters.reduce((sum, { size }) => sum + size, 0), 60);
  assert.deepEqual(
    result.items.map(({ path }) => path),
    filesUnder(folder).map((path) => path.slice(dirname(folder).length + 1)),
    'every image is included, in path order',
  );
  const nmi = nmiWithKinds(result);
  t.diagnostic(`NMI with the kinds: ${nmi.toFixed(3)}; silhouette ${result.silhouette.toFixed(3)}`);
  assert.ok(nmi >= 0.9, `NMI with the kinds is ${nmi}`);
  assert.ok(Math.abs(nmi - result.scores.nmi) < 1e-6, `the program's own NMI is ${result.scores.nmi}`);
  for (const { path, silhouette, distance, pca } of result.items) {
    assert.ok(silhouette >= -1 && silhouette <= 1 && distance >= 0 && pca.every(Number.isFinite), path);
  }

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /zip/i }).click();
  const files = await readZip(await (await download).path());
  checkZip(files, result);
});

function checkZip(files, result) {
  const names = new Map(result.clusters.map(({ id, name }) => [id, name]));
  const expected = result.items.map(({ path, cluster }) => `${names.get(cluster)} ${sha256(bytesOf(path))}`);
  const pictures = [...files].filter(([name]) => name.includes('/'));
  const found = pictures.map(([name, bytes]) => `${dirname(name)} ${sha256(bytes)}`);
  assert.deepEqual(found.sort(), expected.sort(), 'every image is in the folder of its cluster, unchanged');

  const session = JSON.parse(files.get('assignments.json'));
  assert.equal(session.k, result.k);
  assert.deepEqual(
    session.items.map(({ path, cluster, sha256: hash }) => ({ path, cluster, hash })),
    result.items.map(({ path, cluster }) => ({ path, cluster, hash: sha256(bytesOf(path)) })),
  );
  const rows = readCsv(files.get('assignments.csv').toString('utf8'));
  assert.deepEqual(
    rows.map(({ path, cluster, cluster_name: name }) => ({ path, cluster: Number(cluster), name })),
    result.items.map(({ path, cluster }) => ({ path, cluster, name: names.get(cluster) })),
  );
  assert.equal(files.size, pictures.length + 2, 'the zip contains nothing else');
}

// The main workflow in Firefox: choose files, cluster, edit, use the map, export.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { FIREFOX, openPage } from './support/browser.mjs';
import { readCsv } from './support/csv.mjs';
import { downloadedZip } from './support/downloads.mjs';
import { isolated, flatMap } from './support/map.mjs';
import { makeFolder, sampleFiles } from './support/pictures.mjs';
import { canRun } from './support/requirements.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { call, choose, cluster, clustersByPath, result, settled } from './support/shoal.mjs';
import { readZip } from './support/zip.mjs';

test('files are chosen, clustered, edited and exported in Firefox', async (t) => {
  if (!canRun(t, FIREFOX, 'Firefox (install firefox-esr, or set FIREFOX)')) return;
  const downloads = makeFolder(t, 'downloads');
  const { page } = await openPage(t, { firefoxDownloads: downloads, attributes: { k: '6', size: '64' } });
  const files = sampleFiles();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles(files);
  await settled(page, 60);
  // Operations are queued, so after this one no suggested name is pending.
  const clustered = await cluster(page, { k: 6 });
  const nmi = nmiWithKinds(clustered);
  t.diagnostic(`NMI with the kinds: ${nmi.toFixed(3)}`);
  assert.ok(nmi >= 0.9);

  const field = page.locator('article[data-cluster="0"]').getByRole('textbox', { name: 'Name of the group' });
  await field.fill('Renamed in Firefox');
  await field.press('Enter');
  await page.getByRole('article', { name: 'Renamed in Firefox' }).waitFor();

  const map = await flatMap(page, clustered);
  const [one] = isolated(map.places);
  await page.mouse.move(one.x, one.y);
  await page.locator('.card-at-point').getByText(one.path.split('/').at(-1)).waitFor();
  await page.mouse.click(one.x, one.y);
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByText('1 picture selected').waitFor();
  const target = clustered.items.find(({ path }) => path === one.path).cluster === 5 ? 4 : 5;
  await choose(bar, 'Move to…', clustered.clusters.find(({ id }) => id === target).name);
  await page.waitForFunction(({ path, target }) => (
    document.querySelector('image-shoal').result.items.find((item) => item.path === path).cluster === target
  ), { path: one.path, target });
  await page.getByRole('button', { name: '3D' }).click();
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  const edited = await settled(page, 60);

  await page.getByRole('button', { name: 'Download zip' }).click();
  const zip = await readZip(await downloadedZip(downloads));
  const rows = readCsv(zip.get('assignments.csv').toString('utf8'));
  const names = Object.fromEntries(edited.clusters.map(({ id, name }) => [id, name]));
  const expected = Object.entries(clustersByPath(edited)).map(([path, id]) => [path, names[id]]);
  assert.deepEqual(rows.map((row) => [row.path, row.cluster_name]), expected);
  const pictures = [...zip].filter(([name]) => name.endsWith('.jpg'));
  assert.equal(pictures.length, 60);
  const sources = new Map(files.map((path) => [path.split('/').at(-1), path]));
  for (const [name, bytes] of pictures) {
    assert.deepEqual(bytes, readFileSync(sources.get(name.split('/').at(-1))), name);
  }

  await call(page, 'undo');
  const undone = await result(page);
  assert.equal(clustersByPath(undone)[one.path], clustersByPath(clustered)[one.path]);
});

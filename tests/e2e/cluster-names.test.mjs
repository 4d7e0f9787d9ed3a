// Names of clusters: suggested ones, and those that the user gives.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles, sampleFolder } from './support/pictures.mjs';
import { call, cluster, result, settled } from './support/shoal.mjs';

/** Records the details of this type's events from now on, in the page's `events`. */
const listenFor = (page, type) => page.evaluate((type) => {
  globalThis.events = [];
  document.querySelector('image-shoal').addEventListener(type, ({ detail }) => globalThis.events.push(detail));
}, type);

test('names are suggested where the network is certain, and the user\'s names stay', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2' } });
  await addPaths(page, [sampleFolder()]);
  const first = await cluster(page, { k: 6 });
  const suggested = first.clusters.filter((group) => group.suggested);
  t.diagnostic(`names: ${first.clusters.map(({ name, representatives: [path] }) => `${name} (${path})`).join(', ')}`);
  assert.ok(suggested.length > 0, 'some cluster gets a name');
  assert.equal(new Set(first.clusters.map(({ name }) => name)).size, 6);
  for (const { id, name, suggested: isSuggested } of first.clusters) {
    assert.equal(/^Group \d+$/.test(name), !isSuggested, name);
    if (!isSuggested) assert.equal(name, `Group ${id + 1}`);
  }
  assert.deepEqual(await cluster(page, { k: 6 }), first, 'the names are reproducible');

  const [{ id }] = suggested;
  const renamed = await call(page, 'rename', id, 'Mine');
  assert.deepEqual([groupOf(renamed, id).name, groupOf(renamed, id).suggested], ['Mine', false]);
  const [path] = pathsIn(renamed, id);
  const { name: other } = renamed.clusters.find((group) => group.suggested) ?? {};
  // Creating a cluster suggests names again.
  const after = await call(page, 'newCluster', null, [path]);
  assert.deepEqual([groupOf(after, id).name, groupOf(after, id).suggested], ['Mine', false]);
  assert.ok(other === undefined || after.clusters.some(({ name }) => name === other), 'other suggestions stay');

  await call(page, 'lock', [id], true);
  const again = await cluster(page, { k: 6, seed: 2 });
  assert.deepEqual([groupOf(again, id).name, groupOf(again, id).suggested], ['Mine', false]);
});

test('undo restores the suggested names of the clustering that it restores', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2' } });
  await addPaths(page, [sampleFolder()]);
  const first = await cluster(page, { k: 4 });
  const second = await cluster(page, { k: 6 });
  const names = ({ clusters }) => clusters.map(({ name, suggested }) => [name, suggested]);
  const gains = second.clusters.filter(({ suggested }, place) => suggested && first.clusters[place]?.suggested === false);
  t.diagnostic(`${JSON.stringify(names(first))} ${JSON.stringify(names(second))}`);
  assert.ok(gains.length > 0, 'a cluster without a name is followed by one with a name under its id');
  assert.deepEqual(names(await call(page, 'undo')), names(first));
  assert.deepEqual(names(await call(page, 'redo')), names(second));
});

test('given names follow their images', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64', k: '6' } });
  await dropPaths(page, [sampleFolder()]);
  const { clusters } = await settled(page, 60);
  await call(page, 'rename', clusters[2].id, 'Dogs');
  const before = await result(page);
  const dogs = pathsIn(before, clusters[2].id);
  await cluster(page, { k: 7 });
  const after = await cluster(page, { k: 6 });
  const named = after.clusters.find(({ name }) => name === 'Dogs');
  assert.ok(named, after.clusters.map(({ name }) => name).join(', '));
  assert.ok(pathsIn(after, named.id).filter((path) => dogs.includes(path)).length > dogs.length / 2);

  // Dropping more images clusters all of them again, since nothing is pinned.
  const more = fill(makeFolder(t, 'more'), Object.fromEntries(sampleFiles().slice(0, 20).map((file, index) => (
    [`${index}.jpg`, Buffer.concat([readFileSync(file), Buffer.from('more')])]))));
  await dropPaths(page, [more]);
  const grown = await settled(page, 80);
  assert.ok(grown.clusters.some(({ name }) => name === 'Dogs'), grown.clusters.map(({ name }) => name).join(', '));
});

test('without the classifier clusters keep their numbers, and no error is reported', async (t) => {
  const { page, errors } = await openPage(t, { attributes: { workers: '2' } });
  let requests = 0;
  await page.route(/classifier/, (route) => {
    requests += 1;
    return route.abort();
  });
  await addPaths(page, [sampleFolder()]);
  await listenFor(page, 'error');
  const { clusters } = await cluster(page, { k: 6 });
  assert.deepEqual(clusters.map(({ name }) => name), [1, 2, 3, 4, 5, 6].map((number) => `Group ${number}`));
  assert.ok(clusters.every(({ suggested }) => !suggested));
  assert.ok(requests > 0, 'the classifier was requested');
  assert.deepEqual(await page.evaluate(() => globalThis.events), []);
  assert.equal(await page.getByRole('alert').count(), 0);

  // Chromium itself reports the failed request on the console.
  const others = errors.found.filter((line) => !/classifier/.test(line));
  assert.deepEqual(others, []);
  errors.found.length = 0;

  await page.unroute(/classifier/);
  const named = await cluster(page, { k: 6 });
  assert.ok(named.clusters.some(({ suggested }) => suggested), 'the classifier is requested again');
});

test('names are suggested only for pooled features of Shoal\'s own network', async (t) => {
  const { page, site } = await openPage(t, { attributes: { workers: '2', features: 'flat', recipe: 'plain' } });
  await addPaths(page, [sampleFolder()]);
  const { clusters } = await cluster(page, { k: 3 });
  assert.deepEqual(clusters.map(({ name }) => name), ['Group 1', 'Group 2', 'Group 3']);
  assert.ok(!site.requests.some((line) => /classifier/.test(line)), 'flat features get no names');
  assert.deepEqual((await result(page)).clusters, clusters);
});

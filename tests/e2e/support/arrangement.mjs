// Checks of a result: which image is in which cluster, and whether all parts agree with each other.

import assert from 'node:assert/strict';

import { clustersByPath } from './shoal.mjs';

/** What a user can arrange, without the scores: every image's cluster, what is pinned, and the clusters' names. */
export const arrangementOf = (result) => ({
  places: clustersByPath(result),
  pinned: result.items.filter(({ locked }) => locked).map(({ path }) => path),
  groups: result.clusters.map(({ id, name, suggested, locked }) => ({ id, name, suggested, locked })),
});

/** The paths of a cluster's images, or with null of those in no cluster. */
export const pathsIn = ({ items }, id) => items.filter(({ cluster }) => cluster === id).map(({ path }) => path);

/** A cluster by its id. */
export const groupOf = ({ clusters }, id) => clusters.find((group) => group.id === id);

const mean = (values) => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);

function assertNear(found, expected, words) {
  const near = found === expected || Math.abs(found - expected) < 1e-5;
  assert.ok(near, `${words} is ${found}, but should be ${expected}`);
}

/** Checks that counts, means and representatives match the images. */
export function checkSound(result) {
  const { items, clusters, k, silhouette } = result;
  assert.equal(clusters.length, k);
  assert.deepEqual(clusters.map(({ id }) => id), clusters.map(({ id }) => id).sort((one, other) => one - other));
  const known = new Set(clusters.map(({ id }) => id));
  const scored = ({ silhouette: value }) => value !== null;
  for (const { path, cluster } of items) assert.ok(cluster === null || known.has(cluster), `${path} is in ${cluster}`);
  for (const group of clusters) {
    const members = items.filter(({ cluster }) => cluster === group.id);
    assert.equal(group.size, members.length, `size of ${group.name}`);
    assertNear(group.silhouette, mean(members.filter(scored).map(({ silhouette: value }) => value)), group.name);
    const paths = members.map(({ path }) => path);
    assert.equal(group.representatives.length, Math.min(12, group.size), `representatives of ${group.name}`);
    assert.ok(group.representatives.every((path) => paths.includes(path)), `representatives of ${group.name}`);
  }
  assertNear(silhouette, mean(items.filter(scored).map(({ silhouette: value }) => value)), 'the silhouette');
}

/** Checks that a result is evaluated: exactly the images in a cluster have a distance and a silhouette. */
export function checkEvaluated(result) {
  checkSound(result);
  for (const { path, cluster, silhouette, distance } of result.items) {
    assert.equal(silhouette !== null && distance !== null, cluster !== null, path);
  }
}

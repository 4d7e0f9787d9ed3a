// The figures of grouping.mjs: computations, their input, their counterparts in Python, and checks of equal quality.
//
// Each has `points`; `ours(call, options)` and `theirs(ask, options)`, which resolve with `{ ms, .. }` and for ours the
// times of its `parts`; and `check(pairs, ask)`, which throws unless the results of all rounds agree. `target` is the highest
// desired ratio of our time to theirs, `targetSeconds` that of our time. Workers already hold the points unless `sends` is
// true. With `needsLabels` the options include the labels of a KMeans.

import { blobs, features } from '../page/points.mjs';

const K = 20;
const RESTARTS = 10;
const MIN_CLUSTER_SIZE = 35;
const UMAP = { dimensions: 8, neighbours: 15 };
const COUNTS = Array.from({ length: 29 }, (_, index) => index + 2);

// With this much noise the best of ten restarts is about equally good; with less, chance decides between sums of squares.
const OVERLAPPING = { clusters: K, noise: 0.9 };
const POINTS = {
  wide: { rows: 10_000, columns: 64, make: blobs, options: { ...OVERLAPPING, seed: 1 } },
  half: { rows: 5_000, columns: 64, make: blobs, options: { ...OVERLAPPING, seed: 2 } },
  narrow: { rows: 10_000, columns: 32, make: blobs, options: { ...OVERLAPPING, seed: 3 } },
  small: { rows: 5_000, columns: 32, make: blobs, options: { ...OVERLAPPING, seed: 4 } },
  apart: { rows: 5_000, columns: 32, make: blobs, options: { clusters: K, noise: 0.2, seed: 5 } },
  features: { rows: 10_000, columns: 1280, make: features, options: { clusters: 40, seed: 6 } },
};

function demand(agrees, message) {
  if (!agrees) throw new Error(`invalid: ${message}`);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Throws unless each of our inertias is at most `maxRatio` times the lowest of theirs. */
async function checkInertia(pairs, ask, maxRatio) {
  const theirs = [];
  for (const pair of pairs) theirs.push(await ask('inertia', { labels: pair.theirs.labels }));
  for (const pair of pairs) {
    const ratio = await ask('inertia', { labels: pair.ours.labels }) / Math.min(...theirs);
    demand(ratio <= maxRatio, `inertia is ${ratio.toFixed(4)} times scikit-learn's`);
  }
}

/** The name of a figure, with the shape of its points. */
const named = (name, { rows, columns }) => `${name}, ${rows.toLocaleString('en')} x ${columns}`;

export const FIGURES = {
  kmeans: {
    name: named(`KMeans, k = ${K}, ${RESTARTS} restarts`, POINTS.wide),
    points: POINTS.wide,
    target: 1,
    ours: (call, { seed }) => call('kmeans', { k: K, restarts: RESTARTS, seed }),
    theirs: (ask, { seed }) => ask('kmeans', { k: K, restarts: RESTARTS, seed }),
    check: (pairs, ask) => checkInertia(pairs, ask, 1.01),
  },
  pca: {
    name: named('square root, length 1 and PCA to 64', POINTS.features),
    points: POINTS.features,
    target: 2,
    sends: true,
    ours: (call, { url }) => call('prepare', { url, columns: POINTS.features.columns, recipe: 'umap' }),
    theirs: (ask) => ask('prepare', { components: 64 }),
    check: (pairs) => pairs.forEach(({ ours, theirs }) => {
      ours.explained.forEach((share, component) => {
        const difference = Math.abs(share - theirs.explained[component]);
        demand(difference < 1e-3, `component ${component} explains ${share}, not ${theirs.explained[component]}`);
      });
      // Theirs uses random projection and keeps slightly less.
      const more = ours.varianceKept - theirs.varianceKept;
      demand(more > -1e-4 && more < 0.02, `components explain ${ours.varianceKept}, not ${theirs.varianceKept}`);
    }),
  },
  umap: {
    name: named(`UMAP to ${UMAP.dimensions}`, POINTS.half),
    points: POINTS.half,
    target: 1.5,
    ours: (call, { seed }) => call('umap', { seed }),
    theirs: (ask, { seed }) => ask('umap', { ...UMAP, seed }),
    check: async (pairs, ask) => {
      const { ours, theirs } = pairs.at(-1);
      const own = await ask('trust', { ...UMAP, layout: ours.layout });
      const other = await ask('trust', { ...UMAP, layout: theirs.layout });
      demand(own > other - 0.01, `the layout's trustworthiness is ${own}, umap-learn's ${other}`);
    },
  },
  silhouettes: {
    name: named(`silhouettes, exact, k = ${K}`, POINTS.wide),
    points: POINTS.wide,
    target: 1,
    needsLabels: true,
    ours: (call, { labels }) => call('silhouettes', { labels }),
    theirs: (ask, { labels }) => ask('silhouettes', { labels }),
    check: (pairs) => pairs.forEach(({ ours, theirs }) => {
      const difference = ours.values.reduce((max, value, row) => Math.max(max, Math.abs(value - theirs.values[row])), 0);
      demand(difference < 1e-4, `silhouettes differ by ${difference}`);
    }),
  },
  automatic: {
    name: named(`k = ${COUNTS[0]} to ${COUNTS.at(-1)}, ${RESTARTS} restarts and silhouettes each`, POINTS.small),
    points: POINTS.small,
    targetSeconds: 10,
    ours: (call, { seed }) => call('automatic', { counts: COUNTS, restarts: RESTARTS, seed }),
    theirs: (ask, { seed }) => ask('automatic', { counts: COUNTS, restarts: RESTARTS, seed }),
    check: (pairs) => pairs.forEach(({ ours, theirs }) => {
      const [own, other] = [mean(ours.curve), mean(theirs.curve)];
      demand(Math.abs(own - other) < 0.01, `the curve's mean silhouette is ${own}, not ${other}`);
    }),
  },
  hdbscan: {
    name: named(`HDBSCAN, at least ${MIN_CLUSTER_SIZE} each`, POINTS.apart),
    points: POINTS.apart,
    ours: (call) => call('hdbscan', { minClusterSize: MIN_CLUSTER_SIZE }),
    theirs: (ask) => ask('hdbscan', { minClusterSize: MIN_CLUSTER_SIZE }),
    check: async (pairs, ask) => {
      const { ours, theirs } = pairs.at(-1);
      const found = new Set(theirs.labels).size;
      const ari = await ask('agreement', { one: ours.labels, other: theirs.labels });
      demand(found > 2 && ari > 0.99, `HDBSCAN agrees with ARI ${ari} on ${found} labels`);
    },
  },
  ward: {
    name: named(`Ward, k = ${K}`, POINTS.narrow),
    points: POINTS.narrow,
    ours: (call, { seed }) => call('ward', { k: K, seed }),
    theirs: (ask) => ask('ward', { k: K }),
    check: (pairs, ask) => checkInertia(pairs, ask, 1.02),
  },
};

// Clustering in workers, with the messages and parts that the page's engine uses (crates/engine).

import { features, together } from './points.mjs';
import { startShoal } from './shoal.mjs';

const JOBS_PER_WORKER = 2;
const VALUES_PER_MESSAGE = 1 << 20;
const COORDINATES_PER_TILE = 20_000_000;
const NEIGHBOUR_PARTS = 24;
const LAYOUT_PARTS = 25;
/** UMAP's 15 neighbours include the row itself; these are the others. */
const OTHERS = 14;
const [FEATURES, POINTS] = [0, 1];

let workers = [];
/** The matrix that every worker holds as `POINTS`. */
let loadedPoints = { rows: 0, columns: 0 };

/** Starts `count` workers with the network loaded, as after images have been added. */
export async function start({ count }) {
  workers = await Promise.all(Array.from({ length: count }, () => startShoal({
    workerUrl: new URL('../../../dist/worker-loader.js', import.meta.url).href,
    weightsUrl: new URL('../../../weights/mobilenet_v2_backbone.safetensors', import.meta.url).href,
  })));
}

/** Resolves with what `work` resolves with, and its time in milliseconds. */
async function timed(work) {
  const startMs = performance.now();
  const value = await work();
  return { value, ms: performance.now() - startMs };
}

/** The replies to `jobs`, `[name, body]` each, in order. Each job goes to the next free worker. */
async function shareOut(jobs) {
  const answers = new Array(jobs.length);
  let next = 0;
  const serve = async (worker) => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      answers[index] = await worker.ask(...jobs[index]);
    }
  };
  await Promise.all(workers.flatMap((worker) => Array.from({ length: JOBS_PER_WORKER }, () => serve(worker))));
  return answers;
}

/** The ranges `[first, end]` of `total` items in parts of `size`. */
const parts = (total, size) => Array.from({ length: Math.ceil(total / size) }, (_, part) => (
  [part * size, Math.min((part + 1) * size, total)]
));

/** Sends a matrix to `receivers`. `slice(first, end)` returns some of its rows as an array. */
async function put(receivers, matrix, { rows, columns, slice }) {
  for (const [firstRow, endRow] of parts(rows, Math.floor(VALUES_PER_MESSAGE / columns))) {
    const values = slice(firstRow, endRow);
    await Promise.all(receivers.map((worker) => worker.ask('putRows', { matrix, rows, columns, firstRow, values })));
  }
}

const sliceOf = (values, columns) => (firstRow, endRow) => values.slice(firstRow * columns, endRow * columns);

async function fetched(url, columns) {
  const values = new Float32Array(await (await fetch(url)).arrayBuffer());
  return { rows: values.length / columns, columns, slice: sliceOf(values, columns) };
}

/** Sends the points of the file at `url` to every worker. */
export async function hold({ url, columns }) {
  loadedPoints = await fetched(url, columns);
  await put(workers, POINTS, loadedPoints);
}

/** A request for a clustering method. */
const fit = ({ method, k = null, seed = 0, restart = 0, minClusterSize = null }) => (
  { matrix: POINTS, method, k, seed, restart, minClusterSize, pinned: new Uint32Array() }
);

/** Labels as in scikit-learn: -1 for a row without a cluster. */
const readLabels = (labels) => Array.from(labels, (label) => label | 0);

async function bestFits({ counts, restarts, seed }) {
  const starts = counts.flatMap((k) => Array.from({ length: restarts }, (_, restart) => ({ k, restart })));
  const fits = await shareOut(starts.map(({ k, restart }) => (
    ['fit', fit({ method: 'kmeans', k, seed, restart })]
  )));
  const better = (best, fit) => (fit.cost < best.cost ? fit : best);
  return counts.map((_, index) => fits.slice(index * restarts, (index + 1) * restarts).reduce(better));
}

async function silhouettesOf(labels) {
  const rows = Math.min(Math.max(Math.floor(COORDINATES_PER_TILE / (loadedPoints.rows * loadedPoints.columns)), 16), loadedPoints.rows);
  const tiles = await shareOut(parts(loadedPoints.rows, rows).map(([firstRow, endRow]) => (
    ['silhouettes', { matrix: POINTS, firstRow, endRow, labels, references: new Uint32Array() }]
  )));
  return tiles.flatMap(({ values }) => [...values]);
}

/** `{ ms, labels }`. */
export async function kmeans({ k, restarts, seed }) {
  const { value: [{ labels }], ms } = await timed(() => bestFits({ counts: [k], restarts, seed }));
  return { ms, labels: readLabels(labels) };
}

/** `{ ms, values }`. */
export async function silhouettes({ labels }) {
  const { value, ms } = await timed(() => silhouettesOf(Uint32Array.from(labels)));
  return { ms, values: value };
}

/** `{ ms, parts, curve }`, where `curve` is the mean silhouette of each k. */
export async function automatic({ counts, restarts, seed }) {
  const fits = await timed(() => bestFits({ counts, restarts, seed }));
  const evaluated = await timed(async () => {
    const curve = [];
    for (const { labels } of fits.value) {
      const values = await silhouettesOf(labels);
      curve.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    }
    return curve;
  });
  return { ms: fits.ms + evaluated.ms, parts: { KMeans: fits.ms, silhouettes: evaluated.ms }, curve: evaluated.value };
}

/** `{ ms, parts, explained, varianceKept }`; `ms` excludes sending the features to the worker. */
export async function prepare({ url, columns, recipe }) {
  const matrix = await fetched(url, columns);
  const before = await timed(() => put([workers[0]], FEATURES, matrix));
  const { value, ms } = await timed(() => workers[0].ask('applyRecipe', { matrix: FEATURES, recipe }));
  const { explained, varianceKept } = value;
  return { ms, parts: { 'before: features to the worker': before.ms }, explained, varianceKept };
}

/** `{ ms, parts, layout }`. */
export async function umap({ seed }) {
  const { rows } = loadedPoints;
  const search = await timed(async () => {
    const found = await shareOut(parts(rows, Math.ceil(rows / NEIGHBOUR_PARTS)).map(([firstRow, endRow]) => (
      ['findNeighbours', { matrix: POINTS, firstRow, endRow, count: OTHERS }]
    )));
    const neighbours = { count: OTHERS, rows: new Uint32Array(rows * OTHERS), distances: new Float32Array(rows * OTHERS) };
    let offset = 0;
    for (const part of found) {
      neighbours.rows.set(part.rows, offset);
      neighbours.distances.set(part.distances, offset);
      offset += part.rows.length;
    }
    return neighbours;
  });
  const graph = await timed(() => workers[0].ask('beginLayout', { matrix: POINTS, neighbours: search.value, seed }));
  const run = await timed(async () => {
    const epochs = graph.value;
    for (const [first, end] of parts(epochs, Math.ceil(epochs / LAYOUT_PARTS))) {
      await workers[0].ask('runLayout', { epochs: end - first });
    }
    return workers[0].ask('endLayout');
  });
  return {
    ms: search.ms + graph.ms + run.ms,
    parts: { neighbours: search.ms, 'graph and start': graph.ms, epochs: run.ms },
    layout: [...run.value.points],
  };
}

/** `{ ms, labels }`. */
export async function hdbscan({ minClusterSize }) {
  const { value, ms } = await timed(() => workers[0].ask('fit', fit({ method: 'hdbscan', minClusterSize })));
  return { ms, labels: readLabels(value.labels) };
}

/** `{ ms, labels }`. */
export async function ward({ k, seed }) {
  const { value, ms } = await timed(() => workers[0].ask('fit', fit({ method: 'ward', k, seed })));
  return { ms, labels: readLabels(value.labels) };
}

/** Clusters the features of very many images, which stay on the page as in the engine: milliseconds by step. */
export async function groupMany({ rows, columns, clusters, seed, k }) {
  const matrix = [...features({ rows, columns, clusters, seed })];
  const slice = (firstRow, endRow) => together(matrix.slice(firstRow, endRow), columns);
  const sent = await timed(() => put([workers[0]], FEATURES, { rows, columns, slice }));
  const prepared = await timed(() => workers[0].ask('applyRecipe', { matrix: FEATURES, recipe: 'spherical' }));
  const { columns: kept, points } = prepared.value;
  const shared = await timed(() => put(workers, POINTS, { rows, columns: kept, slice: sliceOf(points, kept) }));
  const fitted = await timed(() => workers[0].ask('fit', fit({ method: 'kmeans', k, seed })));
  if (matrix.length !== rows || fitted.value.labels.length !== rows) throw new Error('invalid: rows are missing');
  return {
    'features to the worker': sent.ms, transform: prepared.ms, 'points to the workers': shared.ms, KMeans: fitted.ms,
  };
}

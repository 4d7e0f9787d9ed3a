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
let held = { rows: 0, columns: 0 };

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

/** The replies to `jobs`, `[message, bulk]` each, in order. Each job goes to the next free worker. */
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
    await Promise.all(receivers.map((worker) => worker.ask({ putRows: { matrix, rows, columns, firstRow } }, [values])));
  }
}

const sliceOf = (values, columns) => (firstRow, endRow) => values.slice(firstRow * columns, endRow * columns);

async function fetched(url, columns) {
  const values = new Float32Array(await (await fetch(url)).arrayBuffer());
  return { rows: values.length / columns, columns, slice: sliceOf(values, columns) };
}

/** Sends the points of the file at `url` to every worker. */
export async function hold({ url, columns }) {
  held = await fetched(url, columns);
  await put(workers, POINTS, held);
}

/** Labels as in scikit-learn: -1 for a row without a cluster. */
const readLabels = (labels) => Array.from(labels, (label) => label | 0);

async function bestFits({ counts, restarts, seed }) {
  const starts = counts.flatMap((k) => Array.from({ length: restarts }, (_, restart) => ({ k, restart })));
  const fits = await shareOut(starts.map(({ k, restart }) => (
    [{ fitKMeans: { matrix: POINTS, k, seed, restart } }, []]
  )));
  const better = (best, fit) => (fit.inertia < best.inertia ? fit : best);
  return counts.map((_, index) => fits.slice(index * restarts, (index + 1) * restarts).reduce(better));
}

async function silhouettesOf(labels) {
  const rows = Math.min(Math.max(Math.floor(COORDINATES_PER_TILE / (held.rows * held.columns)), 16), held.rows);
  const tiles = await shareOut(parts(held.rows, rows).map(([firstRow, endRow]) => (
    [{ silhouettes: { matrix: POINTS, firstRow, endRow } }, [labels]]
  )));
  return tiles.flatMap(({ bulk }) => [...bulk[0]]);
}

/** `{ ms, labels }`. */
export async function kmeans({ k, restarts, seed }) {
  const { value: [{ bulk }], ms } = await timed(() => bestFits({ counts: [k], restarts, seed }));
  return { ms, labels: readLabels(bulk[0]) };
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
    for (const { bulk: [labels] } of fits.value) {
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
  const { value, ms } = await timed(() => workers[0].ask({ prepare: { matrix: FEATURES, recipe } }));
  const { explained, varianceKept } = value;
  return { ms, parts: { 'before: features to the worker': before.ms }, explained, varianceKept };
}

/** `{ ms, parts, layout }`. */
export async function umap({ seed }) {
  const { rows } = held;
  const search = await timed(async () => {
    const found = await shareOut(parts(rows, Math.ceil(rows / NEIGHBOUR_PARTS)).map(([firstRow, endRow]) => (
      [{ neighbours: { matrix: POINTS, firstRow, endRow, count: OTHERS } }, []]
    )));
    const [neighbours, distances] = [new Uint32Array(rows * OTHERS), new Float32Array(rows * OTHERS)];
    let offset = 0;
    for (const { bulk } of found) {
      neighbours.set(bulk[0], offset);
      distances.set(bulk[1], offset);
      offset += bulk[0].length;
    }
    return [neighbours, distances];
  });
  const graph = await timed(() => workers[0].ask({ beginLayout: { matrix: POINTS, count: OTHERS, seed } }, search.value));
  const run = await timed(async () => {
    const { epochs } = graph.value;
    for (const [first, end] of parts(epochs, Math.ceil(epochs / LAYOUT_PARTS))) {
      await workers[0].ask({ runLayout: { epochs: end - first } });
    }
    return workers[0].ask('endLayout');
  });
  return {
    ms: search.ms + graph.ms + run.ms,
    parts: { neighbours: search.ms, 'graph and start': graph.ms, epochs: run.ms },
    layout: [...run.value.bulk[0]],
  };
}

/** `{ ms, labels }`. */
export async function hdbscan({ minClusterSize }) {
  const { value, ms } = await timed(() => workers[0].ask({ fitHdbscan: { matrix: POINTS, minClusterSize } }));
  return { ms, labels: readLabels(value.bulk[0]) };
}

/** `{ ms, labels }`. */
export async function ward({ k, seed }) {
  const { value, ms } = await timed(() => workers[0].ask({ fitWard: { matrix: POINTS, k, seed } }));
  return { ms, labels: readLabels(value.bulk[0]) };
}

/** Clusters the features of very many images, which stay on the page as in the engine: milliseconds by step. */
export async function groupMany({ rows, columns, clusters, seed, k }) {
  const matrix = [...features({ rows, columns, clusters, seed })];
  const slice = (firstRow, endRow) => together(matrix.slice(firstRow, endRow), columns);
  const sent = await timed(() => put([workers[0]], FEATURES, { rows, columns, slice }));
  const prepared = await timed(() => workers[0].ask({ prepare: { matrix: FEATURES, recipe: 'spherical' } }));
  const { columns: kept, bulk: [points] } = prepared.value;
  const shared = await timed(() => put(workers, POINTS, { rows, columns: kept, slice: sliceOf(points, kept) }));
  const fitted = await timed(() => workers[0].ask({ fitKMeans: { matrix: POINTS, k, seed, restart: 0 } }));
  if (matrix.length !== rows || fitted.value.bulk[0].length !== rows) throw new Error('invalid: rows are missing');
  return {
    'features to the worker': sent.ms, transform: prepared.ms, 'points to the workers': shared.ms, KMeans: fitted.ms,
  };
}

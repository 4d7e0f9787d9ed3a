// Clustering in the browser compared with scikit-learn and umap-learn, on the same points in one run:
// grouping.mjs [--rounds 5] [--only kmeans,umap,memory]. Needs `make build`.
// SHOAL_PYTHON is the Python that has them (python3 by default); without them only Shoal is measured.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { together } from './page/points.mjs';
import { FIGURES } from './support/figures.mjs';
import { callPage, withPage } from './support/launch.mjs';
import { peakPageBytes } from './support/memory.mjs';
import { startPeers } from './support/peers.mjs';
import { markdownTable, quantile } from './support/table.mjs';

// Inside the repository, from which the page is served.
const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url));
const WORKERS = Math.max(2, cpus().length);
const MANY = { rows: 50_000, columns: 1280, clusters: 40, seed: 7, k: 20 };
const MAX_MEMORY_BYTES = 1.5e9;

const EVERYTHING = [...Object.keys(FIGURES), 'memory'].join();

const { values: { rounds, only } } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string', default: EVERYTHING } },
});
const selected = only.split(',');

/** Measures a figure in turns: `[{ ours, theirs }]` by round, without the first round, which warms up. */
async function race(figure, { call, peers, file, url }) {
  const { columns } = figure.points;
  const ask = peers && ((task, options) => peers.ask(task, { file, columns, ...options }));
  if (!figure.sends) await call('hold', { url, columns });
  const labels = figure.needsLabels ? (await FIGURES.kmeans.ours(call, { seed: 0 })).labels : undefined;
  const pairs = [];
  for (let round = -1; round < Number(rounds); round += 1) {
    const options = { url, labels, seed: round + 1 };
    const sides = [
      ['ours', () => figure.ours(call, options)], ...(ask ? [['theirs', () => figure.theirs(ask, options)]] : []),
    ];
    // The order changes from round to round.
    if (round % 2 !== 0) sides.reverse();
    const pair = {};
    for (const [side, run] of sides) pair[side] = await run();
    if (round >= 0) pairs.push(pair);
  }
  if (ask) await figure.check(pairs, ask);
  return pairs;
}

const seconds = (ms) => (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);

function withQuartiles(times) {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => seconds(quantile(times, share)));
  return `${median} (${low} to ${high})`;
}

function rowOf({ name, target, targetSeconds }, pairs) {
  const ours = pairs.map((pair) => pair.ours.ms);
  const theirs = pairs.flatMap((pair) => (pair.theirs ? [pair.theirs.ms] : []));
  const goal = target ? `at most ${target.toFixed(1)}` : targetSeconds ? `under ${targetSeconds} s` : '';
  const compared = theirs.length > 0 ? [withQuartiles(theirs), (quantile(ours) / quantile(theirs)).toFixed(2)] : [];
  return [name, withQuartiles(ours), ...compared, goal];
}

const partsOf = ({ name }, pairs) => Object.keys(pairs[0].ours.parts ?? {}).map((part) => (
  [name, part, seconds(quantile(pairs.map((pair) => pair.ours.parts[part])))]
));

async function compare(page, folder, peers) {
  const call = (name, options) => callPage(page, 'grouping.mjs', name, options);
  await call('start', { count: WORKERS });
  const [rows, parts] = [[], []];
  for (const [key, figure] of Object.entries(FIGURES).filter(([name]) => selected.includes(name))) {
    const { make, options, ...shape } = figure.points;
    const file = `${key}.f32`;
    const values = together([...make({ ...shape, ...options })], shape.columns);
    await writeFile(join(folder, file), new Uint8Array(values.buffer));
    const pairs = await race(figure, { call, peers, file, url: `/artifacts/${basename(folder)}/${file}` });
    rows.push(rowOf(figure, pairs));
    parts.push(...partsOf(figure, pairs));
  }
  console.log(`\nClustering on ${WORKERS} workers: seconds, medians (and quartiles) of ${rounds} rounds\n`);
  console.log(markdownTable(['', 'Shoal', ...(peers ? [peers.versions, 'ratio'] : []), 'target'], rows));
  if (parts.length > 0) console.log(`\n${markdownTable(['of which', '', 'seconds'], parts)}`);
}

async function measureMemory(page) {
  await callPage(page, 'grouping.mjs', 'start', { count: WORKERS });
  const before = await peakPageBytes(page);
  const times = await callPage(page, 'grouping.mjs', 'groupMany', MANY);
  const peak = await peakPageBytes(page);
  console.log(`\n${MANY.rows.toLocaleString('en')} images' features of ${MANY.columns} columns on the page, `
    + `transformed and clustered on ${WORKERS} workers\n`);
  console.log(markdownTable(['', 'seconds'], Object.entries(times).map(([step, ms]) => [step, seconds(ms)])));
  if (peak === null) return;
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(`\nThe peak of the browser's pages was ${megabytes(peak)} resident, ${megabytes(before)} of them before; the `
    + `target is below ${megabytes(MAX_MEMORY_BYTES)}.`);
}

await mkdir(ARTIFACTS, { recursive: true });
const folder = await mkdtemp(join(ARTIFACTS, 'grouping-'));
const { missing, ...peers } = await startPeers(folder);
try {
  await withPage({}, async (page, { machine }) => {
    console.log(machine);
    if (missing) console.log(`without peers, which need scikit-learn and umap-learn: ${missing}`);
    if (selected.some((name) => name in FIGURES)) await compare(page, folder, missing ? null : peers);
  });
  // In a new browser, so that the peak includes nothing else.
  if (selected.includes('memory')) await withPage({}, measureMemory);
} finally {
  peers.close?.();
  await rm(folder, { recursive: true });
}

// Embedding compared with other libraries, in one run of one browser: compare.mjs [--rounds 15] [--sizes 128,224]. Needs
// `make build`. GPU=1 enables WebGPU in the browser; GPU=force accepts a software adapter, too.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { callPage, withPage } from './support/launch.mjs';
import { markdownTable, quantile } from './support/table.mjs';

const SCALING_SIZE_PX = 128;

const { values: { rounds, sizes } } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, sizes: { type: 'string', default: '128,224' } },
});
const sizesPx = sizes.split(',').map(Number);
const gpu = process.env.GPU ?? '';

await withPage({ gpu: gpu !== '' }, async (page, { machine }) => {
  const { batch, rows, adapter } = await callPage(page, 'compare.mjs', 'compare', {
    sizesPx,
    rounds: Number(rounds),
    gpu: { force: gpu === 'force', hasGpuProgram: existsSync(new URL('../../dist/gpu-loader.js', import.meta.url)) },
  });
  const medians = rows.map(({ turns }) => sizesPx.map((sizePx) => quantile(turns[sizePx])));
  const cells = rows.map(({ name, cosine, turns }, row) => [name, ...sizesPx.flatMap((sizePx, column) => {
    const [low, high] = [0.25, 0.75].map((share) => quantile(turns[sizePx], share).toFixed(1));
    return [`${medians[row][column].toFixed(1)} (${low} to ${high})`, (medians[row][column] / medians[0][column]).toFixed(2)];
  }), cosine.toFixed(5)]);
  console.log(`${machine}${adapter ? `, WebGPU on ${adapter}` : ''}`);
  console.log(`MobileNetV2 1.0, batches of ${batch}, one thread each: milliseconds per image, medians (and quartiles) of ${rounds} `
    + 'rounds\n');
  console.log(markdownTable(
    ['', ...sizesPx.flatMap((sizePx) => [`${sizePx} px`, 'ratio']), 'cosine of features'], cells,
  ));

  const { one, two } = await callPage(page, 'compare.mjs', 'scale', { sizePx: SCALING_SIZE_PX, rounds: Number(rounds) });
  const [oneRate, twoRate] = [quantile(one), quantile(two)];
  console.log(`\n${markdownTable(
    [`workers, ${SCALING_SIZE_PX} px`, 'images per second', 'ratio'],
    [['1', oneRate.toFixed(0), '1.00'], ['2', twoRate.toFixed(0), (twoRate / oneRate).toFixed(2)]],
  )}\n`);
});

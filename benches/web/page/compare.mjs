// Comparison of embedding: all contestants embed the same number of images, in turns.

import { cosine } from './cosine.mjs';
import { startPeer } from './peer.mjs';
import { picture } from './pictures.mjs';
import { startShoal } from './shoal.mjs';

const BATCH = 8;
/** Turns before the measured ones, in which engines recompile hot code. */
const WARM_UP_TURNS = 4;
const MIN_COSINE = 0.999;
const WEIGHTS = new URL('../../../weights/mobilenet_v2_backbone.safetensors', import.meta.url).href;
const DIST = new URL('../../../dist/', import.meta.url);
const shoal = (loader) => startShoal({ workerUrl: new URL(loader, DIST).href, weightsUrl: WEIGHTS });
const peer = (worker, options = {}) => startPeer({
  workerUrl: new URL(worker, import.meta.url).href, weightsUrl: WEIGHTS, ...options,
});

/** `requested(name)` resolves with whether a file of that name was fetched, which shows the build that the loader chose. */
async function startCpu(requested) {
  const chosen = await shoal('worker-loader.js');
  const shoalRows = await requested('worker_relaxed_bg.wasm')
    ? [['Shoal (relaxed SIMD)', chosen], ['Shoal (plain SIMD)', await shoal('worker-loader.js?simd=plain')]]
    : [['Shoal (plain SIMD)', chosen]];
  return [
    ...shoalRows,
    ['tfjs, wasm with SIMD', await peer('tfjs-worker.mjs')],
    ['onnxruntime-web, wasm', await peer('onnx-worker.mjs', { provider: 'wasm' })],
  ];
}

/**
 * The contestants on WebGPU; none without a real adapter. Shoal's is `gpu-loader.js`, whose worker answers `Start`, `Embed`
 * and `Measure` like others; a build without the GPU program leaves it out. `force` accepts a software adapter.
 */
async function startWebGpu({ force, hasGpuProgram }) {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter || (adapter.info.isFallbackAdapter && !force)) return { adapter: null, contestants: [] };
  const { vendor, architecture, description } = adapter.info;
  return {
    adapter: [vendor, architecture, description].filter(Boolean).join(' '),
    contestants: [
      ...(hasGpuProgram ? [['Shoal, WebGPU', await shoal('gpu-loader.js')]] : []),
      ['onnxruntime-web, WebGPU', await peer('onnx-worker.mjs', { provider: 'webgpu' })],
    ],
  };
}

/** The minimum cosine, over all sizes, of each contestant's features with those of the first. */
async function agreement(contestants, sizesPx) {
  const least = contestants.map(() => 1);
  for (const sizePx of sizesPx) {
    const { rgb, file } = await picture(sizePx, sizePx);
    let reference;
    for (const [index, [name, contestant]] of contestants.entries()) {
      const features = await contestant.features({ rgb, file, sizePx });
      reference ??= features;
      const similarity = cosine(features, reference);
      if (!(features.length === 1280 && similarity > MIN_COSINE)) {
        throw new Error(`invalid: at ${sizePx} px the features of ${name} have cosine ${similarity} with those of ${contestants[0][0]}`);
      }
      least[index] = Math.min(least[index], similarity);
    }
  }
  return least;
}

/** Milliseconds per image of each turn, by contestant and size: `[{ [sizePx]: [ms, ..] }]`. */
async function race(contestants, sizesPx, rounds) {
  const turns = contestants.map(() => Object.fromEntries(sizesPx.map((sizePx) => [sizePx, []])));
  for (const sizePx of sizesPx) {
    for (let round = -WARM_UP_TURNS; round < rounds; round += 1) {
      for (let turn = 0; turn < contestants.length; turn += 1) {
        // Rotates the order, so that no contestant always follows the same other one.
        const index = (turn + round + WARM_UP_TURNS) % contestants.length;
        const elapsedMs = await contestants[index][1].measure({ sizePx, pictures: BATCH });
        if (round >= 0) turns[index][sizePx].push(elapsedMs / BATCH);
      }
    }
  }
  return turns;
}

/** `{ batch, rows: [{ name, cosine, turns }], adapter }`. */
export async function compare({ sizesPx, rounds, gpu }) {
  const { adapter, contestants: onGpu } = await startWebGpu(gpu);
  const contestants = [...await startCpu((name) => globalThis.requested(name)), ...onGpu];
  const cosines = await agreement(contestants, sizesPx);
  const turns = await race(contestants, sizesPx, rounds);
  contestants.forEach(([, contestant]) => contestant.close());
  const rows = contestants.map(([name], index) => ({ name, cosine: cosines[index], turns: turns[index] }));
  return { batch: BATCH, rows, adapter };
}

/** Images per second of one worker and of two at once, by round: `{ one: [..], two: [..] }`. */
export async function scale({ sizePx, rounds }) {
  const pictures = 4 * BATCH;
  const workers = [await shoal('worker-loader.js'), await shoal('worker-loader.js')];
  const rate = async (worker) => (pictures / await worker.measure({ sizePx, pictures })) * 1000;
  const rates = { one: [], two: [] };
  for (let round = -1; round < rounds; round += 1) {
    const one = await rate(workers[Math.abs(round) % 2]);
    const [first, second] = await Promise.all(workers.map(rate));
    if (round >= 0) {
      rates.one.push(one);
      rates.two.push(first + second);
    }
  }
  workers.forEach((worker) => worker.close());
  return rates;
}

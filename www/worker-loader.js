// Loader of a worker: starts the build of the worker program that this browser supports.

import './worker-crash.js?v=__BUILD_ID__';
import { fetchWithSigns, signOfLife } from './loading-signs.js?v=__BUILD_ID__';
import { workerProgram } from './worker-program.js?v=__BUILD_ID__';

const BUILD_QUERY = '?v=__BUILD_ID__';

signOfLife();
// Benchmarks add `simd=plain` to this file's address to compare the two builds.
const isPlain = new URL(import.meta.url).searchParams.get('simd') === 'plain';
const program = isPlain ? 'worker' : workerProgram();
const { default: init } = await import(new URL(`${program}.js${BUILD_QUERY}`, import.meta.url).href);

const addressOf = (name) => new URL(`${name}${BUILD_QUERY}`, import.meta.url).href;
/** How long the decoders may take to load, in milliseconds. */
const DECODERS_MS = 60_000;

async function importDecoders() {
  const decoders = await import(addressOf('decoders.js'));
  const { memory } = await decoders.default({ module_or_path: addressOf('decoders_bg.wasm') });
  return { decoders, memory };
}

const importHeif = () => import(addressOf('heif.js')).catch(({ message }) => {
  throw Object.assign(new Error(message), { code: 'program-unreachable' });
});

const timeOut = (milliseconds) => new Promise((_, reject) => {
  setTimeout(() => reject(new Error('the server takes too long')), milliseconds);
});

let loading;
// What the program calls for pictures that the browser cannot decode. The first call fetches the decoder.
globalThis.callDecoder = async (name, ...args) => {
  if (name === 'decodeHeif') return (await importHeif()).decodeHeif(...args);
  loading ??= Promise.race([importDecoders(), timeOut(DECODERS_MS)]);
  const { decoders, memory } = await loading.catch(({ message }) => {
    loading = undefined;
    throw Object.assign(new Error(message), { code: 'program-unreachable' });
  });
  try {
    return decoders[name](...args);
  } finally {
    // The worker reports it with its own: a worker whose memory has grown is replaced.
    globalThis.decoderBytes = memory.buffer.byteLength;
  }
};

await init({ module_or_path: fetchWithSigns(new URL(`${program}_bg.wasm${BUILD_QUERY}`, import.meta.url)) });

// Loader of a worker: starts the build of the worker program that this browser supports.

import './worker-crash.js?v=__BUILD_ID__';
import { signOfLife, startWithSigns } from './loading-signs.js?v=__BUILD_ID__';
import { workerProgram } from './worker-program.js?v=__BUILD_ID__';

const BUILD_ID = '__BUILD_ID__';

signOfLife();
// A static server ignores the query of an address, and may have another build by this time.
const { searchParams } = new URL(import.meta.url);
if (![BUILD_ID, null].includes(searchParams.get('v'))) throw new Error('this site has been updated: reload the page');
// Benchmarks add `simd=plain` to this file's address to compare the two builds.
const isPlain = searchParams.get('simd') === 'plain';
const program = isPlain ? 'worker' : workerProgram();
const addressOf = (name) => new URL(`${name}?v=${BUILD_ID}`, import.meta.url).href;
/** How long the decoders may take to load, in milliseconds. */
const DECODERS_MS = 60_000;

async function importDecoders() {
  const { startProgram, wasmAddress, ...decoders } = await import(addressOf('decoders.js'));
  const { memory } = await startProgram(await fetch(new URL(wasmAddress, import.meta.url)));
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

const { startProgram, wasmAddress } = await import(addressOf(`${program}.js`));
await startWithSigns(startProgram, new URL(wasmAddress, import.meta.url));

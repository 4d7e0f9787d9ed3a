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
await init({ module_or_path: fetchWithSigns(new URL(`${program}_bg.wasm${BUILD_QUERY}`, import.meta.url)) });

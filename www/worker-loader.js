// The loader of a worker. What escapes the program ends the worker: the page is notified and starts another.

const BUILD_QUERY = '?v=__BUILD_ID__';

const crashed = (reason) => self.postMessage({ crashed: String(reason?.message ?? reason) });
self.addEventListener('error', (event) => {
  event.preventDefault();
  crashed(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crashed(event.reason);
});

// `simd=plain` in this file's address is for measuring the one against the other.
const plain = new URL(import.meta.url).searchParams.get('simd') === 'plain';
const { workerProgram } = await import(new URL(`worker-program.js${BUILD_QUERY}`, import.meta.url).href);
const program = plain ? 'worker' : workerProgram();
const { default: init } = await import(new URL(`${program}.js${BUILD_QUERY}`, import.meta.url).href);
await init({ module_or_path: new URL(`${program}_bg.wasm${BUILD_QUERY}`, import.meta.url) });

// The loader of the worker that embeds on the GPU. What escapes the program ends it: the page is told.

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

const { default: init } = await import(new URL(`gpu.js${BUILD_QUERY}`, import.meta.url).href);
await init({ module_or_path: new URL(`gpu_bg.wasm${BUILD_QUERY}`, import.meta.url) });

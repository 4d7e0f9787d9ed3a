// A lane's loader. What escapes the program ends it: the page is told and starts another.

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

const { default: init } = await import(new URL(`lane.js${BUILD_QUERY}`, import.meta.url).href);
await init({ module_or_path: new URL(`lane_bg.wasm${BUILD_QUERY}`, import.meta.url) });

// Loader of the worker that embeds images on the GPU.

import './worker-crash.js?v=__BUILD_ID__';

const BUILD_QUERY = '?v=__BUILD_ID__';

const { default: init } = await import(new URL(`gpu.js${BUILD_QUERY}`, import.meta.url).href);
await init({ module_or_path: new URL(`gpu_bg.wasm${BUILD_QUERY}`, import.meta.url) });

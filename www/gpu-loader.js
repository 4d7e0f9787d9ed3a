// Loader of the worker that embeds images on the GPU.

import './worker-crash.js?v=__BUILD_ID__';
import { fetchWithSigns, signOfLife } from './loading-signs.js?v=__BUILD_ID__';

const BUILD_QUERY = '?v=__BUILD_ID__';

signOfLife();
const { default: init } = await load(new URL(`gpu.js${BUILD_QUERY}`, import.meta.url).href);
await init({ module_or_path: fetchWithSigns(new URL(`gpu_bg.wasm${BUILD_QUERY}`, import.meta.url)) });

/** Imports the program. It may be missing: `make run` serves the page while it is still being built. */
async function load(url) {
  try {
    return await import(url);
  } catch (error) {
    const { status } = await fetch(url, { method: 'HEAD' }).catch(() => ({}));
    throw status === 404 ? new Error('this site has no GPU program, or it is still being built') : error;
  }
}

// Loader of the worker that embeds images on the GPU.

import './worker-crash.js?v=__BUILD_ID__';
import { signOfLife, startWithSigns } from './loading-signs.js?v=__BUILD_ID__';

const BUILD_ID = '__BUILD_ID__';

signOfLife();
// A static server ignores the query of an address, and may have another build by this time.
const asked = new URL(import.meta.url).searchParams.get('v');
if (![BUILD_ID, null].includes(asked)) throw new Error('this site has been updated: reload the page');
const { startProgram, wasmAddress } = await load(new URL(`gpu.js?v=${BUILD_ID}`, import.meta.url).href);
await startWithSigns(startProgram, new URL(wasmAddress, import.meta.url));

/** Imports the program. It may be missing: `make run` serves the page while it is still being built. */
async function load(url) {
  try {
    return await import(url);
  } catch (error) {
    const { status } = await fetch(url, { method: 'HEAD' }).catch(() => ({}));
    throw status === 404 ? new Error('this site has no GPU program, or it is still being built') : error;
  }
}

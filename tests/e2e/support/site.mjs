// The built site under a sub-folder, as an embedder would have it: nothing may depend on the server's root.

import { serve } from '../../../scripts/serve.mjs';

const DIST = new URL('../../../dist/', import.meta.url).pathname;

/** Serves dist/, or another folder. Resolves with `{ url, requests, close }`; requests grow as they come. */
export async function startSite({ folder = DIST, mount = '/some/folder/', cors = false } = {}) {
  const requests = [];
  const site = await serve(folder, { mount, cors, onRequest: (line) => requests.push(line) });
  return { ...site, requests };
}

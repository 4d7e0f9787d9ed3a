// Server of the built site. It uses a sub-folder, because nothing may depend on the server's root.

import { serve } from '../../../scripts/serve.mjs';

const DIST = new URL('../../../dist/', import.meta.url).pathname;

/** Serves dist/, or another folder. Resolves with `{ url, requests, close }`; `requests` grows with every request. */
export async function startSite({ folder = DIST, mount = '/some/folder/', cors = false } = {}) {
  const requests = [];
  const site = await serve(folder, { mount, cors, onRequest: (line) => requests.push(line) });
  return { ...site, requests };
}

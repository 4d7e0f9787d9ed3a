// Static server for this machine only: serve.mjs FOLDER [--port 8080] [--mount /some/folder/] [--cors] [--log]

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.safetensors': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** The file that a request is for, or null if it is outside the mount or the folder, or does not exist. */
async function fileFor(url, { folder, mount }) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(mount) || path.includes('\0')) return null;
  const inside = path.slice(mount.length);
  const file = normalize(join(folder, inside === '' || inside.endsWith('/') ? `${inside}index.html` : inside));
  if (!file.startsWith(folder + sep)) return null;
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? { file, size: found.size } : null;
}

/**
 * Serves `folder` under `mount`. Port 0 chooses a free one; `cors` allows requests from pages of any origin. Resolves with
 * `{ url, close }`.
 */
export async function serve(folder, { port = 0, mount = '/', cors = false, onRequest = () => {} } = {}) {
  const site = { folder: resolve(folder), mount };
  const server = createServer(async (request, response) => {
    const found = ['GET', 'HEAD'].includes(request.method) ? await fileFor(request.url, site) : null;
    onRequest(`${request.method} ${request.url} ${found ? 200 : 404}`);
    if (!found) {
      // The file may be there at the next request: `make run` adds the GPU program later.
      response.writeHead(404, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('not found\n');
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(found.file)] ?? 'application/octet-stream',
      'content-length': found.size,
      // The next load fetches a newer build.
      'cache-control': 'no-cache',
      ...(cors ? { 'access-control-allow-origin': '*' } : {}),
    });
    if (request.method === 'HEAD') {
      response.end();
    } else {
      createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
    }
  });
  await new Promise((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${mount}`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

async function main() {
  const { values, positionals: [folder] } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '8080' },
      mount: { type: 'string', default: '/' },
      cors: { type: 'boolean', default: false },
      log: { type: 'boolean', default: false },
    },
  });
  const { port, mount, cors, log } = values;
  try {
    const { url } = await serve(folder, { port: Number(port), mount, cors, onRequest: log ? console.log : undefined });
    console.log(`Shoal is at ${url} (stop with Ctrl-C)`);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    console.error(`error: port ${port} is in use; choose another: make run PORT=${Number(port) + 1}`);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main();
}

// scikit-learn and umap-learn in a process of their own (peers.py), which lasts as long as the benchmark.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../peers.py', import.meta.url));

/**
 * Starts them on the files in `folder`, with the Python that SHOAL_PYTHON names. Resolves with `{ versions, ask, close }`,
 * or with `{ missing }`, which says what is not there.
 */
export async function startPeers(folder) {
  const python = process.env.SHOAL_PYTHON ?? 'python3';
  const child = spawn(python, [SCRIPT, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise((resolve) => { child.once('error', (error) => resolve(error.message)); });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python} ended before it answered`);
    return JSON.parse(value);
  };
  const { missing, versions } = await Promise.race([failed.then((message) => ({ missing: message })), answer()]);
  if (missing) return { missing: `${python}: ${missing}` };
  return {
    versions,
    /** Has `task` done, a function of peers.py. One at a time. */
    ask: (task, options) => {
      child.stdin.write(`${JSON.stringify({ task, ...options })}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}

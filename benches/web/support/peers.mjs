// scikit-learn and umap-learn in a process (peers.py) that runs during the benchmark.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../peers.py', import.meta.url));

/**
 * Starts peers.py on the files in `folder`, with the Python SHOAL_PYTHON. Resolves with `{ versions, ask, close }`, or with
 * `{ missing }`, a message, if it or a library is missing.
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
    /** Runs `task`, a function of peers.py. Only one may run at a time. */
    ask: (task, options) => {
      child.stdin.write(`${JSON.stringify({ task, ...options })}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}

// Downloads into a folder, of browsers that report none.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** What a zip without a comment ends with: the signature of a record of 22 bytes. */
const END_SIGNATURE = 'PK\u0005\u0006';
const END_BYTES = 22;

const isComplete = (path) => readFileSync(path).subarray(-END_BYTES).toString('latin1').startsWith(END_SIGNATURE);

/** The zip in a folder of downloads, once it is complete. Until then Firefox has another file, too, and WebKit a part of it. */
export async function downloadedZip(folder) {
  for (let time = 0; time < 300; time += 1) {
    const names = readdirSync(folder);
    const zip = names.find((name) => name.endsWith('.zip'));
    if (zip && names.length === 1 && isComplete(join(folder, zip))) return join(folder, zip);
    await setTimeout(100);
  }
  throw new Error(`no zip was downloaded: ${readdirSync(folder)}`);
}

// Memory of adding, clustering and exporting many large images; other programs read the zip. Needs `make build`.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closeBrowsers, openPage } from '../../tests/e2e/support/browser.mjs';
import { addPaths } from '../../tests/e2e/support/drop.mjs';
import { fillWithLarge } from '../../tests/e2e/support/pictures.mjs';
import { runIfInstalled } from '../../tests/e2e/support/zip-readers.mjs';
import { cluster } from '../../tests/e2e/support/shoal.mjs';
import { exportTo } from '../../tests/e2e/support/exports.mjs';

const FILES = Number(process.env.FILES ?? 2000);
const MEGABYTES = Number(process.env.MB ?? 5);
const home = mkdtempSync(join(process.env.SOAK_DIR ?? tmpdir(), 'shoal-soak-'));
const endings = [closeBrowsers, () => rmSync(home, { recursive: true, force: true })];
const run = { name: 'soak', after: (ending) => endings.unshift(ending), diagnostic: console.log };

/** The ids of the renderer processes, one of which runs the page. */
async function rendererIds(page) {
  const client = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

const residentMb = (id) => {
  try {
    return Number(readFileSync(`/proc/${id}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  } catch {
    return 0;
  }
};

const reads = (program, args) => (runIfInstalled(run, program, args) === null ? 'not installed' : 'read');

try {
  const folder = join(home, 'pictures');
  mkdirSync(folder);
  fillWithLarge(folder, FILES, MEGABYTES * 1e6);
  const { page } = await openPage(run, { attributes: { workers: '2', size: '64' } });
  const renderers = await rendererIds(page);
  const resident = () => Math.max(...renderers.map(residentMb));
  const idleMb = resident();
  const peaks = {};
  let stage = 'adding';
  const sampling = setInterval(() => { peaks[stage] = Math.max(peaks[stage] ?? 0, resident()); }, 100);
  const startMs = performance.now();
  const { added } = await addPaths(page, [folder]);
  stage = 'clustering';
  const addedS = (performance.now() - startMs) / 1000;
  await cluster(page, { k: 6 });
  stage = 'exporting';
  const exportStartMs = performance.now();
  const zip = await exportTo(run, page, 'soak.zip', 'exportZip');
  const exportedS = (performance.now() - exportStartMs) / 1000;
  clearInterval(sampling);
  const gigabytes = (statSync(zip).size / 1e9).toFixed(2);
  console.log(`${added} of ${FILES} images of ${MEGABYTES} MB: added in ${addedS.toFixed(0)} s, zip of ${gigabytes} GB saved in `
    + `${exportedS.toFixed(0)} s`);
  for (const [stage, peak] of Object.entries(peaks)) {
    console.log(`${stage}: ${(peak - idleMb).toFixed(0)} MB resident above the ${idleMb.toFixed(0)} MB of the idle page`);
  }
  console.log(`unzip: ${reads('unzip', ['-tqq', zip])}; 7-Zip: ${reads('7zz', ['t', zip])}; `
    + `python: ${reads('python3', ['-m', 'zipfile', '-t', zip])}`);
} finally {
  for (const ending of endings) await ending();
}

// Time to add images again compared to the first time, in one run: COUNT=1000 MEGAPIXELS=12 again.mjs. Needs `make build`.
//
// The first time is measured from files to clusters. Then the page is reloaded, which restores the session; finally the
// collection is cleared, and the same files are added and clustered again, as in a later session.

import { callPage, withPage } from './support/launch.mjs';
import { markdownTable } from './support/table.mjs';

const COUNT = Number(process.env.COUNT ?? 1000);
const MEGAPIXELS = Number(process.env.MEGAPIXELS ?? 12);
const TARGET_RATIO = 0.1;

await withPage({}, async (page, { machine }) => {
  console.log(machine);
  const pictures = { count: COUNT, megapixels: MEGAPIXELS };
  const first = await callPage(page, 'again.mjs', 'firstTime', pictures);
  await page.reload();
  const reloadMs = await callPage(page, 'again.mjs', 'restoreSession', pictures);
  const again = await callPage(page, 'again.mjs', 'addAgain', pictures);
  if (again.matched !== COUNT) throw new Error(`void: ${again.matched} of ${COUNT} were matched`);
  const total = first.addMs + first.clusterMs;
  const row = (name, ms) => [name, (ms / 1000).toFixed(2), (ms / total).toFixed(3)];
  console.log(`\n${COUNT} photographs of ${MEGAPIXELS} megapixels (${first.megabytes.toFixed(0)} MB); the target is a ratio below `
    + `${TARGET_RATIO}\n`);
  console.log(markdownTable(['', 's', 'ratio'], [
    row('the first time', total),
    row('the first time, reading and embedding', first.addMs),
    row('the first time, clustering', first.clusterMs),
    row('reload, until the session is restored', reloadMs),
    row('added again', again.addMs + again.clusterMs),
    row('added again, matching', again.addMs),
    row('added again, clustering', again.clusterMs),
  ]));
});

// Dropping known pictures again against the first time, in one run: COUNT=1000 MEGAPIXELS=12 again.mjs. Needs `make build` before.
//
// The first time counts from files to groups. A page loaded anew brings the collection back; then everything is started over
// and the same files are added and grouped once more, as on another day.

import { callPage, withPage } from './support/launch.mjs';
import { markdownTable } from './support/table.mjs';

const COUNT = Number(process.env.COUNT ?? 1000);
const MEGAPIXELS = Number(process.env.MEGAPIXELS ?? 12);
const WANTED_RATIO = 0.1;

await withPage({}, async (page, { machine }) => {
  console.log(machine);
  const pictures = { count: COUNT, megapixels: MEGAPIXELS };
  const first = await callPage(page, 'again.mjs', 'firstTime', pictures);
  await page.reload();
  const reloadMs = await callPage(page, 'again.mjs', 'bringBack', pictures);
  const again = await callPage(page, 'again.mjs', 'startOver', pictures);
  if (again.matched !== COUNT) throw new Error(`void: ${again.matched} of ${COUNT} were matched`);
  const total = first.addMs + first.clusterMs;
  const row = (name, ms) => [name, (ms / 1000).toFixed(2), (ms / total).toFixed(3)];
  console.log(`\n${COUNT} photographs of ${MEGAPIXELS} megapixels (${first.megabytes.toFixed(0)} MB); wanted is a ratio under ${WANTED_RATIO}\n`);
  console.log(markdownTable(['', 's', 'ratio'], [
    row('the first time', total),
    row('the first time, reading and embedding', first.addMs),
    row('the first time, grouping', first.clusterMs),
    row('loaded anew, until the groups are there', reloadMs),
    row('dropped again', again.addMs + again.clusterMs),
    row('dropped again, recognising', again.addMs),
    row('dropped again, grouping', again.clusterMs),
  ]));
});

// From photographs of 12 megapixels to features, and where the time goes: COUNT=100 whole-way.mjs. Needs `make build` before.

import { callPage, withPage } from './support/launch.mjs';
import { markdownTable } from './support/table.mjs';

const COUNT = Number(process.env.COUNT ?? 100);
const SIZE_PX = 128;
const SIZES_PX = [128, 224];
/** How like the features of a picture decoded at reduced size have to be to those of the whole. */
const LEAST_COSINE = 0.99;
const STEPS = {
  readMs: 'read', hashMs: 'checksums', decodeMs: 'decode', resizeMs: 'resize', thumbnailMs: 'thumbnail', embedMs: 'embed',
};

await withPage({}, async (page, { machine }) => {
  console.log(machine);
  for (const sizePx of SIZES_PX) {
    const likeness = await callPage(page, 'whole-way.mjs', 'likenessOfReduced', { sizePx, count: 2 });
    if (!(likeness > LEAST_COSINE)) throw new Error(`void: decoded at reduced size, features have cosine ${likeness} at ${sizePx} px`);
    console.log(`decoded at reduced size for ${sizePx} px, features have cosine ${likeness.toFixed(4)} to the whole picture's`);
  }
  for (const workers of ['1', 'auto']) {
    const told = await callPage(page, 'whole-way.mjs', 'addPhotographs', { count: COUNT, sizePx: SIZE_PX, workers });
    if (told.added !== COUNT) throw new Error(`${told.added} of ${COUNT} were added: ${JSON.stringify(told.rejected[0])}`);
    const { timings } = told;
    console.log(`\n${COUNT} JPEG photographs of 12 megapixels (${told.megabytes.toFixed(0)} MB), embedded at ${SIZE_PX} px on `
      + `${told.workers} ${told.workers === 1 ? 'worker' : 'workers'}: ${(told.wallMs / 1000).toFixed(1)} s, `
      + `${(told.wallMs / COUNT).toFixed(1)} ms a picture\n`);
    const sum = Object.keys(STEPS).reduce((total, step) => total + timings[step], 0);
    console.log(markdownTable(['step', 'ms a picture', 'share'], Object.entries(STEPS).map(([step, name]) => [
      name, (timings[step] / timings.pictures).toFixed(1), `${((timings[step] / sum) * 100).toFixed(0)} %`,
    ])));
  }
});

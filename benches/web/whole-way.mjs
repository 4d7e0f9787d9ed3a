// Time from photographs of 12 megapixels to features, by step: COUNT=100 whole-way.mjs. Needs `make build`.

import { callPage, withPage } from './support/launch.mjs';
import { markdownTable } from './support/table.mjs';

const COUNT = Number(process.env.COUNT ?? 100);
const SIZE_PX = 128;
const SIZES_PX = [128, 224];
/** The lowest allowed cosine between features of an image decoded at reduced size and at full size. */
const MIN_COSINE = 0.99;
const STEPS = {
  readMs: 'read', hashMs: 'checksums', decodeMs: 'decode', resizeMs: 'resize', thumbnailMs: 'thumbnail', embedMs: 'embed',
};

await withPage({}, async (page, { machine }) => {
  console.log(machine);
  for (const sizePx of SIZES_PX) {
    const similarity = await callPage(page, 'whole-way.mjs', 'similarityOfReduced', { sizePx, count: 2 });
    const words = `decoded at reduced size for ${sizePx} px, features have cosine ${similarity.toFixed(4)} to those at full size`;
    if (!(similarity > MIN_COSINE)) throw new Error(`invalid: ${words}`);
    console.log(words);
  }
  for (const workers of ['1', 'auto']) {
    const outcome = await callPage(page, 'whole-way.mjs', 'addPhotographs', { count: COUNT, sizePx: SIZE_PX, workers });
    if (outcome.added !== COUNT) {
      throw new Error(`${outcome.added} of ${COUNT} were added: ${JSON.stringify(outcome.rejected[0])}`);
    }
    const { timings } = outcome;
    console.log(`\n${COUNT} JPEG photographs of 12 megapixels (${outcome.megabytes.toFixed(0)} MB), embedded at ${SIZE_PX} px on `
      + `${outcome.workers} ${outcome.workers === 1 ? 'worker' : 'workers'}: ${(outcome.wallMs / 1000).toFixed(1)} s, `
      + `${(outcome.wallMs / COUNT).toFixed(1)} ms per image\n`);
    const sum = Object.keys(STEPS).reduce((total, step) => total + timings[step], 0);
    console.log(markdownTable(['step', 'ms per image', 'share'], Object.entries(STEPS).map(([step, name]) => [
      name, (timings[step] / timings.pictures).toFixed(1), `${((timings[step] / sum) * 100).toFixed(0)} %`,
    ])));
  }
});

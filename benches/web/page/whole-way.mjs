// From photographs to features, through the program's public face.

import { photograph } from './pictures.mjs';

const DIFFERENT_PHOTOGRAPHS = 4;

/** Adds `count` photographs of 12 megapixels: `{ megabytes, added, rejected, lanes, wallMs, timings }`. */
export async function addPhotographs({ count, sizePx, lanes }) {
  const made = [];
  for (let seed = 1; seed <= DIFFERENT_PHOTOGRAPHS; seed += 1) made.push(await photograph(seed));
  const files = Array.from({ length: count }, (_, index) => {
    // What follows a JPEG's end is no part of the picture: other bytes, another file.
    const mark = Uint32Array.of(index);
    return new File([made[index % made.length], mark], `photograph ${index}.jpg`, { type: 'image/jpeg' });
  });
  const { Shoal } = await import(new URL('../../../dist/image-shoal.js', import.meta.url).href);
  const shoal = new Shoal({ size: sizePx, lanes });
  const engine = await shoal.ready;
  const begun = performance.now();
  const { added, rejected } = await shoal.add(files);
  const wallMs = performance.now() - begun;
  const { timings } = shoal;
  shoal.close();
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { megabytes: bytes / 1e6, added, rejected, lanes: engine.lanes, wallMs, timings };
}

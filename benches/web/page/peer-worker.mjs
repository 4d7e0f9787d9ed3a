// What the peers' workers share. A measurement is made as Shoal's workers make it: the same batch twice, the second time
// against the clock. Unlike a worker, a peer gets its pixels already scaled to floats, which is in its favour.

import { randomFrom } from './pictures.mjs';

/** Pixels of `[n, sizePx, sizePx, 3]` bytes scaled as the network wants them. */
export const scaled = (bytes) => Float32Array.from(bytes, (value) => value / 127.5 - 1);

/**
 * Answers the page. `load(options)` resolves with `embed(nhwcF32, pictures, sizePx)`, which resolves with the features,
 * a Float32Array of `[pictures, 1280]`; `layOut`, where given, is called outside the clock for a peer that wants its
 * pixels otherwise.
 */
export function serve(load, layOut = (nhwcF32) => nhwcF32) {
  let embed;
  const batches = new Map();
  const batch = (sizePx, pictures) => {
    const key = `${sizePx} ${pictures}`;
    if (!batches.has(key)) {
      const random = randomFrom(1);
      const bytes = Uint8Array.from({ length: pictures * sizePx * sizePx * 3 }, () => random() * 256);
      batches.set(key, layOut(scaled(bytes), pictures, sizePx));
    }
    return batches.get(key);
  };
  const members = {
    async load(options) {
      embed = await load(options);
    },
    features: ({ rgb, sizePx }) => embed(layOut(scaled(rgb), 1, sizePx), 1, sizePx),
    async measure({ sizePx, pictures }) {
      const input = batch(sizePx, pictures);
      await embed(input, pictures, sizePx);
      const begun = performance.now();
      await embed(input, pictures, sizePx);
      return performance.now() - begun;
    },
  };
  self.onmessage = async ({ data: { id, ...question } }) => {
    const [[member, values]] = Object.entries(question);
    try {
      self.postMessage({ id, value: await members[member](values) });
    } catch (error) {
      self.postMessage({ id, error: String(error?.stack ?? error) });
    }
  };
  self.postMessage({ id: 0 });
}

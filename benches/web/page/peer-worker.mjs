// Shared parts of the other libraries' workers. They measure like Shoal's workers: the same batch twice, of which the second
// run is timed. They get pixels that are already scaled to floats, which is to their advantage.

import { randomFrom } from './pictures.mjs';

/** Pixels of `[n, sizePx, sizePx, 3]` bytes, scaled to the network's input range. */
export const scaled = (bytes) => Float32Array.from(bytes, (value) => value / 127.5 - 1);

/**
 * Replies to the page. `load(options)` resolves with `embed(nhwcF32, pictures, sizePx)`, which resolves with the features,
 * a Float32Array of `[pictures, 1280]`. `layOut` converts pixels to another layout, before the time is taken.
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
      const startMs = performance.now();
      await embed(input, pictures, sizePx);
      return performance.now() - startMs;
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

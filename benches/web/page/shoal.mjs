// A worker of Shoal as a contestant, with the requests that the page uses (crates/protocol).

import { Conversation } from './conversation.mjs';

const answerOf = ({ id, body, error }) => (
  error ? { id, error: `${error.code}: ${error.message}` } : { id, value: body }
);

/** Knuth's multiplicative hash: no two pictures are alike, and none is flat. */
const syntheticPixels = (length) => Uint8Array.from({ length }, (_, index) => Math.imul(index, 2_654_435_761) >>> 24);

/** Starts the worker with the loader at `workerUrl` and the weights at `weightsUrl`. */
export async function startShoal({ workerUrl, weightsUrl }) {
  const worker = new Conversation(workerUrl, answerOf);
  const ask = (name, body = {}) => worker.ask({ name, body });
  const weights = new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer());
  await ask('loadNetwork', { weights, expectedSha256: null });
  return {
    async features({ file, sizePx }) {
      return (await ask('embedFile', { file, sizePx, features: 'pooled' })).features;
    },
    /** Milliseconds to embed synthetic pictures, the second time, from pixels on the page to features there. */
    async measure({ sizePx, pictures }) {
      const pixels = { rgbNhwcU8: syntheticPixels(sizePx * sizePx * 3 * pictures), sizePx, features: 'pooled' };
      await ask('embedPixels', pixels);
      const startMs = performance.now();
      await ask('embedPixels', pixels);
      return performance.now() - startMs;
    },
    /** Any other request; crates/protocol documents requests and replies. */
    ask,
    close: () => worker.close(),
  };
}

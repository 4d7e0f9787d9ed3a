// A worker of Shoal as a contestant, with the requests that the page uses (crates/protocol).

import { Conversation } from './conversation.mjs';

const answerOf = ({ id, body, error }) => (
  error ? { id, error: `${error.code}: ${error.message}` } : { id, value: body }
);

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
    measure: ({ sizePx, pictures }) => ask('measureEmbedding', { sizePx, images: pictures }),
    /** Any other request; crates/protocol documents requests and replies. */
    ask,
    close: () => worker.close(),
  };
}

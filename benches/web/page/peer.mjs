// Another library in a worker, as a contestant.

import { Conversation } from './conversation.mjs';

/** Starts the worker at `workerUrl`, which gets the `options`. */
export async function startPeer({ workerUrl, ...options }) {
  const worker = new Conversation(workerUrl, (data) => data);
  await worker.ask({ load: options });
  return {
    features: ({ rgb, sizePx }) => worker.ask({ features: { rgb, sizePx } }),
    measure: ({ sizePx, pictures }) => worker.ask({ measure: { sizePx, pictures } }),
    close: () => worker.close(),
  };
}

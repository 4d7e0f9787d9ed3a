// A worker of Shoal as a contestant, with the messages that the page uses (crates/protocol).

import { Conversation } from './conversation.mjs';

function answerOf({ id, message, bulk }) {
  if (typeof message === 'string') return { id, value: { bulk } };
  const [[kind, value]] = Object.entries(message);
  return kind === 'failed' ? { id, error: `${value.code}: ${value.message}` } : { id, value: { ...value, bulk } };
}

/** Starts the worker with the loader at `workerUrl` and the weights at `weightsUrl`. */
export async function startShoal({ workerUrl, weightsUrl }) {
  const worker = new Conversation(workerUrl, answerOf);
  const weights = new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer());
  await worker.ask({ message: { start: { expectedSha256: null } }, bulk: [weights] });
  return {
    async features({ file, sizePx }) {
      const { bulk } = await worker.ask({ message: { embed: { sizePx, features: 'pooled' } }, file, bulk: [] });
      return bulk[0];
    },
    async measure({ sizePx, pictures }) {
      return (await worker.ask({ message: { measure: { sizePx, pictures } }, bulk: [] })).elapsedMs;
    },
    /** Any other request; crates/protocol documents messages, their bulk and the replies. */
    ask: (message, bulk = []) => worker.ask({ message, bulk }),
    close: () => worker.close(),
  };
}

// Signs of life of a worker whose program is loading, so that the page can tell a slow server from one that hangs.

/** The shortest time between two signs, in milliseconds. */
const INTERVAL_MS = 1000;

export const signOfLife = () => self.postMessage({ loading: true });

/** Fetches a file, and gives signs of life while it arrives. */
export async function fetchWithSigns(url) {
  const response = await fetch(url);
  signOfLife();
  // A copy is followed, because the browser keeps compiled code only for the response itself.
  follow(response.clone().body).catch(() => {});
  return response;
}

async function follow(body) {
  const reader = body.getReader();
  let signed = performance.now();
  while (!(await reader.read()).done) {
    if (performance.now() - signed < INTERVAL_MS) continue;
    signOfLife();
    signed = performance.now();
  }
}

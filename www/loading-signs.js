// Signs of life of a worker whose program is loading, so that the page can tell a slow server from one that hangs.

/** The shortest time between two signs, in milliseconds. */
const INTERVAL_MS = 1000;

export const signOfLife = () => self.postMessage({ loading: true });

/** Fetches a program and starts it with the response, and gives signs of life while it arrives and while it is compiled. */
export async function startWithSigns(start, url) {
  const response = await fetch(url);
  signOfLife();
  let timer;
  let isStarted = false;
  const compile = () => {
    if (!isStarted) timer = setInterval(signOfLife, INTERVAL_MS);
  };
  // A copy is followed, because the browser keeps compiled code only for the response itself.
  follow(response.clone().body).then(compile, () => {});
  try {
    await start(response);
  } finally {
    isStarted = true;
    clearInterval(timer);
  }
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

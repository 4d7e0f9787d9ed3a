// Requests that are never answered.

/** A route that leaves requests for the file `name` unanswered, the first `count` of them, until `release` is called. */
export function stall(name, count = Infinity) {
  let [isStalled, seen] = [true, 0];
  const held = [];
  const handler = async (route) => {
    seen += 1;
    if (isStalled && seen <= count) held.push(route);
    else await route.continue();
  };
  return {
    route: [`**/${name}*`, handler],
    /** Resolves once a request is left unanswered. */
    async held() {
      while (held.length === 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
    },
    async release() {
      isStalled = false;
      // A request may have been aborted.
      await Promise.all(held.splice(0).map((route) => route.continue().catch(() => {})));
    },
  };
}

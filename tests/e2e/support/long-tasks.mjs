// Long tasks of the page's thread. They are reported, not asserted, because test machines differ too much.

const BLOCKED_MS = 50;

/** Starts recording. Must be called before the page is loaded. */
export async function watchLongTasks(page) {
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration, attribution } of list.getEntries()) {
        const by = attribution.map(({ containerType, name }) => `${name} in ${containerType}`).join(', ');
        globalThis.longTasks.push({ startMs: startTime, durationMs: duration, by });
      }
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** The tasks over 50 ms so far, longest first: `{ startMs, durationMs, by }`. */
export async function longTasks(page) {
  const tasks = await page.evaluate(() => globalThis.longTasks ?? []);
  return tasks.filter((task) => task.durationMs > BLOCKED_MS).sort((a, b) => b.durationMs - a.durationMs);
}

/** Prints the longest tasks. */
export async function reportLongTasks(name, page) {
  const tasks = await longTasks(page).catch(() => []);
  if (tasks.length === 0) return;
  const worst = tasks.slice(0, 5).map(({ startMs, durationMs, by }) => (
    `${durationMs.toFixed(0)} ms at ${(startMs / 1000).toFixed(1)} s (${by})`
  ));
  console.log(`${name}: ${tasks.length} tasks blocked the page over ${BLOCKED_MS} ms: ${worst.join('; ')}`);
}

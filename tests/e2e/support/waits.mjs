// Long waits in a page, shortened.

/**
 * Makes the steps of long waits, of five seconds each, shorter: unless told otherwise, so that half a minute takes two seconds.
 * Runs in the page.
 */
export function shortenWaits(stepMs = 300) {
  for (const name of ['setTimeout', 'setInterval']) {
    const original = globalThis[name];
    globalThis[name] = (callback, ms, ...values) => original(callback, ms === 5000 ? stepMs : ms, ...values);
  }
}

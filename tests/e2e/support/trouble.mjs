// What must never happen in the page: a console error, an exception nobody caught, a failed or a foreign request.

import assert from 'node:assert/strict';

/**
 * Watches from now on; `check()` throws when there was trouble. Errors about addresses like `expected` are none, nor are
 * requests to `friends`, origins that the page is meant to ask.
 */
export function watchForTrouble(page, siteUrl, expected = /(?!)/, friends = []) {
  const { origin } = new URL(siteUrl);
  const found = [];
  page.on('pageerror', (error) => found.push(`exception: ${error.stack ?? error}`));
  page.on('crash', () => found.push('the page crashed'));
  // The context's event, since the page's own does not tell of workers.
  page.context().on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.location().url)) found.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    const own = [origin, ...friends].includes(url.origin) || url.protocol === 'data:'
      || request.url().startsWith(`blob:${origin}/`);
    if (!own) found.push(`request to another origin: ${url.href}`);
  });
  page.context().on('response', (response) => {
    if (response.status() >= 400) found.push(`${response.status()}: ${response.url()}`);
  });
  return {
    found,
    check() {
      assert.deepEqual(found, [], 'nothing goes wrong in the page');
    },
  };
}

// Errors that must not occur in the page: console errors, uncaught exceptions, failed requests, requests to other origins.

import assert from 'node:assert/strict';

/**
 * Collects errors from now on; `check()` throws if there were any. Console errors about addresses like `expected` do not
 * count, nor do requests to `allowedOrigins`.
 */
export function watchForErrors(page, siteUrl, expected = /(?!)/, allowedOrigins = []) {
  const { origin } = new URL(siteUrl);
  const found = [];
  page.on('pageerror', (error) => found.push(`exception: ${error.stack ?? error}`));
  page.on('crash', () => found.push('the page crashed'));
  // The context's event, because the page's own does not include workers.
  page.context().on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !expected.test(url)) found.push(`console: ${message.text()} (${url})`);
  });
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    const isAllowed = [origin, ...allowedOrigins].includes(url.origin) || url.protocol === 'data:'
      || request.url().startsWith(`blob:${origin}/`);
    if (!isAllowed) found.push(`request to another origin: ${url.href}`);
  });
  page.context().on('response', (response) => {
    if (response.status() >= 400) found.push(`${response.status()}: ${response.url()}`);
  });
  return {
    found,
    check() {
      assert.deepEqual(found, [], 'no errors occur in the page');
    },
  };
}

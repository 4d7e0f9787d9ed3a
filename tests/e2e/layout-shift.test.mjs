// Layout shifts, as the browser measures them, during the main workflow.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { manyPictures } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';

/** Records layout shifts. Runs in the page before any other script. */
function watchShifts() {
  globalThis.shifts = [];
  const describe = (node) => (node ? `${node.nodeName} .${node.className}` : 'something in the element');
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, startTime, sources } of list.getEntries()) {
      const moved = sources.map(({ node, previousRect, currentRect }) => (
        `${describe(node)} from ${previousRect.y} (${previousRect.height} high) to ${currentRect.y} (${currentRect.height} high)`
      ));
      if (!hadRecentInput) globalThis.shifts.push({ value, startTime, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** The page's time once it has rendered its current state. */
const shownMs = (page) => page.evaluate(() => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
}));

for (const [variant, viewport] of Object.entries({ wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 740 } })) {
  test(`nothing jumps from the first paint to the clusters, ${variant}`, async (t) => {
    const { page } = await openPage(t, {
      context: { viewport }, attributes: { workers: '1', size: '224', k: '6' }, prepare: watchShifts,
    });
    const beforeMs = await shownMs(page);
    await dropPaths(page, [manyPictures(t)]);
    // The drop area shrinks in response to the drop, which browsers do not count as user input.
    await page.locator('.drop-area.compact').waitFor();
    const compactMs = await shownMs(page);
    await page.getByRole('region', { name: 'First groups' }).waitFor();
    await settled(page, 180);
    await page.waitForTimeout(500);
    const shifts = await page.evaluate(() => globalThis.shifts);
    assert.deepEqual(shifts.filter(({ startTime }) => startTime < beforeMs || startTime > compactMs), []);
  });
}

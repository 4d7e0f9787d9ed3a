// Nothing that a person looks at or reaches for jumps: the browser's own measure of it, over the whole main job.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { dropPaths } from './support/drop.mjs';
import { manyPictures } from './support/pictures.mjs';
import { settled } from './support/shoal.mjs';

/** Collects what the browser calls layout shifts. Runs in the page, before anything else. */
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

/** The page's time once it has shown what there is to show. */
const shownMs = (page) => page.evaluate(() => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
}));

for (const [look, viewport] of Object.entries({ wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 740 } })) {
  test(`nothing jumps from the first paint to the groups, ${look}`, async (t) => {
    const { page } = await openPage(t, {
      context: { viewport }, attributes: { workers: '1', size: '224', k: '6' }, prepare: watchShifts,
    });
    const beforeMs = await shownMs(page);
    await dropPaths(page, [manyPictures(t)]);
    // That the large area becomes a slim bar is the answer to the drop; browsers do not count that as a person's doing.
    await page.locator('.drop-area.compact').waitFor();
    const answeredMs = await shownMs(page);
    await page.getByRole('region', { name: 'First groups' }).waitFor();
    await settled(page, 180);
    await page.waitForTimeout(500);
    const shifts = await page.evaluate(() => globalThis.shifts);
    assert.deepEqual(shifts.filter(({ startTime }) => startTime < beforeMs || startTime > answeredMs), []);
  });
}

// Longest tasks of the page's thread, during the main workflow and while a large grid is scrolled, from DevTools traces:
// page-thread.mjs [--pictures 2000] [--grid 20000]. Needs `make build`.
//
// The traces give thread time (`tdur`), which other load on the machine does not affect. Garbage collection may happen in any
// task: it counts as part of a task, but not of a script.

import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { withPage } from './support/launch.mjs';
import { markdownTable } from './support/table.mjs';

const TRACE = fileURLToPath(new URL('../../artifacts/page-thread.json', import.meta.url));
const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
const SCROLLS = 60;
/** The number of longest tasks in a table. */
const LONGEST = 5;

const { values } = parseArgs({
  options: { pictures: { type: 'string', default: '2000' }, grid: { type: 'string', default: '20000' } },
});

/** Traces `work`: the longest tasks of the page's thread, in milliseconds of thread time, and all events. */
async function traced(page, work) {
  await page.context().browser().startTracing(page, { path: TRACE, categories: CATEGORIES });
  await work();
  await page.context().browser().stopTracing();
  const { traceEvents } = JSON.parse(await readFile(TRACE, 'utf8'));
  await rm(TRACE);
  const main = traceEvents.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const ofPage = traceEvents.filter(({ pid, tid, tdur }) => pid === main.pid && tid === main.tid && tdur);
  const tasks = ofPage.filter(({ name }) => name === 'ThreadControllerImpl::RunTask' || name === 'RunTask')
    .sort((one, other) => other.tdur - one.tdur).slice(0, LONGEST).map(({ ts, dur, tdur }) => ({
      ms: tdur / 1000,
      // The events that took most of the task.
      mostly: ofPage.filter((event) => event.ts > ts && event.ts + event.dur < ts + dur)
        .sort((one, other) => other.tdur - one.tdur).slice(0, 2).map(({ name, tdur: part }) => `${name} ${(part / 1000).toFixed(0)} ms`)
        .join(', '),
    }));
  return { tasks, events: ofPage };
}

const table = (tasks) => markdownTable(['ms', 'mostly'], tasks.map(({ ms, mostly }) => [ms.toFixed(1), mostly]));

/** Creates the element and files of noise images in 20 tints. They are tiny, because only the page is measured. */
const prepare = (page, count) => page.evaluate(async (count) => {
  const bitmap = (seed) => {
    const side = 16;
    const bytes = new Uint8Array(54 + 3 * side * side);
    const view = new DataView(bytes.buffer);
    bytes.set([0x42, 0x4d]);
    for (const [at, value] of [[2, bytes.length], [10, 54], [14, 40], [18, side], [22, side]]) view.setUint32(at, value, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, 24, true);
    let state = (seed + 1) * 2654435761 >>> 0;
    for (let at = 54; at < bytes.length; at += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes[at] = (state >>> 26) + (((seed % 20) * 37 + (at % 3) * 50) % 190);
    }
    return bytes;
  };
  globalThis.files = Array.from({ length: count }, (_, index) => new File([bitmap(index)], `picture-${index}.bmp`));
  await import('/dist/image-shoal.js');
  document.body.innerHTML = '<image-shoal size="64"></image-shoal>';
  await document.querySelector('image-shoal').ready;
}, count);

/** Adds the files and clusters them. */
const mainWorkflow = (page, k) => page.evaluate(async (k) => {
  const shoal = document.querySelector('image-shoal');
  const { added } = await shoal.add(files);
  if (added !== files.length) throw new Error(`${added} of ${files.length} were added`);
  await shoal.cluster({ k });
}, k);

await withPage({}, async (page, { machine }) => {
  console.log(machine);
  await prepare(page, Number(values.pictures));
  const job = await traced(page, () => mainWorkflow(page, 20));
  console.log(`\nLongest tasks of the page in the main workflow with ${values.pictures} images; the target is at most 50 ms\n`);
  console.log(table(job.tasks));
});

await withPage({}, async (page) => {
  await prepare(page, Number(values.grid));
  await mainWorkflow(page, 2);
  await page.getByRole('button', { name: 'Show all' }).first().click();
  const grid = page.getByRole('listbox', { name: 'Pictures' });
  await grid.waitFor();
  const shown = await grid.getByRole('option').count();
  const { tasks, events } = await traced(page, () => grid.evaluate(async (grid, scrolls) => {
    for (let step = 0; step < scrolls; step += 1) {
      grid.scrollTop += 317;
      await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
    }
  }, SCROLLS));
  const collections = events.filter(({ name }) => name === 'MajorGC' || name === 'MinorGC');
  const collecting = ({ ts, dur }) => collections.filter((one) => one.ts >= ts && one.ts + one.dur <= ts + dur)
    .reduce((sum, { tdur }) => sum + tdur, 0);
  const scripts = events.filter(({ name }) => name === 'FunctionCall' || name === 'EventDispatch')
    .map((event) => (event.tdur - collecting(event)) / 1000);
  console.log(`\nA cluster of ${values.grid} images, ${shown} of them in the document, scrolled ${SCROLLS} times; the target is `
    + 'below 8 ms of script per step\n');
  console.log(`longest script ${Math.max(...scripts).toFixed(1)} ms`);
  console.log(table(tasks));
});

// Reloads at random moments: whatever is being edited or written, the page restores a state that it has shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openImported } from './support/imported.mjs';
import { call, cluster, settled } from './support/shoal.mjs';
import { waitForStored } from './support/stored.mjs';

/** How many times the page is reloaded. */
const RELOADS = Number(process.env.SHOAL_RELOADS ?? 12);
const PICTURES = 60;

/**
 * Records every arrangement that the page shows. The session storage outlives a reload, and is written before the event's
 * other listeners can return. Runs in the page, before its scripts.
 */
function recordShown() {
  globalThis.arrangementOf = ({ items, clusters }) => JSON.stringify({
    places: items.map(({ path, cluster, locked }) => [path, cluster, locked]),
    groups: clusters.map(({ id, name, locked }) => [id, name, locked]),
  });
  const record = ({ detail }) => {
    const shown = JSON.parse(sessionStorage.getItem('shown') ?? '[]');
    const arrangement = globalThis.arrangementOf(detail);
    if (shown.at(-1) !== arrangement) sessionStorage.setItem('shown', JSON.stringify([...shown, arrangement].slice(-40)));
  };
  for (const type of ['result', 'edit']) addEventListener(type, record);
}

/** Edits at random until the page is reloaded, one edit after another as a user makes them. Runs in the page. */
async function editAtRandom({ seed, pauseMs }) {
  const shoal = document.querySelector('image-shoal');
  let state = seed;
  const random = (below) => {
    // A linear congruential generator: the sequence is the same for the same seed.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = (list) => list[random(list.length)];
  const paths = () => Array.from({ length: 1 + random(5) }, () => pick(shoal.result.items).path);
  const id = () => pick(shoal.result.clusters).id;
  const edits = [
    () => shoal.rename(id(), `Name ${random(1000)}`),
    () => shoal.move(paths(), id()),
    () => shoal.setAside(paths()),
    () => shoal.merge([id(), id()]),
    () => shoal.split(id(), 2),
    () => shoal.newCluster(`New ${random(1000)}`, paths()),
    () => shoal.lock(random(2) ? [id()] : paths(), random(2) === 1),
    () => shoal.undo(),
    () => shoal.redo(),
    () => shoal.cluster({ k: 3 + random(4) }),
  ];
  for (;;) {
    // An edit that makes no sense, such as merging a cluster with itself, is rejected.
    await pick(edits)().catch(() => {});
    await new Promise((done) => { setTimeout(done, random(pauseMs)); });
  }
}

test(`${RELOADS} reloads at random moments restore the last state that was shown, or the one before`, async (t) => {
  const { page } = await openImported(t, { remember: true, prepare: recordShown });
  await cluster(page, { k: 6 });
  await waitForStored(page, ({ head }) => head?.clustering);
  let late = 0;
  for (let reload = 0; reload < RELOADS; reload += 1) {
    const seed = 1 + reload * 7919;
    const pauseMs = [40, 100, 400][reload % 3];
    // Ends only with the page.
    page.evaluate(editAtRandom, { seed, pauseMs }).catch(() => {});
    await page.waitForTimeout((seed * 31) % 1700);
    await page.reload();
    await settled(page, PICTURES);
    const { restored, shown } = await page.evaluate(() => ({
      restored: globalThis.arrangementOf(document.querySelector('image-shoal').result),
      shown: JSON.parse(sessionStorage.getItem('shown')),
    }));
    // Restoring shows the restored state once more, unless it was the last.
    const before = shown.at(-1) === restored && !shown.slice(0, -1).includes(restored) ? shown : shown.slice(0, -1);
    const place = [...before].reverse().indexOf(restored);
    const words = `reload ${reload} (seed ${seed}) restored the state ${place} before the last`;
    assert.ok(place === 0 || place === 1, `${words}\n${restored}\n${before.slice(-3).join('\n')}`);
    late += place;
    assert.equal(await page.locator('.notice[data-code=session-incomplete]').count(), 0);
  }
  t.diagnostic(`${late} of ${RELOADS} reloads lost the last edit`);
});

test('a reload right after an edit restores it', async (t) => {
  const { page } = await openImported(t, { remember: true });
  await cluster(page, { k: 6 });
  await waitForStored(page, ({ head }) => head?.clustering);
  for (const name of ['First', 'Second', 'Third']) {
    await call(page, 'rename', 2, name);
    await page.reload();
    const { clusters } = await settled(page, PICTURES);
    assert.equal(clusters.find(({ id }) => id === 2).name, name);
  }
  // The first clustering of all is stored with the first opportunity, also before its scores are.
  const { items } = await cluster(page, { k: 4 });
  await page.reload();
  assert.deepEqual((await settled(page, PICTURES)).items.map(({ cluster: own }) => own), items.map(({ cluster: own }) => own));
});

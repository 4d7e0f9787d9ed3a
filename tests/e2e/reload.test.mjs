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
 * Records every arrangement that the page shows, and during which edit of which visit. The session storage outlives a reload, and is written
 * before the event's other listeners can return. Runs in the page, before its scripts.
 */
function recordShown() {
  globalThis.arrangementOf = ({ items, clusters }) => JSON.stringify({
    places: items.map(({ path, cluster, locked }) => [path, cluster, locked]),
    groups: clusters.map(({ id, name, locked }) => [id, name, locked]),
  });
  const visit = Number(sessionStorage.getItem('visit') ?? 0) + 1;
  sessionStorage.setItem('visit', visit);
  globalThis.edit = 0;
  const record = ({ detail }) => {
    const shown = JSON.parse(sessionStorage.getItem('shown') ?? '[]');
    const arrangement = globalThis.arrangementOf(detail);
    if (shown.at(-1)?.arrangement === arrangement) return;
    const entry = { visit, edit: globalThis.edit, arrangement };
    sessionStorage.setItem('shown', JSON.stringify([...shown, entry].slice(-40)));
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
    globalThis.edit += 1;
    // An edit that makes no sense, such as merging a cluster with itself, is rejected.
    await pick(edits)().catch(() => {});
    await new Promise((done) => { setTimeout(done, random(pauseMs)); });
  }
}

/**
 * How many edits before the last one in `shown` the state `restored` is; -1 if it was never shown. Clustering shows several states:
 * a preview, the clusters, and their names.
 */
function editsLost(shown, restored) {
  const place = shown.findLastIndex(({ arrangement }) => arrangement === restored);
  return place < 0 ? -1 : new Set(shown.slice(place).map(({ visit, edit }) => `${visit}/${edit}`)).size - 1;
}

test(`${RELOADS} reloads at random moments restore a state that was shown, of the last edit or the one before`, async (t) => {
  const { page } = await openImported(t, { remember: true, prepare: recordShown });
  await cluster(page, { k: 6 });
  await waitForStored(page, ({ head }) => head?.clustering);
  let late = 0;
  for (let reload = 0; reload < RELOADS; reload += 1) {
    const seed = 1 + reload * 7919;
    const pauseMs = [0, 100, 400][reload % 3];
    // Ends only with the page.
    page.evaluate(editAtRandom, { seed, pauseMs }).catch(() => {});
    await page.waitForTimeout((seed * 31) % 1700);
    await page.reload();
    await settled(page, PICTURES);
    const { restored, shown } = await page.evaluate(() => ({
      restored: globalThis.arrangementOf(document.querySelector('image-shoal').result),
      // Restoring shows the restored state once more.
      shown: JSON.parse(sessionStorage.getItem('shown')).filter(({ visit }) => visit < sessionStorage.getItem('visit')),
    }));
    const lost = editsLost(shown, restored);
    const words = `reload ${reload} (seed ${seed}) restored a state ${lost} edits before the last`;
    assert.ok(lost === 0 || lost === 1, `${words}\n${restored}\n${JSON.stringify(shown.slice(-4), null, 1)}`);
    late += lost;
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

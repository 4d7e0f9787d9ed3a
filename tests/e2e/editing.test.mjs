// Edits through the public members: their effect, events, scores, undo and redo.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrangementOf, checkEvaluated, checkSound, groupOf, pathsIn } from './support/arrangement.mjs';
import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster, result } from './support/shoal.mjs';

/** The samples in six clusters, renamed so that no suggested name changes them. */
async function openClusters(t) {
  const { page } = await openImported(t);
  const { clusters } = await cluster(page, { k: 6 });
  for (const { id } of clusters) await call(page, 'rename', id, `Mine ${id}`);
  return { page, before: await result(page) };
}

/** Calls a member: the value that it resolves with, and the events `edit` and `result` up to then. */
function callWithEvents(page, member, ...values) {
  return page.evaluate(async ({ member, values }) => {
    const events = [];
    const listen = ({ type, detail }) => events.push({ type, detail });
    for (const type of ['edit', 'result']) addEventListener(type, listen);
    const value = await document.querySelector('image-shoal')[member](...values);
    for (const type of ['edit', 'result']) removeEventListener(type, listen);
    return { value, events };
  }, { member, values });
}

test('a moved image is reported at once, pinned, and then evaluated', async (t) => {
  const { page, before } = await openClusters(t);
  const [path] = pathsIn(before, 0);
  const { value, events } = await callWithEvents(page, 'move', [path], 1);
  assert.deepEqual(events.map(({ type }) => type), ['edit', 'result']);

  const [{ detail: edited }, { detail: evaluated }] = events;
  const item = ({ items }) => items.find((one) => one.path === path);
  const { cluster: to, silhouette, distance, locked } = item(edited);
  assert.deepEqual({ to, silhouette, distance, locked }, { to: 1, silhouette: null, distance: null, locked: true });
  checkSound(edited);
  assert.deepEqual(evaluated, value);
  assert.deepEqual(await result(page), value);
  checkEvaluated(value);

  assert.deepEqual(value.clusters.map(({ size }) => size), before.clusters.map(({ id, size }) => {
    if (id === 0) return size - 1;
    return id === 1 ? size + 1 : size;
  }));
  assert.ok(item(value).silhouette < 0, 'it is closer to its former cluster');
  assert.equal(item(value).nextCluster, 0);
  assert.ok(value.silhouette < before.silhouette && value.inertia > before.inertia);
  assert.ok(value.scores.nmi < before.scores.nmi);
});

test('moving images away and back restores the result', async (t) => {
  const { page, before } = await openClusters(t);
  const paths = pathsIn(before, 2).slice(0, 3);
  await call(page, 'move', paths, 4);
  await call(page, 'move', paths, 2);
  assert.deepEqual(await call(page, 'lock', paths, false), before);
});

test('clusters made by hand are evaluated like those that were found', async (t) => {
  const { page } = await openImported(t);
  const found = await cluster(page, { k: 3 });
  const { clusters } = await cluster(page, { k: 2 });
  assert.equal(clusters.length, 2);
  await call(page, 'newCluster', 'third', pathsIn(found, 2));
  await call(page, 'move', pathsIn(found, 0), 0);
  const made = await call(page, 'move', pathsIn(found, 1), 1);

  // Ids are never reused, so clusters are compared by their position.
  const evaluation = ({ items, clusters: groups, silhouette, inertia, scores, k }) => {
    const place = (id) => groups.findIndex((group) => group.id === id);
    return {
      items: items.map(({ locked, cluster: own, nextCluster: next, ...rest }) => (
        { ...rest, own: place(own), next: place(next) }
      )),
      groups: groups.map(({ size, silhouette: value, representatives }) => ({ size, value, representatives })),
      silhouette,
      inertia,
      scores,
      k,
    };
  };
  assert.deepEqual(evaluation(made), evaluation(found));
  assert.ok(made.items.every(({ locked }) => locked));
});

test('every edit has its effect, and can be undone and redone', async (t) => {
  const { page, before } = await openClusters(t);
  const states = [before];
  const edit = async (...values) => {
    const after = await call(page, ...values);
    checkEvaluated(after);
    states.push(after);
    return after;
  };
  const [one, two, three] = pathsIn(before, 0);

  const moved = await edit('move', [one, two], 3);
  assert.equal(groupOf(moved, 3).size, groupOf(before, 3).size + 2);

  const excluded = await edit('setAside', [three]);
  assert.deepEqual(pathsIn(excluded, null), [three]);
  assert.deepEqual(arrangementOf(excluded).pinned, [one, two, three].sort());

  const renamed = await edit('rename', 5, '  Ship \n shape ');
  assert.equal(groupOf(renamed, 5).name, 'Ship  shape');
  assert.equal(groupOf(renamed, 5).suggested, false);

  const merged = await edit('merge', [4, 1]);
  assert.equal(merged.k, 5);
  assert.deepEqual(pathsIn(merged, 4), [...pathsIn(renamed, 4), ...pathsIn(renamed, 1)].sort());
  assert.equal(groupOf(merged, 1), undefined);

  const split = await edit('split', 4, 2);
  assert.equal(split.k, 6);
  const [part] = split.clusters.filter(({ id }) => id > 5);
  assert.deepEqual([...pathsIn(split, 4), ...pathsIn(split, part.id)].sort(), pathsIn(merged, 4));
  assert.ok(part.size > 0 && part.size <= groupOf(split, 4).size, 'the largest part keeps the id');
  assert.equal(groupOf(split, 4).name, groupOf(merged, 4).name);
  await call(page, 'rename', part.id, 'Mine too');
  states.push(await result(page));

  const created = await edit('newCluster', 'Best', [one, three]);
  const { id } = created.clusters.at(-1);
  assert.ok(id > part.id && groupOf(created, id).name === 'Best');
  assert.deepEqual(pathsIn(created, id), [one, three].sort());

  const locked = await edit('lock', [2, pathsIn(created, 3)[0]], true);
  assert.equal(groupOf(locked, 2).locked, true);
  assert.ok(locked.items.every((item) => item.cluster !== 2 || item.locked));

  const latest = states.pop();
  for (const expected of [...states].reverse()) {
    const undone = await call(page, 'undo');
    assert.deepEqual(arrangementOf(undone), arrangementOf(expected));
    checkEvaluated(undone);
  }
  assert.deepEqual(await result(page), before, 'the scores are restored, too');
  for (const expected of [...states.slice(1), latest]) {
    assert.deepEqual(arrangementOf(await call(page, 'redo')), arrangementOf(expected));
  }
  assert.deepEqual(await result(page), latest);
  assert.deepEqual(await call(page, 'redo'), latest, 'there is nothing more to redo');
});

test('concurrent edits run one after the other', async (t) => {
  const { page, before } = await openClusters(t);
  const [one, two, three] = pathsIn(before, 0);
  const edits = [['move', [one], 1], ['move', [one, two], 2], ['undo'], ['rename', 3, 'Last'], ['move', [three], 4]];
  const each = await page.evaluate((edits) => {
    const shoal = document.querySelector('image-shoal');
    return Promise.all(edits.map(([member, ...values]) => shoal[member](...values)));
  }, edits);
  const latest = await result(page);
  checkEvaluated(latest);
  const places = { ...arrangementOf(before).places, [one]: 1, [three]: 4 };
  assert.deepEqual(arrangementOf(latest).places, places);
  assert.equal(groupOf(latest, 3).name, 'Last');
  assert.deepEqual(each.at(-1), latest);

  for (let count = 0; count < 3; count += 1) await call(page, 'undo');
  assert.deepEqual(await result(page), before);
});

test('undoing a clustering restores the previous clusters', async (t) => {
  const { page, before } = await openClusters(t);
  const again = await cluster(page, { k: 3 });
  assert.deepEqual(again.clusters.map(({ id }) => id), [0, 1, 2]);
  const undone = await call(page, 'undo');
  assert.deepEqual(arrangementOf(undone), arrangementOf(before));
  assert.equal(undone.silhouette, before.silhouette);
  const redone = await call(page, 'redo');
  assert.deepEqual(redone.items, again.items);
});

test('undo stops at the first clustering, and names its step', async (t) => {
  const { page } = await openImported(t);
  const button = (name) => page.getByRole('button', { name, exact: true });
  const first = await cluster(page, { k: 6 });
  await button('Undo').waitFor();
  assert.ok(await button('Undo').isDisabled(), 'nothing has been edited');
  assert.deepEqual(await call(page, 'undo'), first);
  await call(page, 'rename', 0, 'Mine');
  await button('Undo new name').waitFor();
  await cluster(page, { k: 3 });
  await button('Undo grouping').click();
  await button('Redo grouping').waitFor();
  await button('Undo new name').click();
  await button('Redo new name').waitFor();
  assert.ok(await button('Undo').isDisabled());
  assert.deepEqual(await result(page), first);
});

test('clusters have distinct colours and low numbers after pinning and clustering again', async (t) => {
  const { page } = await openImported(t);
  const { clusters } = await cluster(page, { k: 6 });
  await call(page, 'lock', [clusters[3].id], true);
  // Ids are not reused: after a few times one has the colour of another, if colours follow from ids.
  for (let time = 0; time < 6; time += 1) await cluster(page, { k: 7, seed: time });
  const again = await result(page);
  assert.ok(again.clusters.at(-1).id > 20, `${again.clusters.map(({ id }) => id)}`);
  assert.deepEqual(again.clusters.map(({ name }) => name).sort(), [1, 2, 3, 4, 5, 6, 7].map((number) => `Group ${number}`));
  await page.locator(`.card[data-cluster="${again.clusters.at(-1).id}"]`).waitFor();
  const colours = await page.locator('.card[data-cluster] .dot').evaluateAll((dots) => (
    dots.map((dot) => getComputedStyle(dot).backgroundColor)));
  assert.equal(new Set(colours).size, 7, colours.join(' '));
});

test('an invalid edit is rejected with a code and changes nothing', async (t) => {
  const { page, before } = await openClusters(t);
  const [path] = pathsIn(before, 0);
  const rejections = [
    ['unknown-picture', 'move', ['nowhere.jpg'], 0],
    ['unknown-cluster', 'move', [path], 99],
    ['nothing-to-edit', 'move', [], 0],
    ['bad-option', 'move', path, 0],
    ['bad-option', 'move', [path], 'first'],
    ['unknown-picture', 'setAside', [path, 'nowhere.jpg']],
    ['bad-name', 'rename', 0, ' \n '],
    ['unknown-cluster', 'rename', 99, 'a'],
    ['bad-option', 'rename', 0, null],
    ['nothing-to-edit', 'merge', [0]],
    ['nothing-to-edit', 'merge', [0, 0]],
    ['unknown-cluster', 'merge', [0, 99]],
    ['k-out-of-range', 'split', 0, 1],
    ['k-out-of-range', 'split', 0, 61],
    ['unknown-cluster', 'split', 99, 2],
    ['bad-option', 'split', 0, 1.5],
    ['bad-name', 'newCluster', ' ', []],
    ['unknown-picture', 'newCluster', 'a', ['nowhere.jpg']],
    ['nothing-to-edit', 'lock', [], true],
    ['unknown-cluster', 'lock', [99], true],
    ['unknown-picture', 'lock', [path, 'nowhere.jpg'], true],
    ['unknown-picture', 'neighbours', 'nowhere.jpg'],
    ['bad-option', 'join', { similarity: 1.5 }],
    ['bad-option', 'duplicates', { cosine: 1.5 }],
  ];
  for (const [code, ...values] of rejections) {
    await assert.rejects(call(page, ...values), { code }, JSON.stringify(values));
  }
  assert.deepEqual(await result(page), before);
});

test('without clusters every edit is rejected', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64' } });
  const calls = [
    ['move', [], 0], ['rename', 0, 'a'], ['merge', [0, 1]], ['split', 0, 2], ['newCluster', 'a', []],
    ['lock', [0], true], ['undo'], ['redo'], ['join'],
  ];
  for (const values of calls) {
    await assert.rejects(call(page, ...values), { code: 'nothing-clustered' }, JSON.stringify(values));
  }
});

test('a cluster without images is evaluated with the others', async (t) => {
  const [first, second, third, fourth] = sampleFiles();
  const folder = fill(makeFolder(t, 'few'), {
    'a/1.jpg': first, 'a/2.jpg': second, 'b/3.jpg': third, 'b/4.jpg': fourth,
  });
  const { page } = await openPage(t, { attributes: { workers: '1', size: '64' } });
  await addPaths(page, [folder]);
  const { items, scores } = await cluster(page, { k: 4 });
  assert.equal(scores.accuracy, 0.5, 'one image of each folder is in a cluster of that folder');
  const edited = await call(page, 'setAside', [items[0].path]);
  assert.equal(edited.scores.accuracy, 0.5);
});

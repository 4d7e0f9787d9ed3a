// Real photographs and hostile files from outside of the repository: SHOAL_SHARED is their folder.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths } from './support/drop.mjs';
import { filesUnder } from './support/pictures.mjs';
import { hasShared } from './support/requirements.mjs';
import { nmiWithKinds } from './support/scores.mjs';
import { cluster, settled } from './support/shoal.mjs';

const SHARED = resolve(process.env.SHOAL_SHARED ?? '../shared');
const GROCERY = join(SHARED, 'photos/grocery');
const HOSTILE = join(SHARED, 'nasty');

test('photographs of groceries', async (t) => {
  if (!hasShared(t, existsSync(GROCERY), 'photos/grocery')) return;
  const { page } = await openPage(t, { attributes: { k: '12' } });
  const count = filesUnder(GROCERY).length;
  const began = performance.now();
  await dropPaths(page, [GROCERY]);
  const { scores, silhouette, ...rest } = await settled(page, count);
  const seconds = (performance.now() - began) / 1000;
  t.diagnostic(
    `${count} pictures, ${seconds.toFixed(1)} s from drop to clusters; NMI ${scores.nmi.toFixed(3)}, `
    + `ARI ${scores.ari.toFixed(3)}, accuracy ${scores.accuracy.toFixed(3)}, silhouette ${silhouette.toFixed(3)}`,
  );
  assert.ok(Math.abs(nmiWithKinds(rest, (path) => path.split('/').at(-2)) - scores.nmi) < 1e-6);
});

test('hostile files', { timeout: 600_000 }, async (t) => {
  if (!hasShared(t, existsSync(HOSTILE), 'nasty')) return;
  const { page } = await openPage(t);
  const expected = filesUnder(HOSTILE)
    .map((path) => `nasty/${path.slice(HOSTILE.length + 1)}`)
    // Hidden files are left out without a word, unless they are images.
    .filter((path) => !/\/\.[^/]*$/.test(path) || /\.(jpe?g|png)$/i.test(path));
  const { added, rejected } = await addPaths(page, [HOSTILE]);
  const codes = {};
  for (const { path, code, reason } of rejected) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/, path);
    assert.ok(reason.length > 0, path);
    codes[code] = (codes[code] ?? 0) + 1;
  }
  t.diagnostic(`${added} added, ${rejected.length} rejected: ${JSON.stringify(codes)}`);
  assert.equal(added + rejected.length, expected.length, 'every file is added or rejected');
  const { items } = await cluster(page, { k: 5 });
  const reported = [...items, ...rejected].map(({ path }) => path);
  assert.deepEqual(reported.sort(), expected.sort());
});

// The page opens what the Spark example has written: SHOAL_SPARK_SAMPLE, left there by test_cluster_images.py.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage } from '../../tests/e2e/support/browser.mjs';
import { addPaths } from '../../tests/e2e/support/drop.mjs';
import { importFeatures, importSession } from '../../tests/e2e/support/imported.mjs';
import { clustersByPath, result } from '../../tests/e2e/support/shoal.mjs';

const KEPT = process.env.SHOAL_SPARK_SAMPLE;

test('the page opens the sample of the Spark example', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2', model: 'mobilenet-v2' } });
  const { rows } = await importFeatures(page, readFileSync(join(KEPT, 'sample/features.npz')));
  assert.equal(rows, 60);
  const { matched, rejected } = await addPaths(page, [join(KEPT, 'samples')]);
  assert.deepEqual([matched, rejected.map(({ code }) => code)], [60, ['not-a-picture']]);
  const text = readFileSync(join(KEPT, 'sample/session.json'), 'utf8');
  const session = await importSession(page, text);
  assert.deepEqual([session.matched, session.missing, session.changed], [60, [], []]);
  assert.deepEqual(clustersByPath(await result(page)), clustersByPath(JSON.parse(text)));
});

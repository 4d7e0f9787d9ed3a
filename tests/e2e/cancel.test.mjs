// Cancelling operations in progress.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths, dropPaths, startAdding } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { sampleFolder } from './support/pictures.mjs';
import { call, cluster, result } from './support/shoal.mjs';

/** Resolves at the first progress of this stage with more than `beyond` done. */
const inProgress = (page, stage, beyond = 0) => page.evaluate(({ stage, beyond }) => new Promise((resolve) => {
  addEventListener('progress', function listen({ detail }) {
    if (detail.stage !== stage || detail.done <= beyond) return;
    removeEventListener('progress', listen);
    resolve();
  });
}), { stage, beyond });

test('a cancelled add keeps the finished images, which can be clustered', async (t) => {
  // One worker and a large size, so that it is certainly still busy.
  const { page } = await openPage(t, { attributes: { workers: '1', size: '224' } });
  const started = inProgress(page, 'embedding', 2);
  const added = await startAdding(page, [sampleFolder()]);
  await started;
  await call(page, 'cancel');
  const stopped = await added();
  assert.equal(stopped.cancelled, true);
  assert.ok(stopped.added > 2 && stopped.added < 60, `${stopped.added} were added`);
  assert.deepEqual(stopped.rejected, []);
  assert.equal((await cluster(page, { k: 2 })).items.length, stopped.added);

  const rest = await addPaths(page, [sampleFolder()]);
  assert.deepEqual(
    { added: rest.added, reused: rest.reused, cancelled: rest.cancelled },
    { added: 60, reused: stopped.added, cancelled: false },
  );
});

test('a cancelled clustering rejects and changes nothing', async (t) => {
  const { page } = await openImported(t);
  const before = await cluster(page, { k: 3 });
  const code = await page.evaluate(async () => {
    const shoal = document.querySelector('image-shoal');
    const running = shoal.cluster({ k: 'auto', restarts: 200 });
    setTimeout(() => shoal.cancel(), 20);
    return running.then(() => 'finished', (failure) => failure.code);
  });
  assert.equal(code, 'cancelled');
  assert.deepEqual(await result(page), before);
  assert.equal((await cluster(page, { k: 4 })).k, 4);
});

test('the cancel button stops a drop', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '224' } });
  await dropPaths(page, [sampleFolder()]);
  await inProgress(page, 'embedding');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('status').getByText(/stopped/i).waitFor();
  assert.equal(await result(page), null);
});

test('clearing during an add leaves nothing behind', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '224' } });
  const started = inProgress(page, 'embedding', 2);
  const added = await startAdding(page, [sampleFolder()]);
  await started;
  await call(page, 'clear');
  assert.equal((await added()).cancelled, true);
  await assert.rejects(cluster(page, { k: 2 }), { code: 'no-pictures' });
});

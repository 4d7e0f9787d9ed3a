// What pages expect of an element: options, signals, events, pasting, Trusted Types.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles, sampleFolder } from './support/pictures.mjs';

const QUICK = { attributes: { workers: '2', size: '64' } };

test('an option that is undefined is not given', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, sampleFiles().slice(0, 12));
  const k = await page.evaluate(async () => {
    const shoal = document.querySelector('image-shoal');
    shoal.setAttribute('k', '3');
    return (await shoal.cluster({ k: undefined, seed: undefined, signal: undefined })).k;
  });
  assert.equal(k, 3);
});

test('a signal aborts its call and no other', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '64' } });
  await addPaths(page, [sampleFolder()]);
  const outcomes = await page.evaluate(async () => {
    const shoal = document.querySelector('image-shoal');
    const outcome = (call) => call.then(({ k }) => k ?? 'resolved', ({ name, code }) => `${name} ${code}`);
    const [running, waiting] = [new AbortController(), new AbortController()];
    const calls = [
      shoal.cluster({ k: 'auto', restarts: 200, signal: running.signal }),
      shoal.exportReport({ signal: waiting.signal }),
      shoal.cluster({ k: 4 }),
      shoal.cluster({ k: 5, signal: AbortSignal.abort() }),
    ].map(outcome);
    setTimeout(() => waiting.abort(), 50);
    const aborted = await calls[1];
    running.abort();
    return [aborted, ...await Promise.all(calls)];
  });
  const abort = 'AbortError cancelled';
  assert.deepEqual(outcomes, [abort, abort, abort, 4, abort]);
});

test('an aborted add resolves with what was added', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '1', size: '224' } });
  const added = await page.evaluate(async (files) => {
    const shoal = document.querySelector('image-shoal');
    const controller = new AbortController();
    shoal.addEventListener('progress', ({ detail }) => {
      if (detail.stage === 'embedding' && detail.done === 2) controller.abort();
    });
    const images = files.map(([name, bytes]) => new File([new Uint8Array(bytes)], name));
    return shoal.add(images, { signal: controller.signal });
  }, sampleFiles().slice(0, 30).map((path, index) => [`${index}.jpg`, [...readFileSync(path)]]));
  assert.equal(added.cancelled, true);
  assert.ok(added.added >= 2 && added.added < 30, `${added.added} were added`);
});

test('an error event does not reach the window', async (t) => {
  const { page } = await openPage(t, QUICK);
  const seen = await page.evaluate(async () => {
    const shoal = document.querySelector('image-shoal');
    const seen = [];
    globalThis.onerror = () => seen.push('window');
    shoal.addEventListener('error', ({ detail }) => seen.push(detail.code));
    await shoal.cluster().catch(() => {});
    return seen;
  });
  assert.deepEqual(seen, ['no-pictures']);
});

test('what is pasted into an editor, or handled by the page, is left alone', async (t) => {
  const { page } = await openPage(t, QUICK);
  const handled = await page.evaluate(() => {
    const second = document.createElement('image-shoal');
    const editor = Object.assign(document.createElement('div'), { contentEditable: 'true', innerHTML: '<p>text</p>' });
    const search = Object.assign(document.createElement('input'), { type: 'search' });
    document.body.append(second, editor, search);
    const received = [];
    for (const element of document.querySelectorAll('image-shoal')) {
      element.addEventListener('busy', () => received.push(element));
    }
    const paste = (target) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['x'], 'x.png'));
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true });
      target.dispatchEvent(event);
      return event.defaultPrevented;
    };
    const outcomes = [paste(editor.firstChild), paste(search), paste(document.body), paste(second)];
    document.body.addEventListener('paste', (event) => event.preventDefault(), { once: true });
    const before = received.length;
    outcomes.push(paste(document.body));
    second.remove();
    return { outcomes, afterHandled: received.length - before };
  });
  assert.deepEqual(handled.outcomes, [false, false, true, true, true]);
  assert.equal(handled.afterHandled, 0);
});

test('file handles are added', async (t) => {
  const { page } = await openPage(t, QUICK);
  const added = await page.evaluate(async (bytes) => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle('one.jpg', { create: true });
    const file = await handle.createWritable();
    await file.write(new Uint8Array(bytes));
    await file.close();
    return document.querySelector('image-shoal').add([handle]);
  }, [...readFileSync(sampleFiles()[0])]);
  assert.deepEqual([added.added, added.rejected], [1, []]);
});

test('an element can be created where the page requires Trusted Types', async (t) => {
  const { page, errors } = await openPage(t, QUICK);
  const name = await page.evaluate(() => {
    const policy = Object.assign(document.createElement('meta'), {
      httpEquiv: 'Content-Security-Policy', content: "require-trusted-types-for 'script'",
    });
    document.head.append(policy);
    return document.createElement('image-shoal').constructor.name;
  });
  assert.equal(name, 'ImageShoal');
  assert.deepEqual(errors.found, []);
});

// Invalid weights are rejected before any image is processed, and valid ones work afterwards.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { openPage, setAttributes } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { sampleFiles } from './support/pictures.mjs';

const WEIGHTS = new URL('../../weights/', import.meta.url);
const backbone = () => readFileSync(new URL('mobilenet_v2_backbone.safetensors', WEIGHTS));
const classifier = () => readFileSync(new URL('mobilenet_v2_classifier.safetensors', WEIGHTS));

/** The backbone with NaN as its last value. */
function notANumber() {
  const bytes = backbone();
  bytes.writeUInt16LE(0x7e00, bytes.length - 2);
  return bytes;
}

/** The backbone with another last value. */
function altered() {
  const bytes = backbone();
  bytes[bytes.length - 1] ^= 1;
  return bytes;
}

/** The code with which `add` rejects, or null if it only rejects the file, which is not an image. */
const codeOfAdd = (page) => page.evaluate(() => {
  const words = new File(['no picture'], 'words.png');
  return document.querySelector('image-shoal').add([words]).then(() => null, ({ code }) => code);
});

test('invalid weights are rejected with codes, and valid ones work afterwards', async (t) => {
  const { page, site } = await openPage(t, { attributes: { workers: '1', size: '64' } });
  const serve = (url, body) => page.route(url, (route) => route.fulfill({
    body, contentType: 'application/octet-stream',
  }));
  const served = {
    'cut-off': [backbone().subarray(0, 100_000), 'weights-format'],
    'no-weights': [Buffer.from('<html>not found</html>'), 'weights-format'],
    'another-network': [classifier(), 'weights-architecture'],
    'not-a-number': [notANumber(), 'weights-not-finite'],
  };
  for (const [name, [body, code]] of Object.entries(served)) {
    const url = `${site.url}weights/${name}.safetensors`;
    await serve(url, body);
    await setAttributes(page, { 'weights-url': url });
    assert.equal(await codeOfAdd(page), code, name);
  }

  const shipped = '**/mobilenet_v2_backbone.safetensors*';
  await serve(shipped, altered());
  await setAttributes(page, { 'weights-url': null });
  assert.equal(await codeOfAdd(page), 'weights-checksum');
  await page.unroute(shipped);

  assert.equal(await codeOfAdd(page), null);
  const { added, rejected } = await addPaths(page, sampleFiles().slice(0, 3));
  assert.deepEqual({ added, rejected }, { added: 3, rejected: [] });
});

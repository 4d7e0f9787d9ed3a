// Exported charts, contact sheet and report, which are self-contained files.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { openEmptyPage, openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { openImported } from './support/imported.mjs';
import { fill, makeFolder, sampleFiles, sampleFolder } from './support/pictures.mjs';
import { call, cluster, result } from './support/shoal.mjs';
import { exportTo } from './support/exports.mjs';

const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url));
mkdirSync(ARTIFACTS, { recursive: true });

const QUICK = { attributes: { workers: '2', size: '64' } };
const KINDS = ['pca2d', 'pca3d', 'silhouette', 'curve', 'contact'];
const HOSTILE = '</text><script>alert(1)</script>"\'&<img src=x onerror=alert(2)>';

/** Exports a plot and decodes it: `{ type, width, height, colours }`, where `colours` counts those that are not grey. */
const opened = (page, kind, format) => page.evaluate(async ({ kind, format }) => {
  const blob = await document.querySelector('image-shoal').exportPlot(kind, format);
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  const canvas = new OffscreenCanvas(600, Math.round((600 * image.height) / image.width));
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) colours.add((red << 16) | (green << 8) | blue);
  }
  return { type: blob.type, width: image.width, height: image.height, colours: colours.size };
}, { kind, format });

test('every chart is exported as an image in both formats', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  const { k } = await cluster(page);
  const countSpans = () => page.evaluate(() => document.querySelectorAll('body > span').length);
  const spans = await countSpans();
  for (const kind of KINDS) {
    const svg = await opened(page, kind, 'svg');
    const png = await opened(page, kind, 'png');
    assert.deepEqual([svg.type, png.type], ['image/svg+xml', 'image/png']);
    assert.deepEqual([png.width, png.height], [2 * svg.width, 2 * svg.height], kind);
    if (kind !== 'contact') assert.deepEqual([svg.width, svg.height], [1200, 900], kind);
    for (const { colours } of [svg, png]) {
      assert.ok(colours >= (kind === 'curve' ? 1 : k), `${kind} has ${colours} colours`);
    }
    copyFileSync(await exportTo(t, page, `${kind}.png`, 'exportPlot', kind, 'png'), `${ARTIFACTS}plot-${kind}.png`);
  }
  assert.equal(await countSpans(), spans, 'nothing is left in the page');
});

test('an export that is not possible is rejected with a code', async (t) => {
  const { page } = await openPage(t, QUICK);
  await assert.rejects(call(page, 'exportPlot', 'pca2d', 'svg'), { code: 'nothing-clustered' });
  await assert.rejects(call(page, 'exportReport'), { code: 'nothing-clustered' });
  await addPaths(page, sampleFiles().slice(0, 6));
  await cluster(page, { k: 2 });
  await assert.rejects(call(page, 'exportPlot', 'curve', 'svg'), { code: 'no-curve' });
  await assert.rejects(call(page, 'exportPlot', 'pie', 'svg'), { code: 'bad-option' });
  await assert.rejects(call(page, 'exportPlot', 'pca2d', 'gif'), { code: 'bad-option' });
  await assert.rejects(call(page, 'exportPlot'), { code: 'bad-option' });
});

test('the page saves each chart as shown', async (t) => {
  const { page } = await openImported(t);
  await cluster(page);
  const save = async (part, button) => {
    const download = page.waitForEvent('download');
    await page.locator(`[part=${part}]`).getByRole('button', { name: button }).click();
    return (await download).suggestedFilename();
  };
  assert.equal(await save('plot', 'Save as PNG'), 'shoal-map-2d.png');
  await page.getByRole('button', { name: '3D' }).click();
  assert.equal(await save('plot', 'Save as SVG'), 'shoal-map-3d.svg');
  assert.equal(await save('silhouettes', 'Save as SVG'), 'shoal-silhouettes.svg');
  await page.getByText('More ways to save').click();
  assert.equal(await save('export', 'Save as PNG'), 'shoal-contact-sheet.png');
  assert.equal(await save('export', 'Report'), 'shoal-report.html');
  // The curve stays while another k is tried, and can still be saved.
  await cluster(page, { k: 3 });
  assert.equal(await save('curve', 'Save as SVG'), 'shoal-curve.svg');
});

test('a map is saved as it is shown: part, direction, pictures, and a legend', async (t) => {
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [sampleFolder()]);
  const { clusters } = await cluster(page, { k: 6 });
  const plot = page.locator('[part=plot]');
  const save = async () => {
    const download = page.waitForEvent('download');
    await plot.getByRole('button', { name: 'Save as SVG' }).click();
    return readFileSync(await (await download).path(), 'utf8');
  };
  const count = (document, pattern) => [...document.matchAll(pattern)].length;
  const whole = await save();
  for (const { name } of clusters) assert.ok(whole.includes(name), `the legend lacks ${name}`);
  for (let press = 0; press < 5; press += 1) await plot.getByRole('button', { name: 'Zoom in' }).click();
  const part = await save();
  assert.ok(count(part, /<circle/g) < count(whole, /<circle/g), 'fewer images are seen');
  assert.equal(count(part, /<image/g), 0);
  await plot.getByRole('button', { name: 'Pictures' }).click();
  const pictures = await save();
  assert.ok(count(pictures, /<image/g) > 2, 'thumbnails are in place of points');
  writeFileSync(`${ARTIFACTS}plot-pca2d-part.svg`, pictures);

  await page.getByRole('button', { name: '3D' }).click();
  const front = await save();
  await plot.getByRole('application').press('ArrowRight');
  assert.notEqual(await save(), front);
  // Each map keeps its view while the other is shown.
  await page.getByRole('button', { name: '2D' }).click();
  assert.equal(await save(), pictures);
});

for (const colorScheme of ['light', 'dark']) {
  test(`the report opens from disk, ${colorScheme}`, async (t) => {
    const folder = fill(makeFolder(t, 'trip'), Object.fromEntries(
      sampleFiles().slice(0, 24).map((path, index) => [`${index % 2 ? 'one' : 'two'}/${index}.jpg`, path]),
    ));
    fill(folder, { [`one/${HOSTILE.replaceAll('/', '∕')}.jpg`]: sampleFiles()[30] });
    const { page } = await openPage(t, { ...QUICK, context: { colorScheme } });
    await addPaths(page, [folder]);
    await cluster(page);
    const { clusters } = await result(page);
    await call(page, 'rename', clusters[0].id, HOSTILE);
    const path = await exportTo(t, page, 'report.html', 'exportReport');
    const html = readFileSync(path, 'utf8');
    assert.doesNotMatch(html, /<script|(src|href)="(?!data:)/);

    // In another context, because the page's own is watched for requests.
    const reader = await openEmptyPage(t, { context: { colorScheme } });
    const dialogs = [];
    reader.on('dialog', (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
    await reader.goto(pathToFileURL(path).href);
    assert.deepEqual(dialogs, []);
    assert.equal(await reader.locator('article').count(), clusters.length);
    assert.equal(await reader.locator('article h3').first().textContent(), HOSTILE);
    const widths = await reader.locator('img').evaluateAll((images) => images.map((image) => image.naturalWidth));
    assert.ok(widths.length > 0 && widths.every((width) => width > 0), `${widths}`);
    assert.equal(await reader.locator('figure svg').count(), 4);
    await reader.screenshot({ path: `${ARTIFACTS}report-${colorScheme}.png`, fullPage: true });
    await reader.setViewportSize({ width: 360, height: 740 });
    const overflow = await reader.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    await reader.screenshot({ path: `${ARTIFACTS}report-narrow-${colorScheme}.png`, fullPage: true });
    await reader.pdf({ path: `${ARTIFACTS}report-${colorScheme}.pdf` });
  });
}

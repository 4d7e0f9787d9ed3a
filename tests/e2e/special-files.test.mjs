// Files as people have them: formats that browsers cannot decode, and raw images.

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import sharp from 'sharp';

import { openPage } from './support/browser.mjs';
import { addPaths } from './support/drop.mjs';
import { fill, makeFolder, sampleFiles } from './support/pictures.mjs';
import { call, cluster } from './support/shoal.mjs';

const QUICK = { attributes: { workers: '2', size: '128' } };

/** A little-endian TIFF of one 16-bit channel, with as many pages as asked for. */
function tiff(width, height, pixels, pages = 1) {
  const strip = Buffer.from(pixels.buffer);
  const parts = [Buffer.from('49492a0008000000', 'hex')];
  let at = 8;
  for (let page = 1; page <= pages; page += 1) {
    const tags = [[256, width], [257, height], [258, 16], [259, 1], [262, 1], [277, 1], [278, height], [279, strip.length]];
    const end = at + 2 + (tags.length + 1) * 12 + 4;
    tags.push([273, end]);
    tags.sort(([one], [other]) => one - other);
    const directory = Buffer.alloc(end - at);
    directory.writeUInt16LE(tags.length, 0);
    tags.forEach(([tag, value], index) => {
      directory.writeUInt16LE(tag, 2 + index * 12);
      directory.writeUInt16LE(4, 4 + index * 12);
      directory.writeUInt32LE(1, 6 + index * 12);
      directory.writeUInt32LE(value, 10 + index * 12);
    });
    at = end + strip.length;
    directory.writeUInt32LE(page < pages ? at : 0, directory.length - 4);
    parts.push(directory, strip);
  }
  return Buffer.concat(parts);
}

const svg = (width, height, body) => Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`,
);
const png = (width, height, body) => sharp(svg(width, height, body)).png().toBuffer();

/** Different glyphs in one colour on nothing. */
function glyphs(count, colour) {
  const glyph = (index) => {
    const bits = (index * 2654435761) >>> 0;
    const cells = Array.from({ length: 16 }, (_, cell) => ((bits >>> cell) & 1
      ? `<rect x="${32 + (cell % 4) * 48}" y="${32 + Math.floor(cell / 4) * 48}" width="48" height="48"/>` : ''));
    return png(256, 256, `<g fill="${colour}">${cells.join('')}</g>`);
  };
  return Promise.all(Array.from({ length: count }, (_, index) => glyph(index + 1)));
}

/** A long screenshot: its ends differ from others', its middle is blank. */
function longScreenshot(seed) {
  const lines = (top) => Array.from({ length: 12 }, (_, line) => {
    const width = 60 + ((seed * 97 + top + line * 53) % 320);
    const x = (seed * 61 + line * 37) % 200;
    return `<rect x="${x}" y="${top + line * 40}" width="${width}" height="26" fill="hsl(${(seed * 90 + line * 25) % 360} 70% 40%)"/>`;
  }).join('');
  return png(400, 4000, `<rect width="400" height="4000" fill="white"/>${lines(20)}${lines(3500)}`);
}

/** An animation whose first frame is blank, and whose second shows a rectangle. */
async function lateAnimation(index, format) {
  const blank = await png(120, 120, '<rect width="120" height="120" fill="white"/>');
  const shape = `<rect x="${10 + index * 12}" y="${70 - index * 9}" width="${50 - index * 4}" height="30" fill="hsl(${index * 70} 80% 40%)"/>`;
  const shown = await png(120, 120, `<rect width="120" height="120" fill="white"/>${shape}`);
  const animation = sharp([blank, shown], { join: { animated: true } });
  return (format === 'gif' ? animation.gif() : animation.webp({ lossless: true })).toBuffer();
}

/** A scan of 16 bits of which only the lowest twentieth of the range is used. */
function darkScan(seed) {
  const [width, height] = [160, 120];
  const wave = (x, y) => Math.sin((x * (1 + seed % 4)) / 20) * Math.cos((y * (1 + Math.floor(seed / 4))) / 17 + seed);
  const pixels = Uint16Array.from({ length: width * height }, (_, place) => (
    1500 + 1400 * wave(place % width, Math.floor(place / width))));
  return tiff(width, height, pixels);
}

const named = (extension, files) => Object.fromEntries(files.map((bytes, index) => [`${index}.${extension}`, bytes]));

test('the decoders are fetched for the first picture that the browser cannot decode', async (t) => {
  const { page, site } = await openPage(t, QUICK);
  const fetched = () => site.requests.filter((line) => /decoders/.test(line)).map((line) => line.match(/[a-z_]+\.(js|wasm)/)[0]);
  await addPaths(page, [fill(makeFolder(t, 'photos'), { '1.jpg': sampleFiles()[0] })]);
  assert.deepEqual(fetched(), []);
  const pixels = Uint16Array.from({ length: 80 * 60 }, (_, place) => (place * 131) % 65536);
  const scans = fill(makeFolder(t, 'scans'), { '1.tif': tiff(80, 60, pixels), '2.txt': Buffer.from('no picture') });
  const { added, rejected } = await addPaths(page, [scans]);
  assert.deepEqual([added, rejected.map(({ path, code }) => [path, code])], [1, [['scans/2.txt', 'not-a-picture']]]);
  assert.deepEqual([...new Set(fetched())].sort(), ['decoders.js', 'decoders_bg.wasm']);
});

test('without the decoders, the pictures that need them are rejected', async (t) => {
  const { page } = await openPage(t, QUICK);
  await page.route(/decoders/, (route) => route.abort());
  const pixels = Uint16Array.from({ length: 80 * 60 }, (_, place) => (place * 131) % 65536);
  const files = () => fill(makeFolder(t, 'scans'), { '1.tif': tiff(80, 60, pixels), '2.jpg': sampleFiles()[0] });
  const { added, rejected } = await addPaths(page, [files()]);
  assert.deepEqual([added, rejected.map(({ path, code }) => [path, code])], [1, [['scans/1.tif', 'program-unreachable']]]);
  await page.unroute(/decoders/);
  const again = await addPaths(page, [files()]);
  assert.deepEqual([again.added, again.reused], [2, 1], 'it is tried again');
});

test('a raw image is seen by its preview, upright, and is a sidecar beside its JPEG', async (t) => {
  const [one, two, three] = sampleFiles();
  const upright = sharp(one).resize(600, 800, { fit: 'fill' });
  const turned = async (degrees) => sharp(await upright.clone().png().toBuffer()).rotate(degrees);
  const preview = await (await turned(270)).jpeg().toBuffer();
  const thumbnail = await sharp(two).resize(160, 120, { fit: 'fill' }).jpeg().toBuffer();
  // A directory that says: to be turned by a quarter.
  const raw = Buffer.concat([
    Buffer.from('49492a00080000000100120103000100000006000000' + '00000000', 'hex'), thumbnail, Buffer.alloc(5000, 7), preview,
  ]);
  const folder = fill(makeFolder(t, 'camera'), {
    'alone.NEF': raw,
    'small.CR2': Buffer.concat([Buffer.from('49492a0008000000', 'hex'), thumbnail]),
    'both.jpg': two,
    'both.ARW': raw,
    'upright.png': await upright.clone().png().toBuffer(),
    'stored.png': await (await turned(270)).png().toBuffer(),
    'turned twice.png': await (await turned(90)).png().toBuffer(),
    'PXL_1.RAW-01.COVER.jpg': three,
    'PXL_1.RAW-02.ORIGINAL.dng': raw,
  });
  const { page } = await openPage(t, QUICK);
  const { added, sidecars, rejected } = await addPaths(page, [folder]);
  assert.deepEqual({ added, sidecars }, { added: 6, sidecars: 2 });
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['camera/small.CR2', 'no-raw-preview']]);
  await cluster(page, { k: 2 });
  const [{ path, cosine }] = await call(page, 'neighbours', 'camera/alone.NEF', 1);
  assert.equal(path, 'camera/upright.png');
  assert.ok(cosine > 0.97, `${cosine}`);
});

test('TIFF files of every kind that libtiff writes look like their original', async (t) => {
  const picture = sharp(sampleFiles()[0]).resize(320, 240, { fit: 'fill' });
  const bilevel = () => picture.clone().greyscale().threshold(128).toColourspace('b-w');
  const written = (options, image = picture) => image.clone().tiff({ compression: 'none', ...options }).toBuffer();
  const kinds = {
    strips: await written({}),
    tiles: await written({ tile: true, tileWidth: 64, tileHeight: 64 }),
    pyramid: await written({ tile: true, pyramid: true }),
    lzw: await written({ compression: 'lzw', predictor: 'horizontal' }),
    deflate: await written({ compression: 'deflate' }),
    packbits: await written({ compression: 'packbits' }),
    jpeg: await written({ compression: 'jpeg', quality: 95 }),
    big: await written({ bigtiff: true }),
    cmyk: await written({}, picture.clone().toColourspace('cmyk')),
    lab: await written({}, picture.clone().toColourspace('lab')),
    words: await written({}, picture.clone().toColourspace('rgb16')),
  };
  const bits = {
    fax4: await written({ compression: 'ccittfax4', bitdepth: 1 }, bilevel()),
    bilevel: await written({ bitdepth: 1 }, bilevel()),
    inverted: await written({ bitdepth: 1, miniswhite: true }, bilevel()),
  };
  const asTiff = (files) => Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.tif`, bytes]));
  const folder = fill(makeFolder(t, 'scans'), {
    ...asTiff(kinds),
    ...asTiff(bits),
    'original.png': await picture.clone().png().toBuffer(),
    'bilevel.png': await bilevel().png().toBuffer(),
  });
  const { page } = await openPage(t, QUICK);
  const { rejected } = await addPaths(page, [folder]);
  assert.deepEqual(rejected, []);
  await cluster(page, { k: 2 });
  const cosines = async (original, files) => {
    const neighbours = await call(page, 'neighbours', `scans/${original}`, 20);
    return Object.keys(files).map((name) => [name, neighbours.find(({ path }) => path === `scans/${name}.tif`).cosine]);
  };
  const found = [...await cosines('original.png', kinds), ...await cosines('bilevel.png', bits)];
  assert.deepEqual(found.filter(([, cosine]) => cosine < 0.95), []);
});

/** The groups of duplicates among images with these contents. */
async function duplicatesOf(t, contents) {
  const { page } = await openPage(t, QUICK);
  const { rejected } = await addPaths(page, [fill(makeFolder(t, 'own'), contents)]);
  assert.deepEqual(rejected, []);
  await cluster(page, { k: 2 });
  return call(page, 'duplicates');
}

test('white glyphs on transparency are seen, and black ones too', async (t) => {
  assert.deepEqual(await duplicatesOf(t, named('png', await glyphs(8, 'white'))), []);
  assert.deepEqual(await duplicatesOf(t, named('png', await glyphs(8, 'black'))), []);
});

test('long screenshots are seen from end to end', async (t) => {
  const shots = await Promise.all([1, 2, 3, 4].map(longScreenshot));
  assert.deepEqual(await duplicatesOf(t, named('png', shots)), []);
});

test('animations with a blank first frame are told apart', async (t) => {
  for (const format of ['gif', 'webp']) {
    const animations = await Promise.all([0, 1, 2, 3, 4].map((index) => lateAnimation(index, format)));
    assert.deepEqual(await duplicatesOf(t, named(format, animations)), [], format);
  }
});

test('a blank picture needs no decoders, and a blank animation is accepted without them', async (t) => {
  const { page, site } = await openPage(t, QUICK);
  await page.route(/decoders/, (route) => route.abort());
  const blank = await png(120, 120, '<rect width="120" height="120" fill="white"/>');
  const still = fill(makeFolder(t, 'still'), { 'blank.png': blank, 'blank.webp': await sharp(blank).webp().toBuffer() });
  assert.equal((await addPaths(page, [still])).added, 2);
  assert.deepEqual(site.requests.filter((line) => /decoders/.test(line)), []);
  const moving = fill(makeFolder(t, 'moving'), { 'late.gif': await lateAnimation(1, 'gif') });
  assert.equal((await addPaths(page, [moving])).added, 1);
});

test('dark scans of 16 bits are stretched', async (t) => {
  const scans = named('tif', Array.from({ length: 8 }, (_, seed) => darkScan(seed)));
  const { page } = await openPage(t, QUICK);
  await addPaths(page, [fill(makeFolder(t, 'scans'), scans)]);
  await cluster(page, { k: 2 });
  assert.deepEqual(await call(page, 'duplicates'), []);
  const brightest = await page.evaluate(async () => {
    const { src } = document.querySelector('image-shoal').shadowRoot.querySelector('img[src^=blob]');
    const bitmap = await createImageBitmap(await (await fetch(src)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return Math.max(...context.getImageData(0, 0, bitmap.width, bitmap.height).data.filter((_, index) => index % 4 < 3));
  });
  assert.ok(brightest > 200, `the thumbnail is visible: ${brightest}`);
});

test('the first page of a file with several is used, and their number is told', async (t) => {
  const pixels = Uint16Array.from({ length: 80 * 60 }, (_, place) => (place * 131) % 65536);
  const { page } = await openPage(t, QUICK);
  await page.evaluate(() => {
    globalThis.notices = [];
    document.querySelector('image-shoal').addEventListener('notice', ({ detail }) => globalThis.notices.push(detail));
  });
  const folder = fill(makeFolder(t, 'scans'), { 'fax.tif': tiff(80, 60, pixels, 3), 'one.tif': tiff(80, 60, pixels) });
  const { paged, rejected } = await addPaths(page, [folder]);
  assert.deepEqual({ paged, rejected }, { paged: [{ path: 'scans/fax.tif', pages: 3 }], rejected: [] });
  const notices = await page.evaluate(() => globalThis.notices);
  assert.deepEqual(notices.map(({ code }) => code), ['first-pages']);
  assert.match(notices[0].message, /scans\/fax.tif has 3 pages/);
});

/** An uncompressed Targa image of RGB pixels, from top to bottom. */
function targa(width, height, rgb) {
  const header = Buffer.alloc(18);
  header[2] = 2;
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  header.set([24, 0x20], 16);
  const bgr = Buffer.from(rgb);
  for (let at = 0; at < bgr.length; at += 3) [bgr[at], bgr[at + 2]] = [bgr[at + 2], bgr[at]];
  return Buffer.concat([header, bgr]);
}

/** A Photoshop file without layers, whose merged image has these RGB pixels. */
function photoshop(width, height, rgb) {
  const header = Buffer.alloc(26);
  header.write('8BPS');
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(3, 12);
  header.writeUInt32BE(height, 14);
  header.writeUInt32BE(width, 18);
  header.writeUInt16BE(8, 22);
  header.writeUInt16BE(3, 24);
  const planes = [0, 1, 2].map((channel) => Buffer.from(rgb.filter((_, place) => place % 3 === channel)));
  // Three empty sections, and no compression.
  return Buffer.concat([header, Buffer.alloc(14), ...planes]);
}

test('formats that no browser knows are decoded or refused by name', async (t) => {
  const picture = sharp(sampleFiles()[0]).resize(320, 240, { fit: 'fill' }).removeAlpha();
  const rgb = await picture.clone().raw().toBuffer();
  const folder = fill(makeFolder(t, 'studio'), {
    'original.png': await picture.clone().png().toBuffer(),
    'merged.psd': photoshop(320, 240, rgb),
    'texture.tga': targa(320, 240, rgb),
    'later.jxl': Buffer.concat([Buffer.from('ff0a', 'hex'), Buffer.alloc(200, 7)]),
    'layered.psd': Buffer.concat([photoshop(320, 240, rgb).subarray(0, 24), Buffer.alloc(400, 9)]),
  });
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [folder]);
  assert.equal(added, 3);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]).sort(), [
    ['studio/later.jxl', 'picture-unsupported'], ['studio/layered.psd', 'picture-unsupported'],
  ]);
  assert.match(rejected.find(({ path }) => path.endsWith('jxl')).reason, /JPEG XL/);
  await cluster(page, { k: 2 });
  const neighbours = await call(page, 'neighbours', 'studio/original.png', 2);
  assert.deepEqual(neighbours.map(({ path }) => path).sort(), ['studio/merged.psd', 'studio/texture.tga']);
  assert.ok(neighbours.every(({ cosine }) => cosine > 0.99), JSON.stringify(neighbours));
});

test('folders of the user are read, and those of systems and tools are not', async (t) => {
  const [one, two, three, four, five] = sampleFiles();
  const folder = fill(makeFolder(t, 'nas'), {
    '...And more/1.jpg': one,
    '.Hack Sign/2.jpg': two,
    'ok/3.jpg': three,
    'a.jpg': four,
    '.hidden.jpg': five,
    '@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg': one,
    '.thumbnails/1.jpg': one,
    '#recycle/1.jpg': one,
    '._a.jpg': Buffer.from('the other half'),
    '.trashed-1700000000-b.jpg': one,
    '.IMG_7.HEIC.icloud': Buffer.from('bplist00'),
  });
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [folder]);
  assert.equal(added, 5);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['nas/.IMG_7.HEIC.icloud', 'not-downloaded']]);
  const paths = (await cluster(page, { k: 2 })).items.map(({ path }) => path);
  assert.deepEqual(paths, ['nas/...And more/1.jpg', 'nas/.Hack Sign/2.jpg', 'nas/.hidden.jpg', 'nas/a.jpg', 'nas/ok/3.jpg']);
});

test('a folder that contains itself by a link is read once', async (t) => {
  const [one, two] = sampleFiles();
  const folder = fill(makeFolder(t, 'loop'), { 'a.jpg': one, 'sub/b.jpg': two });
  symlinkSync(folder, join(folder, 'sub', 'back'));
  const { page } = await openPage(t, QUICK);
  const { added, rejected } = await addPaths(page, [folder]);
  assert.equal(added, 2);
  // Some browsers do not follow links.
  assert.ok(rejected.every(({ code }) => code === 'folder-loop') && rejected.length <= 1, JSON.stringify(rejected));
});

test('handles of a folder that contains itself are read once', async (t) => {
  const { page } = await openPage(t, QUICK);
  const bytes = (await sharp(sampleFiles()[0]).jpeg().toBuffer()).toString('base64');
  const { added, rejected } = await page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const photo = { kind: 'file', name: 'a.jpg', getFile: async () => new File([data], 'a.jpg', { lastModified: 1 }) };
    // A browser that follows links gives the same folder again and again, as different handles.
    const folder = (name) => ({
      kind: 'directory', name, async* values() { yield photo; yield folder('back'); },
    });
    return document.querySelector('image-shoal').add([folder('loop')]);
  }, bytes);
  assert.equal(added, 1);
  assert.deepEqual(rejected.map(({ path, code }) => [path, code]), [['loop/back', 'folder-loop']]);
});

// One picture in many formats, by real encoders where there are some, otherwise by the layout of the format.

import sharp from 'sharp';

import { HAS_ENCODER, encodeHeif } from './heif.mjs';
import { sampleFiles } from './pictures.mjs';

/** Width and height of the picture, in pixels. */
const SIDE = 128;

/** A JPEG without its segment APP14, which says how four channels are to be read. */
function withoutAdobe(jpeg) {
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda;) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] === 0xee) return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(end)]);
    at = end;
  }
  throw new Error('it has no APP14');
}

/** An uncompressed BMP of RGB pixels. */
function bmp(rgb) {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + rgb.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(SIDE, 18);
  // From top to bottom.
  header.writeInt32LE(-SIDE, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, reversed(rgb)]);
}

/** Blue, green and red instead of red, green and blue. */
function reversed(rgb) {
  const bgr = Buffer.from(rgb);
  for (let at = 0; at < bgr.length; at += 3) [bgr[at], bgr[at + 2]] = [bgr[at + 2], bgr[at]];
  return bgr;
}

/** An uncompressed Targa image of RGB pixels, from top to bottom. */
function targa(rgb) {
  const header = Buffer.alloc(18);
  header[2] = 2;
  header.writeUInt16LE(SIDE, 12);
  header.writeUInt16LE(SIDE, 14);
  header.set([24, 0x20], 16);
  return Buffer.concat([header, reversed(rgb)]);
}

const planesOf = (pixels, count) => Array.from({ length: count }, (_, channel) => (
  Buffer.from(pixels.filter((_value, place) => place % count === channel))));

/** A Photoshop file without layers, whose merged image has these pixels in the colour mode 3 (RGB) or 4 (CMYK). */
function photoshop(pixels, mode) {
  const header = Buffer.alloc(26);
  header.write('8BPS');
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(mode, 12);
  header.writeUInt32BE(SIDE, 14);
  header.writeUInt32BE(SIDE, 18);
  header.writeUInt16BE(8, 22);
  header.writeUInt16BE(mode, 24);
  // Three empty sections, and no compression.
  return Buffer.concat([header, Buffer.alloc(14), ...planesOf(pixels, mode)]);
}

/** An SGI image of RGB pixels: planes, from bottom to top. */
function sgi(rgb) {
  const header = Buffer.alloc(512);
  header.set([1, 0xda, 0, 1, 0, 3, 0, SIDE, 0, SIDE, 0, 3]);
  header[19] = 255;
  const rows = (plane) => Array.from({ length: SIDE }, (_, row) => plane.subarray((SIDE - 1 - row) * SIDE, (SIDE - row) * SIDE));
  return Buffer.concat([header, ...planesOf(rgb, 3).flatMap(rows)]);
}

/** A PCX image of RGB pixels: in each row the three channels, every byte as a run of one. */
function pcx(rgb) {
  const header = Buffer.alloc(128);
  header.set([10, 5, 1, 8]);
  header.set([SIDE - 1, 0, SIDE - 1, 0], 8);
  header.set([3, SIDE, 0], 65);
  const planes = planesOf(rgb, 3);
  const bytes = [];
  for (let row = 0; row < SIDE; row += 1) {
    for (const plane of planes) for (const value of plane.subarray(row * SIDE, (row + 1) * SIDE)) bytes.push(0xc1, value);
  }
  return Buffer.concat([header, Buffer.from(bytes)]);
}

/** An Apple icon of 128 px: a PNG. */
function appleIcon(png) {
  const header = Buffer.from('icns\0\0\0\0ic07\0\0\0\0', 'latin1');
  header.writeUInt32BE(png.length + 16, 4);
  header.writeUInt32BE(png.length + 8, 12);
  return Buffer.concat([header, png]);
}

/** A raw file as cameras write them: a directory that says how it is to be turned, then data, then its preview. */
function raw(preview) {
  const directory = Buffer.from('49492a0008000000010012010300010000000100000000000000', 'hex');
  return Buffer.concat([directory, Buffer.alloc(5000, 7), preview]);
}

/**
 * The picture as `[format, feature, file name, bytes, original]`: `original` is the name of the file among `originals` that it looks
 * like.
 */
export async function formats() {
  const picture = sharp(sampleFiles()[0]).resize(SIDE, SIDE, { fit: 'fill' }).removeAlpha();
  const bilevel = () => picture.clone().greyscale().threshold(128).toColourspace('b-w');
  const space = (name) => picture.clone().toColourspace(name);
  const rgb = await picture.clone().raw().toBuffer();
  const png = await picture.clone().png().toBuffer();
  // Photoshop stores inks inverted, so that these are red, green, blue and no black.
  const cmyk = Buffer.from(Array.from({ length: SIDE * SIDE }, (_, place) => [...rgb.subarray(3 * place, 3 * place + 3), 255]).flat());
  const blank = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'white' } }).png().toBuffer();
  const late = () => sharp([blank, png], { join: { animated: true } });
  const cmykJpeg = await space('cmyk').jpeg({ quality: 95 }).toBuffer();
  const preview = await picture.clone().resize(800, 800).jpeg().toBuffer();
  const tiff = (options, image = picture) => image.clone().tiff({ compression: 'none', ...options }).toBuffer();
  const kinds = [
    ['JPEG', 'baseline', '.jpg', await picture.clone().jpeg({ quality: 95 }).toBuffer()],
    ['JPEG', 'progressive', '.jpg', await picture.clone().jpeg({ quality: 95, progressive: true }).toBuffer()],
    ['JPEG', 'turned by EXIF', '.jpg', await picture.clone().rotate(270).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer()],
    ['JPEG', 'Display P3', '.jpg', await picture.clone().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer()],
    ['JPEG', 'CMYK', '.jpg', cmykJpeg],
    ['JPEG', 'CMYK without APP14', '.jpg', withoutAdobe(cmykJpeg)],
    ['PNG', '8 bits', '.png', png],
    ['PNG', '16 bits', '.png', await space('rgb16').png().toBuffer()],
    ['PNG', 'palette', '.png', await picture.clone().png({ palette: true, colours: 256 }).toBuffer()],
    ['GIF', 'palette', '.gif', await picture.clone().gif().toBuffer()],
    ['GIF', 'blank first frame', '.gif', await late().gif().toBuffer()],
    ['WebP', 'lossy', '.webp', await picture.clone().webp({ quality: 95 }).toBuffer()],
    ['WebP', 'lossless', '.webp', await picture.clone().webp({ lossless: true }).toBuffer()],
    ['WebP', 'blank first frame', '.webp', await late().webp({ lossless: true }).toBuffer()],
    ['AVIF', '8 bits', '.avif', await picture.clone().avif({ quality: 80 }).toBuffer()],
    ...(HAS_ENCODER ? [['HEIC', '8 bits', '.heic', encodeHeif(png)]] : []),
    ['TIFF', 'strips', '.tif', await tiff({})],
    ['TIFF', 'tiles', '.tif', await tiff({ tile: true, tileWidth: 64, tileHeight: 64 })],
    ['TIFF', 'pyramid', '.tif', await tiff({ tile: true, tileWidth: 64, tileHeight: 64, pyramid: true })],
    ['TIFF', 'BigTIFF', '.tif', await tiff({ bigtiff: true })],
    ['TIFF', 'Deflate', '.tif', await tiff({ compression: 'deflate' })],
    ['TIFF', 'PackBits', '.tif', await tiff({ compression: 'packbits' })],
    ['TIFF', 'JPEG', '.tif', await tiff({ compression: 'jpeg', quality: 95 })],
    ['TIFF', 'fax Group 4', '.tif', await tiff({ compression: 'ccittfax4', bitdepth: 1 }, bilevel()), 'bilevel.png'],
    ['TIFF', '1 bit', '.tif', await tiff({ bitdepth: 1 }, bilevel()), 'bilevel.png'],
    ['TIFF', '1 bit, white is 0', '.tif', await tiff({ bitdepth: 1, miniswhite: true }, bilevel()), 'bilevel.png'],
    ['TIFF', '16 bits', '.tif', await tiff({}, space('rgb16'))],
    ['TIFF', 'CMYK', '.tif', await tiff({}, space('cmyk'))],
    ['TIFF', 'Display P3', '.tif', await tiff({}, picture.clone().withIccProfile('p3'))],
    ['Photoshop', 'merged image, RGB', '.psd', photoshop(rgb, 3)],
    ['Photoshop', 'merged image, CMYK', '.psd', photoshop(cmyk, 4)],
    ['Targa', '24 bits', '.tga', targa(rgb)],
    ['SGI', '24 bits', '.sgi', sgi(rgb)],
    ['PCX', '24 bits', '.pcx', pcx(rgb)],
    ['PNM', '24 bits', '.ppm', Buffer.concat([Buffer.from(`P6 ${SIDE} ${SIDE} 255\n`), rgb])],
    ['Apple icon', 'PNG', '.icns', appleIcon(png)],
    ['raw image', 'preview of 800 px', '.nef', raw(preview)],
    ['raw image', 'preview of 128 px', '.cr2', raw(await picture.clone().jpeg().toBuffer())],
    ['JPEG XL', 'bare data', '.jxl', Buffer.concat([Buffer.from('ff0a', 'hex'), Buffer.alloc(200, 7)])],
  ];
  const originals = { 'original.png': png, 'bilevel.png': await bilevel().png().toBuffer() };
  const named = kinds.map(([format, feature, extension, bytes, original = 'original.png'], index) => (
    { format, feature, name: `${index}${extension}`, bytes, original }));
  return { originals, kinds: named };
}

// HEIC pictures: coded by libheif's `heif-enc` (apt install libheif-examples), and reassembled where it cannot write what
// telephones do: grids of tiles, rotation and mirroring.
//
// Source of the boxes: ISO/IEC 14496-12 and ISO/IEC 23008-12.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether `heif-enc` is installed. */
export const HAS_ENCODER = spawnSync('heif-enc', ['--help']).error === undefined;

/** A picture, by default a PNG, coded as HEIC with these options of `heif-enc`. */
export function encodeHeif(picture, options = [], extension = 'png') {
  const folder = mkdtempSync(join(tmpdir(), 'heif-'));
  try {
    const [source, target] = [join(folder, `picture.${extension}`), join(folder, 'picture.heic')];
    writeFileSync(source, picture);
    execFileSync('heif-enc', [...options, '-o', target, source], { stdio: 'ignore' });
    return readFileSync(target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const u8 = (...values) => Buffer.from(values);
const u16 = (value) => u8(value >> 8, value & 255);
const u32 = (value) => Buffer.concat([u16(value >>> 16), u16(value & 65535)]);

function box(type, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

const fullBox = (type, version, flags, ...parts) => box(type, u32((version << 24) | flags), ...parts);

/** The contents of the first box of this type, wherever it is. */
function contents(file, type) {
  const at = file.indexOf(type, 0, 'latin1');
  return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
}

/** Turned counterclockwise by so many quarters. */
export const rotated = (quarters) => box('irot', u8(quarters));
/** Mirrored: its top and bottom are exchanged by axis 0, its left and right sides by axis 1. */
export const mirrored = (axis) => box('imir', u8(axis));

/**
 * A picture of `columns` x `rows` tiles, each one of `tiles` (files of one picture, all of the same size and coding) by turns. It is
 * cropped to `width` x `height` pixels, and then transformed by the properties `transforms`, in order. Its EXIF data say `orientation`.
 */
export function grid({ tiles, columns, rows, width, height, transforms = [], orientation = 1 }) {
  const config = box('hvcC', contents(tiles[0], 'hvcC'));
  const tileSize = box('ispe', contents(tiles[0], 'ispe'));
  const data = tiles.map((tile) => contents(tile, 'mdat'));
  const count = columns * rows;
  const layout = Buffer.concat([u8(0, 0, rows - 1, columns - 1), u16(width), u16(height)]);
  // The item 1 is the grid, those from 2 on are its tiles, which share their bytes, and the last is the EXIF data.
  const items = [{ id: 1, type: 'grid', extent: data.length }];
  for (let index = 0; index < count; index += 1) items.push({ id: index + 2, type: 'hvc1', extent: index % data.length });
  const exif = Buffer.concat([u32(0), Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0', 'latin1'), u8(orientation), Buffer.alloc(6)]);
  const blocks = [...data, layout, exif];
  items.push({ id: count + 2, type: 'Exif', extent: data.length + 1 });
  const properties = [config, tileSize, fullBox('ispe', 0, 0, u32(width), u32(height)), ...transforms];
  const transformed = transforms.map((_, index) => 0x80 | (index + 4));
  const associations = items.slice(0, -1).map(({ id, type }) => {
    const places = type === 'grid' ? [3, ...transformed] : [0x81, 2];
    return Buffer.concat([u16(id), u8(places.length, ...places)]);
  });
  const meta = (offsets) => fullBox('meta', 0, 0,
    fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
    fullBox('pitm', 0, 0, u16(1)),
    // The tiles are hidden.
    fullBox('iinf', 0, 0, u16(items.length), ...items.map(({ id, type }) => (
      fullBox('infe', 2, id === 1 ? 0 : 1, u16(id), u16(0), Buffer.from(type), u8(0))))),
    fullBox('iref', 0, 0,
      box('dimg', u16(1), u16(count), ...items.slice(1, -1).map(({ id }) => u16(id))),
      box('cdsc', u16(count + 2), u16(1), u16(1))),
    box('iprp', box('ipco', ...properties), fullBox('ipma', 0, 0, u32(associations.length), ...associations)),
    fullBox('iloc', 0, 0, u8(0x44, 0), u16(items.length), ...items.map(({ id, extent }) => (
      Buffer.concat([u16(id), u16(0), u16(1), u32(offsets[extent]), u32(blocks[extent].length)])))));
  const type = box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('mif1heic'));
  let at = type.length + meta(blocks.map(() => 0)).length + 8;
  const offsets = blocks.map(({ length }) => {
    at += length;
    return at - length;
  });
  return Buffer.concat([type, meta(offsets), box('mdat', ...blocks)]);
}

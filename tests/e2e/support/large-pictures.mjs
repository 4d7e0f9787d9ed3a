// Large images that take little space on disk.

import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

/** Writes a grey PNG of one shade. */
export function writePng(path, width, height, shade) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, shade);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))];
  writeFileSync(path, Buffer.concat([signature, ...parts]));
}

/** Writes a black, uncompressed TIFF as a sparse file. */
export function writeTiff(path, width, height) {
  const [pixels, short, long] = [4096, 3, 4];
  const tags = [
    [256, long, width], [257, long, height], [258, short, 8], [259, short, 1], [262, short, 1], [273, long, pixels],
    [277, short, 1], [278, long, height], [279, long, width * height],
  ];
  const head = Buffer.alloc(8 + 2 + tags.length * 12 + 4);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, type, value], index) => {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(1, at + 4);
    if (type === short) head.writeUInt16LE(value, at + 8);
    else head.writeUInt32LE(value, at + 8);
  });
  const file = openSync(path, 'w');
  writeSync(file, head);
  ftruncateSync(file, pixels + width * height);
  closeSync(file);
}

/** Writes a grey JPEG, whose sides are multiples of 8: two bits for every block of 8 x 8 pixels. */
export function writeJpeg(path, width, height) {
  const segment = (marker, bytes) => Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 255, ...bytes]);
  // One code, which is the bit 0: no difference to the block before, or the end of a block.
  const codes = [1, ...Array(15).fill(0), 0];
  const side = (length) => [length >> 8, length & 255];
  writeFileSync(path, Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(0xc0, [8, ...side(height), ...side(width), 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...codes]),
    segment(0xc4, [0x10, ...codes]),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    Buffer.alloc((width / 8) * (height / 8) * 2 / 8),
    Buffer.from([0xff, 0xd9]),
  ]));
}

// Writer of features files as other programs make them: an uncompressed zip of numpy arrays.

import { crc32 } from 'node:zlib';

/** An array in numpy's format. `descr` is its type, for example `<f4`. */
export function npy(descr, shape, values) {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(padded, 'latin1'), values]);
}

/** An array of strings, in UTF-32 and padded to the length of the longest. */
export function texts(values) {
  const width = Math.max(...values.map((value) => [...value].length));
  const bytes = Buffer.alloc(4 * width * values.length);
  values.forEach((value, row) => {
    [...value].forEach((character, place) => bytes.writeUInt32LE(character.codePointAt(0), 4 * (row * width + place)));
  });
  return npy(`<U${width}`, [values.length], bytes);
}

/** An array of f32 rows. */
export const table = (rows) => (
  npy('<f4', [rows.length, rows[0].length], Buffer.from(Float32Array.from(rows.flat()).buffer))
);

/** A zip with the entries `{ name: bytes }`. */
export function npz(members) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name)]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name)]));
    parts.push(head, bytes);
    offset += head.length + bytes.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}

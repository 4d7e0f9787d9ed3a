// EXIF data for JPEG files of tests.

/** The JPEG with EXIF data: `{ maker, model, taken, offset, orientation, place }`, each a text but the orientation. */
export function withExif(jpeg, { maker, model, taken, offset, orientation, place }) {
  const image = [[0x10f, maker], [0x110, model], [0x112, orientation]].filter(([, value]) => value !== undefined);
  const exposure = [[0x9003, taken], [0x9011, offset]].filter(([, value]) => value !== undefined);
  const places = place === undefined ? [] : [[1, 'N'], [2, place]];
  const directories = [image, exposure, places];
  const pointers = [[0x8769, exposure], [0x8825, places]].filter(([, entries]) => entries.length > 0);
  const sizeOf = (entries) => 2 + 12 * entries.length + 4;
  const starts = new Map();
  let end = 8 + sizeOf([...image, ...pointers]);
  for (const entries of [exposure, places]) {
    starts.set(entries, end);
    if (entries.length > 0) end += sizeOf(entries);
  }
  const texts = [];
  const entry = (tag, type, count, value) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    value.copy(bytes, 8);
    return bytes;
  };
  const number = (value, bytes) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const encoded = ([tag, value]) => {
    if (typeof value === 'number') return entry(tag, 3, 1, number(value, 2));
    const text = Buffer.from(`${value}\0`);
    if (text.length <= 4) return entry(tag, 2, text.length, text);
    texts.push(text);
    end += text.length;
    return entry(tag, 2, text.length, number(end - text.length, 4));
  };
  const parts = directories.flatMap((entries) => {
    const all = entries.map(encoded);
    if (entries === image) all.push(...pointers.map(([tag, target]) => entry(tag, 4, 1, number(starts.get(target), 4))));
    if (all.length === 0) return [];
    const count = Buffer.alloc(2);
    count.writeUInt16BE(all.length);
    return [count, ...all, Buffer.alloc(4)];
  });
  const body = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'), ...parts, ...texts]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, body, jpeg.subarray(2)]);
}

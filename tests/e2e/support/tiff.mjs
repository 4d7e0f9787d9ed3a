// Writer of TIFF files.

/** A little-endian TIFF of one 16-bit channel, with as many pages as asked for. */
export function tiff(width, height, pixels, pages = 1) {
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

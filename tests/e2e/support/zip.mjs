// Reader of zips (yauzl, which is independent of Shoal's writer) that verifies every checksum.

import assert from 'node:assert/strict';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

async function gather(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** The zip's entries: a Map of names to bytes. */
export async function readZip(path) {
  // Strict: a name with a backslash, or one that leaves the folder, is an error.
  const zip = await promisify(yauzl.open)(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  const open = promisify(zip.openReadStream.bind(zip));
  const files = new Map();
  try {
    await new Promise((done, failed) => {
      zip.on('error', failed).on('end', done).on('entry', (entry) => {
        open(entry).then(gather).then((bytes) => {
          assert.equal(crc32(bytes), entry.crc32, `checksum of ${entry.fileName}`);
          assert.ok(!files.has(entry.fileName), `${entry.fileName} occurs once`);
          files.set(entry.fileName, bytes);
          zip.readEntry();
        }).catch(failed);
      });
      zip.readEntry();
    });
  } finally {
    zip.close();
  }
  return files;
}

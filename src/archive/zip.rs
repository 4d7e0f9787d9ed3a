//! Writing the headers of a zip file; the caller adds the files' contents between them.
//!
//! Source: PKWARE's APPNOTE.TXT 6.3.10, whose section numbers appear below. Files are stored uncompressed (images do not
//! compress further), so their sizes and checksums are known in advance and are written to the local headers, where every
//! reader finds them. The `zip` crate accepts precomputed sizes and checksums only through an unsafe function.

use super::ArchiveError;
use super::time::{dos_date_time, unix_seconds};

/// A file in a zip.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The safe name, with `/` between folders.
    pub name: String,
    /// The number of bytes of its contents.
    pub byte_size: u64,
    /// CRC-32 of its contents.
    pub crc32: u32,
    /// When the file was last modified, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
}

/// Bit 11: the name is UTF-8 (4.4.4).
const FLAGS: u16 = 1 << 11;
/// Method 0: stored (4.4.5).
const STORED: u16 = 0;
/// Version 1.0, or 4.5 where Zip64 is used (4.4.3.2).
const VERSION_PLAIN: u16 = 10;
const VERSION_ZIP64: u16 = 45;
/// Made on Unix (4.4.2), so that readers use the mode below.
const MADE_BY_UNIX: u16 = 3 << 8;
/// A regular file, readable by all and writable by its owner.
const MODE: u32 = 0o100_644 << 16;
/// Zip64 extended information (4.5.3) and Info-ZIP's extended timestamp (4.6.1).
const EXTRA_ZIP64: u16 = 0x0001;
const EXTRA_TIMESTAMP: u16 = 0x5455;
/// Marks a 4-byte field whose value is in a Zip64 field (4.4.8).
const MOVED_32: u32 = u32::MAX;

/// Writes the headers of a zip, one entry after the other. Memory use does not depend on the files' sizes.
#[derive(Clone, Debug)]
pub struct ZipWriter {
    directory: Vec<u8>,
    entries: u64,
    offset: u64,
    utc_offset_ms: fn(f64) -> f64,
}

impl Default for ZipWriter {
    /// A writer for files whose local time is UTC.
    fn default() -> Self {
        Self::new(|_| 0.0)
    }
}

impl ZipWriter {
    /// A writer for files whose local time is ahead of UTC by what `utc_offset_ms` returns for a time, both in milliseconds. The DOS
    /// fields have local time (4.4.6), which programs that ignore the extended timestamp show.
    pub fn new(utc_offset_ms: fn(f64) -> f64) -> Self {
        Self { directory: Vec::new(), entries: 0, offset: 0, utc_offset_ms }
    }

    /// The bytes before the contents of the next entry.
    ///
    /// # Errors
    /// [`ArchiveError::NameTooLong`] beyond 65,535 bytes, [`ArchiveError::TooLarge`] beyond 2^64 bytes.
    pub fn begin(&mut self, entry: &Entry) -> Result<Vec<u8>, ArchiveError> {
        let date_time = dos_date_time(entry.modified_ms + (self.utc_offset_ms)(entry.modified_ms));
        let header = local_header(entry, date_time)?;
        write_directory_entry(&mut self.directory, entry, self.offset, date_time)?;
        let body_at = self.offset.checked_add(header.len() as u64);
        self.offset = body_at.and_then(|at| at.checked_add(entry.byte_size)).ok_or(ArchiveError::TooLarge)?;
        self.entries += 1;
        Ok(header)
    }

    /// The bytes after the contents of the last entry: the central directory.
    ///
    /// # Errors
    /// [`ArchiveError::TooLarge`] beyond 2^64 bytes.
    pub fn end(mut self) -> Result<Vec<u8>, ArchiveError> {
        // The records after the directory have at most 98 bytes.
        self.offset.checked_add(self.directory.len() as u64 + 98).ok_or(ArchiveError::TooLarge)?;
        write_end(&mut self.directory, self.entries, self.offset);
        Ok(self.directory)
    }
}

/// The local header (4.3.7). Both sizes move to the Zip64 field together, as 4.5.3 requires.
fn local_header(entry: &Entry, date_time: (u16, u16)) -> Result<Vec<u8>, ArchiveError> {
    let wide = entry.byte_size >= u64::from(MOVED_32);
    let mut extra = Vec::new();
    if wide {
        extra_field(&mut extra, EXTRA_ZIP64, &[entry.byte_size, entry.byte_size]);
    }
    timestamp_field(&mut extra, entry.modified_ms);
    let mut header = Vec::with_capacity(30 + entry.name.len() + extra.len());
    put_u32(&mut header, 0x0403_4b50);
    put_common(&mut header, entry, date_time, wide, &extra)?;
    header.extend(entry.name.bytes());
    header.append(&mut extra);
    Ok(header)
}

/// The directory entry (4.3.12). Only fields that overflow move to the Zip64 field, in the order of 4.5.3.
fn write_directory_entry(
    directory: &mut Vec<u8>,
    entry: &Entry,
    offset: u64,
    date_time: (u16, u16),
) -> Result<(), ArchiveError> {
    let wide = entry.byte_size >= u64::from(MOVED_32);
    let far = offset >= u64::from(MOVED_32);
    let mut moved = Vec::new();
    if wide {
        moved.extend([entry.byte_size, entry.byte_size]);
    }
    if far {
        moved.push(offset);
    }
    let mut extra = Vec::new();
    if !moved.is_empty() {
        extra_field(&mut extra, EXTRA_ZIP64, &moved);
    }
    timestamp_field(&mut extra, entry.modified_ms);
    let zip64 = wide || far;
    put_u32(directory, 0x0201_4b50);
    put_u16(directory, MADE_BY_UNIX | if zip64 { VERSION_ZIP64 } else { VERSION_PLAIN });
    put_common(directory, entry, date_time, zip64, &extra)?;
    // No comment, the first disk, no internal attributes.
    for _ in 0..3 {
        put_u16(directory, 0);
    }
    put_u32(directory, MODE);
    put_u32(directory, narrow(offset));
    directory.extend(entry.name.bytes());
    directory.append(&mut extra);
    Ok(())
}

/// The fields that both headers share, from the version needed to the length of the extra fields.
fn put_common(
    out: &mut Vec<u8>,
    entry: &Entry,
    (date, time): (u16, u16),
    zip64: bool,
    extra: &[u8],
) -> Result<(), ArchiveError> {
    let too_long = |_| ArchiveError::NameTooLong(entry.name.len());
    put_u16(out, if zip64 { VERSION_ZIP64 } else { VERSION_PLAIN });
    put_u16(out, FLAGS);
    put_u16(out, STORED);
    put_u16(out, time);
    put_u16(out, date);
    put_u32(out, entry.crc32);
    // The compressed and the uncompressed size of a stored file are equal.
    put_u32(out, narrow(entry.byte_size));
    put_u32(out, narrow(entry.byte_size));
    put_u16(out, u16::try_from(entry.name.len()).map_err(too_long)?);
    put_u16(out, u16::try_from(extra.len()).map_err(too_long)?);
    Ok(())
}

/// The records after the directory (4.3.14 to 4.3.16), which starts at `offset`.
fn write_end(directory: &mut Vec<u8>, count: u64, offset: u64) {
    let size = directory.len() as u64;
    let count_16 = u16::try_from(count).unwrap_or(u16::MAX);
    if count_16 == u16::MAX || size.max(offset) >= u64::from(MOVED_32) {
        put_u32(directory, 0x0606_4b50);
        // The length of the remaining record.
        put_u64(directory, 44);
        put_u16(directory, MADE_BY_UNIX | VERSION_ZIP64);
        put_u16(directory, VERSION_ZIP64);
        put_u32(directory, 0);
        put_u32(directory, 0);
        for value in [count, count, size, offset] {
            put_u64(directory, value);
        }
        put_u32(directory, 0x0706_4b50);
        put_u32(directory, 0);
        put_u64(directory, offset + size);
        put_u32(directory, 1);
    }
    put_u32(directory, 0x0605_4b50);
    put_u16(directory, 0);
    put_u16(directory, 0);
    put_u16(directory, count_16);
    put_u16(directory, count_16);
    put_u32(directory, narrow(size));
    put_u32(directory, narrow(offset));
    put_u16(directory, 0);
}

/// A Zip64 extra field of up to three values.
fn extra_field(extra: &mut Vec<u8>, id: u16, values: &[u64]) {
    put_u16(extra, id);
    put_u16(extra, 8 * values.len() as u16);
    values.iter().for_each(|&value| put_u64(extra, value));
}

/// The modification time in seconds since 1970 (UTC), since the headers' DOS time is local time.
fn timestamp_field(extra: &mut Vec<u8>, modified_ms: f64) {
    if let Some(seconds) = unix_seconds(modified_ms) {
        put_u16(extra, EXTRA_TIMESTAMP);
        put_u16(extra, 5);
        extra.push(1);
        put_u32(extra, seconds);
    }
}

/// `value` as a 4-byte field, or the marker that a Zip64 field has it.
fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(MOVED_32)
}

fn put_u16(out: &mut Vec<u8>, value: u16) {
    out.extend(value.to_le_bytes());
}

fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend(value.to_le_bytes());
}

fn put_u64(out: &mut Vec<u8>, value: u64) {
    out.extend(value.to_le_bytes());
}

//! The members of a features file, which is untrusted: the `zip` crate reads the directory only after a check that it is small.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use zip::{CompressionMethod, ZipArchive};

use super::FeaturesError;

/// The most members of a features file, so that a directory of millions is never loaded.
const MEMBERS_MAX: u16 = 64;
/// The most bytes of the directory.
const DIRECTORY_BYTES_MAX: u32 = 1 << 20;
/// The size of the last record of a zip without a comment (APPNOTE.TXT 4.3.16), in bytes.
const END_BYTES: usize = 22;
/// The size of the record before it in a Zip64 file (4.3.15), in bytes.
const LOCATOR_BYTES: usize = 20;

/// A member's position, size and checksum.
#[derive(Clone, Debug)]
pub struct Member {
    /// The offset of the first byte.
    pub start: u64,
    /// The number of bytes in the file.
    pub stored_bytes: u64,
    /// The declared number of bytes after inflating.
    pub byte_size: u64,
    /// The declared CRC-32.
    pub crc32: u32,
    /// Whether the member is deflated rather than stored.
    pub is_deflated: bool,
}

/// The members by name, and the underlying reader.
pub type Directory<R> = (HashMap<String, Member>, R);

/// Reads the directory. Members that are encrypted or compressed in a way that NumPy does not use are left out.
pub fn read<R: Read + Seek>(mut reader: R) -> Result<Directory<R>, FeaturesError> {
    check_end(&mut reader)?;
    let mut archive = ZipArchive::new(reader).map_err(|error| damaged(&error))?;
    let mut members = HashMap::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        let is_deflated = match entry.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            _ => continue,
        };
        let (Ok(name), Some(start), false) = (entry.name(), entry.data_start(), entry.encrypted()) else { continue };
        let member = Member {
            start,
            stored_bytes: entry.compressed_size(),
            byte_size: entry.size(),
            crc32: entry.crc32(),
            is_deflated,
        };
        if !is_deflated && member.stored_bytes != member.byte_size {
            return Err(FeaturesError::Format(format!("the sizes of {name} contradict each other")));
        }
        members.insert(name.into_owned(), member);
    }
    Ok((members, archive.into_inner()))
}

/// Checks both ends of the file, before anything is searched or loaded.
fn check_end(reader: &mut (impl Read + Seek)) -> Result<(), FeaturesError> {
    let not_a_zip = || FeaturesError::Format("it is not an .npz file, or it is truncated".into());
    let byte_size = reader.seek(SeekFrom::End(0))?;
    if byte_size < END_BYTES as u64 {
        return Err(not_a_zip());
    }
    if byte_size >= u64::from(u32::MAX) {
        return Err(FeaturesError::TooLarge("files of 4 GiB and more are not read".into()));
    }
    let tail_bytes = byte_size.min((END_BYTES + LOCATOR_BYTES) as u64);
    reader.seek(SeekFrom::End(-(tail_bytes as i64)))?;
    let mut tail = vec![0; tail_bytes as usize];
    reader.read_exact(&mut tail)?;
    let (before, end) = tail.split_at(tail.len() - END_BYTES);
    if !end.starts_with(b"PK\x05\x06") || end[20..] != [0, 0] {
        return Err(not_a_zip());
    }
    let members = u16::from_le_bytes([end[10], end[11]]);
    let directory_bytes = u32::from_le_bytes([end[12], end[13], end[14], end[15]]);
    if before.starts_with(b"PK\x06\x07") || members > MEMBERS_MAX || directory_bytes > DIRECTORY_BYTES_MAX {
        return Err(FeaturesError::TooLarge("it has too many members for a features file".into()));
    }
    reader.seek(SeekFrom::Start(0))?;
    let mut start = [0; 4];
    reader.read_exact(&mut start)?;
    if &start == b"PK\x03\x04" { Ok(()) } else { Err(not_a_zip()) }
}

fn damaged(error: &zip::result::ZipError) -> FeaturesError {
    FeaturesError::Format(error.to_string())
}

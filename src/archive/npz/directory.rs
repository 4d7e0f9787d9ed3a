//! Which members a features file has and where, without trusting it: the `zip` crate reads the directory once its size is
//! known to be small.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use zip::{CompressionMethod, ZipArchive};

use crate::archive::npz::FeaturesError;

/// More members than this make no features file, so that a directory of millions is never held.
const MOST_MEMBERS: u16 = 64;
/// The most bytes that the directory of so many may have.
const MOST_DIRECTORY_BYTES: u32 = 1 << 20;
/// The record that ends a zip without a comment (APPNOTE.TXT 4.3.16), in bytes.
const END_BYTES: usize = 22;
/// The record before it where the zip is a Zip64 one (4.3.15), in bytes.
const LOCATOR_BYTES: usize = 20;

/// Where a member's bytes lie.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its first byte.
    pub start: u64,
    /// How many bytes it takes in the file.
    pub stored_bytes: u64,
    /// How many bytes it claims to have.
    pub byte_size: u64,
    /// The CRC-32 that it claims to have.
    pub crc32: u32,
    /// Whether it is deflated, or else stored as it is.
    pub is_deflated: bool,
}

/// The members by name, and the reader back.
pub type Directory<R> = (HashMap<String, Member>, R);

/// Reads the directory. Members that are encrypted or compressed otherwise than numpy does are left out.
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
            return Err(FeaturesError::Format(format!("two sizes are given for {name}")));
        }
        members.insert(name.into_owned(), member);
    }
    Ok((members, archive.into_inner()))
}

/// Looks at the file's two ends, before anything is searched for or held.
fn check_end(reader: &mut (impl Read + Seek)) -> Result<(), FeaturesError> {
    let no_zip = || FeaturesError::Format("it is no .npz file, or it is cut off".into());
    let byte_size = reader.seek(SeekFrom::End(0))?;
    if byte_size < END_BYTES as u64 {
        return Err(no_zip());
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
        return Err(no_zip());
    }
    let members = u16::from_le_bytes([end[10], end[11]]);
    let directory_bytes = u32::from_le_bytes([end[12], end[13], end[14], end[15]]);
    if before.starts_with(b"PK\x06\x07") || members > MOST_MEMBERS || directory_bytes > MOST_DIRECTORY_BYTES {
        return Err(FeaturesError::TooLarge("it has more members than a features file has".into()));
    }
    reader.seek(SeekFrom::Start(0))?;
    let mut start = [0; 4];
    reader.read_exact(&mut start)?;
    if &start == b"PK\x03\x04" { Ok(()) } else { Err(no_zip()) }
}

fn damaged(error: &zip::result::ZipError) -> FeaturesError {
    FeaturesError::Format(error.to_string())
}

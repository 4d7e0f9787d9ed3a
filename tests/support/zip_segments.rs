//! Zips for tests: as segments, so that bodies need not be in memory, or as bytes.

use shoal::archive::{ArchiveError, Entry, ZipWriter};

/// A part of a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The body of the entry with this index.
    Body(usize),
}

/// The segments of a zip with these entries.
pub fn zip_segments(entries: &[Entry]) -> Result<Vec<Segment>, ArchiveError> {
    let mut segments = Vec::with_capacity(2 * entries.len() + 1);
    let mut writer = ZipWriter::default();
    for (index, entry) in entries.iter().enumerate() {
        segments.push(Segment::Bytes(writer.begin(entry)?));
        segments.push(Segment::Body(index));
    }
    segments.push(Segment::Bytes(writer.end()?));
    Ok(segments)
}

/// The zip of these members, each with its name and body.
pub fn zip_bytes(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<Entry> = members
        .iter()
        .map(|(name, body)| Entry {
            name: (*name).into(),
            byte_size: body.len() as u64,
            crc32: crc32fast::hash(body),
            modified_ms: 0.0,
        })
        .collect();
    let parts = zip_segments(&entries).unwrap().into_iter().map(|segment| match segment {
        Segment::Bytes(bytes) => bytes,
        Segment::Body(index) => members[index].1.clone(),
    });
    parts.flatten().collect()
}

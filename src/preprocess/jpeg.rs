//! The segments of a JPEG before its first scan, among them the EXIF data.
//!
//! Sources: ITU-T T.81, annex B; CIPA DC-008 (EXIF), 4.5 and 4.6.

/// How many segments are read.
const SEGMENTS_MAX: usize = 64;
/// The number of the tag `Orientation`.
const ORIENTATION: usize = 274;
/// How many entries of a directory are read.
const ENTRIES_MAX: usize = 1000;

/// The segments of a JPEG: marker and contents, up to the first scan.
pub(super) fn segments(jpeg: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = jpeg.strip_prefix(&[0xff, 0xd8]).unwrap_or_default();
    std::iter::from_fn(move || {
        while rest.starts_with(&[0xff, 0xff]) {
            rest = &rest[1..];
        }
        let &[0xff, marker @ 0xc0..=0xfe, high, low, ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let contents = rest.get(4..2 + length)?;
        rest = &rest[2 + length..];
        Some((marker, contents))
    })
    .take(SEGMENTS_MAX)
    .take_while(|(marker, _)| *marker != 0xda)
}

/// The orientation, 1 to 8, that the EXIF data of a JPEG say.
pub(super) fn orientation(jpeg: &[u8]) -> Option<u8> {
    segments(jpeg)
        .filter(|(marker, _)| *marker == 0xe1)
        .find_map(|(_, contents)| directory_orientation(contents.strip_prefix(b"Exif\0\0")?))
}

/// The orientation in the first directory of a TIFF structure, whose magic number may be that of a camera's maker.
pub(super) fn directory_orientation(file: &[u8]) -> Option<u8> {
    let little = match file.first_chunk()? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| -> Option<usize> {
        let digits = file.get(at..at.checked_add(length)?)?.iter();
        let fold = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if little { digits.rev().fold(0, fold) } else { digits.fold(0, fold) })
    };
    let directory = number(4, 4)?;
    let first = directory.checked_add(2)?;
    let entries = (0..number(directory, 2)?.min(ENTRIES_MAX)).filter_map(|index| first.checked_add(12 * index));
    let value = { entries }
        .find(|&entry| number(entry, 2) == Some(ORIENTATION))
        .and_then(|entry| number(entry.checked_add(8)?, 2))?;
    u8::try_from(value).ok().filter(|orientation| (1..=8).contains(orientation))
}

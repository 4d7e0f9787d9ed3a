//! EXIF data: in JPEG, HEIF, PNG, WebP and TIFF, and in raw files, most of which are TIFF with other magic numbers.

use std::io::Cursor;

use exif::{Context, Error, Exif, In, Reader, Tag, Value};

use super::{Capture, CaptureSource, camera, date};

/// The first bytes of TIFF in raw files of Olympus and Panasonic, and the byte order of each.
const TIFF_VARIANTS: [(&[u8; 4], &[u8; 4]); 4] =
    [(b"IIRO", b"II*\0"), (b"IIRS", b"II*\0"), (b"MMOR", b"MM\0*"), (b"IIU\0", b"II*\0")];
/// How many bytes are searched for EXIF data in an unknown container.
const SEARCHED_BYTES: usize = 1 << 20;

/// What the EXIF data of a file say.
pub(super) fn read(bytes: &[u8]) -> Capture {
    let mut found = Capture::default();
    for exif in all_exif(bytes) {
        found = super::merged(found, capture(&exif));
    }
    found
}

/// The EXIF data of a file: those of its container, or whatever lies at its beginning.
fn all_exif(bytes: &[u8]) -> Vec<Exif> {
    for (variant, tiff) in TIFF_VARIANTS {
        if bytes.starts_with(variant) {
            return from_tiff([tiff, &bytes[4..]].concat()).into_iter().collect();
        }
    }
    if let Some(exif) = whole_or_partial(reader().read_from_container(&mut Cursor::new(bytes))) {
        return vec![exif];
    }
    let searched = &bytes[..bytes.len().min(SEARCHED_BYTES)];
    // Canon's CR3 has one TIFF for the exposure, whose time is the more certain one, and one for the image; others contain a JPEG.
    let starts: [&[u8]; 3] = [b"CMT2", b"CMT1", b"Exif\0\0"];
    let found = starts.into_iter().filter_map(|start| {
        let is_tiff = |at: usize| searched[at..].starts_with(b"II*\0") || searched[at..].starts_with(b"MM\0*");
        let places = searched.windows(start.len()).enumerate();
        let mut places = places.filter(|(_, window)| *window == start).map(|(at, _)| at + start.len());
        from_tiff(searched[places.find(|&at| is_tiff(at))?..].to_vec())
    });
    found.collect()
}

fn from_tiff(tiff: Vec<u8>) -> Option<Exif> {
    whole_or_partial(reader().read_raw(tiff))
}

fn reader() -> Reader {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader
}

/// The EXIF data, also if some of them are damaged or lie beyond the bytes that were read.
fn whole_or_partial(read: Result<Exif, Error>) -> Option<Exif> {
    match read {
        Ok(exif) => Some(exif),
        Err(error) => error.distill_partial_result(|_| ()).ok(),
    }
}

fn capture(exif: &Exif) -> Capture {
    // In a file that has only the part about the exposure, its tags lie where others have those of the image.
    let value = |tag: Tag| {
        let elsewhere = Tag(Context::Tiff, tag.number());
        let field = exif.get_field(tag, In::PRIMARY).or_else(|| exif.get_field(elsewhere, In::PRIMARY));
        field.map(|field| &field.value)
    };
    let text = |tag: Tag| match value(tag)? {
        Value::Ascii(parts) => Some(String::from_utf8_lossy(parts.first()?).trim().to_owned()),
        _ => None,
    };
    let times = [
        (Tag::DateTimeOriginal, Tag::SubSecTimeOriginal, Tag::OffsetTimeOriginal),
        (Tag::DateTimeDigitized, Tag::SubSecTimeDigitized, Tag::OffsetTimeDigitized),
        (Tag::DateTime, Tag::SubSecTime, Tag::OffsetTime),
    ];
    let taken = times.into_iter().find_map(|(time, fraction, offset)| {
        let mut taken = text(time)?;
        taken.extend(text(fraction).map(|digits| format!(".{digits}")));
        taken.extend(text(offset).filter(|offset| date::is_offset(offset)));
        date::normalised(&taken)
    });
    let orientation =
        value(Tag::Orientation).and_then(|value| value.get_uint(0)).and_then(|value| value.try_into().ok());
    Capture {
        source: taken.as_ref().map(|_| CaptureSource::Exif),
        taken,
        camera: camera(text(Tag::Make), text(Tag::Model)),
        orientation: orientation.filter(|orientation| (1..=8).contains(orientation)),
    }
}

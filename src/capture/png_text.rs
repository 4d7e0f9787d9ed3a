//! The text chunk `Creation Time` of PNG, "time of original image creation" (PNG specification, 11.3.3).

use super::{Capture, CaptureSource, date};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"Creation Time\0";
/// How many chunks are read.
const CHUNKS_MAX: usize = 10_000;

/// What the text chunks of a PNG say.
pub(super) fn read(bytes: &[u8]) -> Capture {
    let taken = chunks(bytes).filter(|(kind, _)| *kind == b"tEXt" || *kind == b"iTXt").find_map(|(kind, contents)| {
        let text = contents.strip_prefix(KEYWORD)?;
        // International text: uncompressed, with a language and a translated keyword.
        let text =
            if kind == b"iTXt" { text.strip_prefix(b"\0\0")?.splitn(3, |byte| *byte == 0).nth(2)? } else { text };
        date::normalised(str::from_utf8(text).ok()?)
    });
    Capture { source: taken.as_ref().map(|_| CaptureSource::Container), taken, ..Capture::default() }
}

/// The chunks of a PNG: kind and contents.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.strip_prefix(SIGNATURE).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let kind = rest.get(4..8)?;
        let contents = rest.get(8..length.checked_add(8)?)?;
        rest = rest.get(length + 12..).unwrap_or_default();
        Some((kind, contents))
    })
    .take(CHUNKS_MAX)
}

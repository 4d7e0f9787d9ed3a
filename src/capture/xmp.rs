//! XMP packets. They are found by their text in any container, as Adobe's specification intends (XMP part 3, "Packet scanning"),
//! and read without an XML parser: only a few properties are wanted, each an attribute or an element of text.

use super::{Capture, CaptureSource, camera, date};

/// How a packet begins and ends.
const PACKET: (&[u8], &[u8]) = (b"<x:xmpmeta", b"</x:xmpmeta>");
/// The most bytes of a packet that are read.
const PACKET_BYTES_MAX: usize = 1 << 20;
/// The properties with the time when an image was taken, the most certain first.
const TIMES: [&str; 4] = ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate", "exif:DateTimeDigitized"];

/// What the XMP packet of a file says.
pub(super) fn read(bytes: &[u8]) -> Capture {
    let Some(packet) = packet(bytes) else { return Capture::default() };
    let packet = String::from_utf8_lossy(packet);
    let taken = TIMES.into_iter().find_map(|name| date::normalised(property(&packet, name)?));
    let text = |name: &str| property(&packet, name).map(str::to_owned);
    Capture {
        source: taken.as_ref().map(|_| CaptureSource::Xmp),
        taken,
        camera: camera(text("tiff:Make"), text("tiff:Model")),
        orientation: property(&packet, "tiff:Orientation")
            .and_then(|value| value.parse().ok())
            .filter(|orientation| (1..=8).contains(orientation)),
    }
}

fn packet(bytes: &[u8]) -> Option<&[u8]> {
    let (begin, end) = PACKET;
    let start = bytes.windows(begin.len()).position(|window| window == begin)?;
    let rest = &bytes[start..bytes.len().min(start + PACKET_BYTES_MAX)];
    let length = rest.windows(end.len()).position(|window| window == end).unwrap_or(rest.len());
    Some(&rest[..length])
}

/// The value of a property: `name="value"` or `<name>value</name>`.
fn property<'a>(packet: &'a str, name: &str) -> Option<&'a str> {
    packet.match_indices(name).find_map(|(at, _)| {
        let rest = &packet[at + name.len()..];
        let end = match rest.chars().next()? {
            '>' if packet[..at].ends_with('<') => rest[1..].find('<')?,
            '=' => {
                let quote = rest[1..].chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
                return rest[2..].split(quote).next().map(str::trim);
            }
            _ => return None,
        };
        Some(rest[1..1 + end].trim())
    })
}

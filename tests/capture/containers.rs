//! Files with metadata, as small as they can be.

use shoal::capture::Capture;

/// A TIFF with texts in its first directory and in its EXIF directory, if that has any.
pub fn tiff(big_endian: bool, image: &[(u16, &str)], exposure: &[(u16, &str)], orientation: Option<u16>) -> Vec<u8> {
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut file = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    file.extend(long(8));
    let image_entries = image.len() + usize::from(orientation.is_some()) + usize::from(!exposure.is_empty());
    let exposure_start = 8 + 2 + 12 * image_entries + 4;
    let mut texts_start = exposure_start + if exposure.is_empty() { 0 } else { 2 + 12 * exposure.len() + 4 };
    let mut texts: Vec<u8> = Vec::new();
    let mut entry = |&(tag, text): &(u16, &str)| -> (u16, Vec<u8>) {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        let mut value = bytes.clone();
        if bytes.len() > 4 {
            value = long(texts_start as u32).to_vec();
            texts_start += bytes.len();
            texts.extend(&bytes);
        }
        value.resize(4, 0);
        (tag, [short(tag).as_slice(), &short(2), &long(bytes.len() as u32), &value].concat())
    };
    let mut directory: Vec<(u16, Vec<u8>)> = image.iter().map(&mut entry).collect();
    directory.extend(
        orientation
            .map(|value| (0x112, [short(0x112).as_slice(), &short(3), &long(1), &short(value), &[0, 0]].concat())),
    );
    if !exposure.is_empty() {
        let pointer = [short(0x8769).as_slice(), &short(4), &long(1), &long(exposure_start as u32)].concat();
        directory.push((0x8769, pointer));
    }
    let exposure: Vec<(u16, Vec<u8>)> = exposure.iter().map(&mut entry).collect();
    for mut entries in [directory, exposure] {
        if entries.is_empty() {
            continue;
        }
        entries.sort();
        file.extend(short(entries.len() as u16));
        file.extend(entries.into_iter().flat_map(|(_, bytes)| bytes));
        file.extend(long(0));
    }
    file.extend(texts);
    file
}

/// A JPEG of these segments.
pub fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    for (marker, contents) in segments {
        file.extend([0xff, *marker]);
        file.extend((contents.len() as u16 + 2).to_be_bytes());
        file.extend(*contents);
    }
    file.extend([0xff, 0xda, 0, 2, 0xff, 0xd9]);
    file
}

/// A PNG of one pixel with these chunks.
pub fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header: (&[u8; 4], &[u8]) = (b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0");
    for (kind, contents) in [header].iter().chain(chunks).chain(&[(b"IEND", b"".as_slice())]) {
        file.extend((contents.len() as u32).to_be_bytes());
        file.extend(*kind);
        file.extend(*contents);
        file.extend(crc32fast::hash(&[kind.as_slice(), contents].concat()).to_be_bytes());
    }
    file
}

/// A WebP with these chunks.
pub fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBPVP8X\x0a\0\0\0\x0c\0\0\0\0\0\0\0\0\0".to_vec();
    for (kind, contents) in chunks {
        body.extend(*kind);
        body.extend((contents.len() as u32).to_le_bytes());
        body.extend(*contents);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// An XMP packet with this description.
pub fn xmp(description: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF>{description}\
         </rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    )
}

/// The orientation of what was read.
pub fn orientation_of(capture: &Option<Capture>) -> Option<u8> {
    capture.as_ref()?.orientation
}

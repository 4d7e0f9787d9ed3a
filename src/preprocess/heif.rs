//! Detection of HEIC images, which most browsers cannot decode, by their first bytes.
//!
//! Source: ISO/IEC 14496-12, 4.3 (the file type box) and ISO/IEC 23008-12, annex B (the brands).

/// Brands of images and sequences coded with HEVC.
const HEVC: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"];
/// Brands of the file family, whatever the codec.
const ANY: [&[u8; 4]; 2] = [b"mif1", b"msf1"];
/// Brands of images and sequences coded with AV1.
const AV1: [&[u8; 4]; 2] = [b"avif", b"avis"];

/// Whether a file that begins with `bytes` is a HEIC or HEIF image. An AVIF image is not.
pub fn is_heif(bytes: &[u8]) -> bool {
    let Some((&[b0, b1, b2, b3, b'f', b't', b'y', b'p'], rest)) = bytes.split_first_chunk::<8>() else { return false };
    let box_bytes = (u32::from_be_bytes([b0, b1, b2, b3]) as usize).saturating_sub(8);
    let fields = &rest[..box_bytes.min(rest.len())];
    // The major brand, its version, then the compatible brands.
    let brands = || fields.chunks_exact(4).enumerate().filter(|(place, _)| *place != 1).map(|(_, brand)| brand);
    let any_of = |wanted: &[&[u8; 4]]| brands().any(|brand| wanted.iter().any(|one| one.as_slice() == brand));
    any_of(&HEVC) || any_of(&ANY) && !any_of(&AV1)
}

#[cfg(test)]
mod tests {
    use super::is_heif;

    fn file(brands: &[&str]) -> Vec<u8> {
        let mut bytes = (8 + 4 * brands.len() as u32 + 4).to_be_bytes().to_vec();
        bytes.extend(b"ftyp");
        bytes.extend(brands[0].as_bytes());
        bytes.extend([0; 4]);
        brands[1..].iter().for_each(|brand| bytes.extend(brand.as_bytes()));
        // The next box, whose bytes are not brands.
        bytes.extend(b"\0\0\0\x10metaheic");
        bytes
    }

    #[test]
    fn brands_identify_heic_images() {
        for brands in [&["heic", "mif1", "heic"][..], &["mif1", "heic"], &["mif1"], &["msf1", "hevc"], &["heix"]] {
            assert!(is_heif(&file(brands)), "{brands:?}");
        }
        for brands in [&["avif", "mif1", "miaf"][..], &["mif1", "avif"], &["isom", "mp42"], &["qt  "]] {
            assert!(!is_heif(&file(brands)), "{brands:?}");
        }
        for bytes in [&b""[..], b"\0\0\0\x18ftyp", b"\0\0\0\0ftyphe", b"\xff\xd8\xff\xe0", b"heic"] {
            assert!(!is_heif(bytes), "{bytes:?}");
        }
        assert!(is_heif(&file(&["heic"])[..14]), "cut off after its first brand");
    }
}

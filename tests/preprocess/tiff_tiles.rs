//! Tiled TIFF files: those on which the decoder would panic are refused, all others are decoded.

use shoal::error::Coded;
use shoal::preprocess::{decode, probe};

const WIDTH_PX: u32 = 24;
const TILE_PX: u32 = 16;
/// Red, green and blue of every pixel, 0 to 255.
const COLOUR: [u8; 3] = [230, 120, 20];

/// A little-endian TIFF of one colour, `WIDTH_PX` wide, in square tiles of `TILE_PX`; `planar` has a plane per sample.
pub fn tiled_tiff(height_px: u32, bits: u16, planar: bool) -> Vec<u8> {
    let tiles_per_plane = WIDTH_PX.div_ceil(TILE_PX) * height_px.div_ceil(TILE_PX);
    let samples_of = |planes: &[u8]| -> Vec<u8> {
        let pixel: Vec<u8> = planes.iter().flat_map(|&value| vec![value; usize::from(bits / 8)]).collect();
        pixel.repeat((TILE_PX * TILE_PX) as usize)
    };
    let tiles: Vec<Vec<u8>> = if planar {
        COLOUR.iter().flat_map(|&value| vec![samples_of(&[value]); tiles_per_plane as usize]).collect()
    } else {
        vec![samples_of(&COLOUR); tiles_per_plane as usize]
    };
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    let place = |bytes: &mut Vec<u8>, content: &[u8]| -> u32 {
        let offset = bytes.len() as u32;
        bytes.extend(content);
        offset
    };
    let offsets: Vec<u32> = tiles.iter().map(|tile| place(&mut bytes, tile)).collect();
    let longs = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let offsets_at = place(&mut bytes, &longs(&offsets));
    let counts_at = place(&mut bytes, &longs(&vec![tiles[0].len() as u32; tiles.len()]));
    let bits_at = place(&mut bytes, &[bits; 3].iter().flat_map(|bits| bits.to_le_bytes()).collect::<Vec<u8>>());
    // Tag, type (3: 16 bits, 4: 32 bits), count, and the value or its offset.
    let tile_count = tiles.len() as u32;
    let entries: [(u16, u16, u32, u32); 11] = [
        (256, 4, 1, WIDTH_PX),
        (257, 4, 1, height_px),
        (258, 3, 3, bits_at),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (277, 3, 1, 3),
        (284, 3, 1, if planar { 2 } else { 1 }),
        (322, 4, 1, TILE_PX),
        (323, 4, 1, TILE_PX),
        (324, 4, tile_count, offsets_at),
        (325, 4, tile_count, counts_at),
    ];
    let directory_at = bytes.len() as u32;
    bytes[4..8].copy_from_slice(&directory_at.to_le_bytes());
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn planes_in_tiles_that_do_not_divide_the_height_are_refused() {
    for bits in [8, 16] {
        for height_px in [1, 15, 20, 33] {
            let bytes = tiled_tiff(height_px, bits, true);
            assert_eq!(probe(&bytes), Ok(Some((WIDTH_PX, height_px))), "the browser may be able to decode it");
            let error = decode(&bytes).unwrap_err();
            let reason = format!("in tiles of {TILE_PX} px that do not divide its height of {height_px} px");
            assert!(error.to_string().contains(&reason), "{error}");
            assert_eq!(error.code(), "picture-unsupported");
        }
    }
}

#[test]
fn all_other_tiles_are_decoded() {
    for bits in [8, 16] {
        for (height_px, planar) in [(16, true), (32, true), (16, false), (20, false)] {
            let decoded = decode(&tiled_tiff(height_px, bits, planar)).unwrap();
            assert_eq!((decoded.width, decoded.height), (WIDTH_PX, height_px));
            let is_colour = |pixel: &[u8]| pixel[..3] == COLOUR && pixel[3] == u8::MAX;
            assert!(decoded.pixels_rgba_u8.chunks_exact(4).all(is_colour), "{height_px} px, {bits} bits, {planar}");
        }
    }
}

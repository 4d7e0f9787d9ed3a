//! TIFF files of many kinds, written by the layout of the specification.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use shoal::error::Coded;
use shoal::preprocess::{ImageError, Rgba, decode, tiff_pages};

/// 24 x 16 pixels: red on the left, blue on the right.
const WIDTH: u32 = 24;
const HEIGHT: u32 = 16;
const RED: [u8; 3] = [230, 20, 20];
const BLUE: [u8; 3] = [20, 20, 230];

/// A page: its tags with 16-bit or 32-bit values, and its strips.
#[derive(Clone, Default)]
struct Page {
    tags: Vec<(u16, Vec<u32>)>,
    strips: Vec<Vec<u8>>,
}

impl Page {
    fn new(bits: &[u32], photometric: u32, strips: Vec<Vec<u8>>) -> Self {
        let tags = [(256, vec![WIDTH]), (257, vec![HEIGHT]), (258, bits.to_vec()), (262, vec![photometric])];
        let page = Self { tags: tags.to_vec(), strips };
        page.with(277, &[bits.len() as u32])
    }

    fn with(mut self, tag: u16, values: &[u32]) -> Self {
        self.tags.push((tag, values.to_vec()));
        self
    }
}

/// A little-endian file with these pages.
fn tiff(pages: &[Page]) -> Vec<u8> {
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in pages {
        let mut tags = page.tags.clone();
        let mut offsets = Vec::new();
        for strip in &page.strips {
            offsets.push(bytes.len() as u32);
            bytes.extend(strip);
        }
        tags.push((273, offsets));
        tags.push((279, page.strips.iter().map(|strip| strip.len() as u32).collect()));
        tags.sort();
        let mut entries = Vec::new();
        for (tag, values) in &tags {
            // ExtraSamples has to be of 16 bits.
            let is_short = *tag == 338;
            let mut data: Vec<u8> = match is_short {
                true => values.iter().flat_map(|value| (*value as u16).to_le_bytes()).collect(),
                false => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            };
            entries.extend(tag.to_le_bytes());
            entries.extend(if is_short { 3_u16 } else { 4 }.to_le_bytes());
            entries.extend((values.len() as u32).to_le_bytes());
            if data.len() <= 4 {
                data.resize(4, 0);
                entries.extend(data);
            } else {
                entries.extend((bytes.len() as u32).to_le_bytes());
                bytes.extend(data);
            }
        }
        let directory = bytes.len() as u32;
        bytes[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        bytes.extend((tags.len() as u16).to_le_bytes());
        bytes.extend(entries);
        link = bytes.len();
        bytes.extend([0; 4]);
    }
    bytes
}

/// The samples of every pixel: `left` in the left half, `right` in the right.
fn halves<T: Copy>(left: &[T], right: &[T]) -> Vec<T> {
    let row: Vec<T> = (0..WIDTH).flat_map(|x| if x < WIDTH / 2 { left } else { right }.iter().copied()).collect();
    row.repeat(HEIGHT as usize)
}

fn words(values: Vec<u16>) -> Vec<u8> {
    values.into_iter().flat_map(u16::to_le_bytes).collect()
}

fn floats(values: Vec<f32>) -> Vec<u8> {
    values.into_iter().flat_map(f32::to_le_bytes).collect()
}

/// Bits of a fax, appended as digits.
fn packed(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
    digits.chunks(8).map(|byte| (0..8).fold(0, |sum, bit| sum << 1 | byte.get(bit).unwrap_or(&0))).collect()
}

/// A name, a file, and the colours that its halves should have.
type Kind = (&'static str, Vec<u8>, [[u8; 3]; 2]);

fn kinds() -> Vec<Kind> {
    let one = |page: Page| tiff(&[page]);
    let colours = [RED, BLUE];
    let mut palette = vec![0_u32; 768];
    for (index, colour) in [(3, RED), (250, BLUE)] {
        for plane in 0..3 {
            palette[plane * 256 + index] = u32::from(colour[plane]) * 257;
        }
    }
    let plane = |channel: usize| halves(&[RED[channel]], &[BLUE[channel]]);
    let inks = |[r, g, b]: [u8; 3]| [255 - r, 255 - g, 255 - b, 0];
    let jpeg = {
        let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, _| Rgb(if x < WIDTH / 2 { RED } else { BLUE }));
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 98).encode_image(&picture).unwrap();
        bytes
    };
    // An end of line, 12 white and 12 black pixels in every line.
    let eol = "000000000001";
    let line = format!("{eol}001000{}", "0000111");
    let fax = packed(&(line.repeat(HEIGHT as usize) + &eol.repeat(6)));
    let reversed: Vec<u8> = fax.iter().map(|byte| byte.reverse_bits()).collect();
    let four_bits: Vec<u8> = (0..WIDTH / 2).map(|byte| if byte < WIDTH / 4 { 0x33 } else { 0xcc }).collect();
    let (black, white) = ([0; 3], [255; 3]);
    vec![
        ("palette", one(Page::new(&[8], 3, vec![halves(&[3], &[250])]).with(320, &palette)), colours),
        ("grey of 4 bits", one(Page::new(&[4], 1, vec![four_bits.repeat(HEIGHT as usize)])), [[51; 3], [204; 3]]),
        (
            "inverted grey of 4 bits",
            one(Page::new(&[4], 0, vec![four_bits.repeat(HEIGHT as usize)])),
            [[204; 3], [51; 3]],
        ),
        ("planes", one(Page::new(&[8; 3], 2, vec![plane(0), plane(1), plane(2)]).with(284, &[2])), colours),
        ("CMYK", one(Page::new(&[8; 4], 5, vec![halves(&inks(RED), &inks(BLUE))])), colours),
        (
            "CMYK in planes",
            {
                let plane = |channel: usize| halves(&[inks(RED)[channel]], &[inks(BLUE)[channel]]);
                one(Page::new(&[8; 4], 5, vec![plane(0), plane(1), plane(2), plane(3)]).with(284, &[2]))
            },
            colours,
        ),
        (
            "L*a*b*",
            one(Page::new(&[8; 3], 8, vec![halves(&[138_u8, 81, 70], &[75, 68, 144])])),
            [[255, 0, 0], [0, 0, 255]],
        ),
        (
            "float L*a*b*",
            one(Page::new(&[32; 3], 8, vec![floats(halves(&[54.29, 80.81, 69.89], &[29.57, 68.3, -112.03]))])
                .with(339, &[3])),
            [[255, 0, 0], [0, 0, 255]],
        ),
        (
            "float grey",
            one(Page::new(&[32], 1, vec![floats(halves(&[0.2], &[0.8]))]).with(339, &[3])),
            [[51; 3], [204; 3]],
        ),
        (
            "float beyond 1",
            one(Page::new(&[32], 1, vec![floats(halves(&[100.0], &[400.0]))]).with(339, &[3])),
            [[64; 3], white],
        ),
        (
            "grey with alpha",
            one(Page::new(&[8; 2], 1, vec![halves(&[60, 255], &[200, 255])]).with(338, &[2])),
            [[60; 3], [200; 3]],
        ),
        (
            "five samples",
            one(Page::new(&[8; 5], 2, vec![halves(&[230, 20, 20, 1, 2], &[20, 20, 230, 3, 4])]).with(338, &[0, 0])),
            colours,
        ),
        (
            "old JPEG",
            one(Page::new(&[8; 3], 6, vec![jpeg.clone()])
                .with(259, &[6])
                .with(513, &[8])
                .with(514, &[jpeg.len() as u32])),
            colours,
        ),
        ("fax Group 3", one(Page::new(&[1], 0, vec![fax]).with(259, &[3])), [white, black]),
        (
            "fax Group 3, reversed",
            one(Page::new(&[1], 0, vec![reversed]).with(259, &[3]).with(266, &[2])),
            [white, black],
        ),
        (
            "dark 16 bits",
            one(Page::new(&[16; 3], 2, vec![words(halves(&[2300_u16, 200, 200], &[200, 200, 2300]))])),
            [[255, 22, 22], [22, 22, 255]],
        ),
        ("dark 16 bits in grey", one(Page::new(&[16], 1, vec![words(halves(&[500_u16], &[2000]))])), [[64; 3], white]),
    ]
}

/// The files of all kinds, to be damaged.
pub fn files() -> Vec<(String, Vec<u8>)> {
    kinds().into_iter().map(|(name, bytes, _)| (format!("TIFF, {name}"), bytes)).collect()
}

fn pages(bytes: &[u8]) -> u32 {
    tiff_pages(Cursor::new(bytes))
}

fn pixel(image: &Rgba, x: u32) -> [u8; 3] {
    let at = ((HEIGHT / 2 * image.width + x) * 4) as usize;
    assert_eq!(image.pixels_rgba_u8[at + 3], 255);
    [0, 1, 2].map(|channel| image.pixels_rgba_u8[at + channel])
}

#[test]
fn every_kind_is_decoded() {
    for (name, bytes, expected) in kinds() {
        let decoded = decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((decoded.width, decoded.height), (WIDTH, HEIGHT), "{name}");
        for (found, wanted) in [pixel(&decoded, 4), pixel(&decoded, 20)].into_iter().zip(expected) {
            let is_near = found.iter().zip(wanted).all(|(&one, other)| one.abs_diff(other) <= 8);
            assert!(is_near, "{name}: {found:?} instead of {wanted:?}");
        }
    }
}

#[test]
fn bright_words_are_not_stretched() {
    // The highest value is a sixteenth of the range.
    let bytes = tiff(&[Page::new(&[16], 1, vec![words(halves(&[1000_u16], &[4096]))])]);
    let decoded = decode(&bytes).unwrap();
    assert_eq!([pixel(&decoded, 4), pixel(&decoded, 20)], [[4; 3], [16; 3]]);
    // Black stays black, and a few bright pixels, such as dust, do not count.
    let black = tiff(&[Page::new(&[16], 1, vec![words(halves(&[0_u16], &[0]))])]);
    assert_eq!(pixel(&decode(&black).unwrap(), 4), [0; 3]);
}

#[test]
fn the_orientation_is_applied_to_every_kind() {
    for (name, bytes, expected) in [kinds().swap_remove(0), kinds().swap_remove(4)] {
        let decoded = decode(&with_orientation(&bytes, 2)).unwrap();
        let found = [pixel(&decoded, 20), pixel(&decoded, 4)];
        let is_near =
            found.iter().flatten().zip(expected.iter().flatten()).all(|(one, other)| one.abs_diff(*other) <= 8);
        assert!(is_near, "{name}: {found:?}");
    }
}

/// The file with a directory at its end that has this orientation too.
fn with_orientation(bytes: &[u8], orientation: u32) -> Vec<u8> {
    let at = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let count = u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let entries = &bytes[at + 2..at + 2 + 12 * usize::from(count)];
    let place = entries.chunks_exact(12).position(|entry| u16::from_le_bytes([entry[0], entry[1]]) > 274).unwrap() * 12;
    let mut entry = 274_u16.to_le_bytes().to_vec();
    entry.extend([4, 0, 1, 0, 0, 0]);
    entry.extend(orientation.to_le_bytes());
    let mut file = bytes.to_vec();
    file[4..8].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
    file.extend((count + 1).to_le_bytes());
    file.extend([&entries[..place], &entry, &entries[place..], &[0; 4]].concat());
    file
}

#[test]
fn pages_are_counted_without_previews() {
    let page = || Page::new(&[8], 1, vec![halves(&[9], &[200])]);
    assert_eq!(pages(&tiff(&[page()])), 1);
    assert_eq!(pages(&tiff(&[page(), page().with(254, &[1]), page().with(254, &[2])])), 2);
    assert_eq!((pages(b"II*\0"), pages(&[])), (1, 1));
    let mut looped = tiff(&[page(), page()]);
    let first: [u8; 4] = looped[4..8].try_into().unwrap();
    let end = looped.len() - 4;
    looped[end..].copy_from_slice(&first);
    assert!((1..=2).contains(&pages(&looped)), "a loop ends");
}

#[test]
fn what_cannot_be_decoded_is_refused_by_its_reason() {
    let strips = || vec![halves(&[9_u8], &[200])];
    for (page, reason) in [
        (Page::new(&[8], 1, strips()).with(259, &[6]), "JPEG method of TIFF 6.0"),
        (Page::new(&[1], 0, strips()).with(259, &[2]), "Huffman"),
        (Page::new(&[1], 0, strips()).with(259, &[3]).with(292, &[1]), "two dimensions"),
        (Page::new(&[8], 1, strips()).with(259, &[34_712]), "compression"),
        (Page::new(&[8], 32_803, strips()), "sensor"),
        (Page::new(&[8], 32_844, strips()), "colours are of a kind"),
    ] {
        let error = decode(&tiff(&[page])).unwrap_err();
        assert!(matches!(error, ImageError::Unsupported { .. }), "{reason}: {error:?}");
        assert_eq!(error.code(), "picture-unsupported");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn large_offsets_are_read() {
    // BigTIFF, as `tiff` writes it.
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new_big(&mut bytes).unwrap();
    let pixels = halves(&RED, &BLUE);
    encoder.write_image::<tiff::encoder::colortype::RGB8>(WIDTH, HEIGHT, &pixels).unwrap();
    let decoded = decode(bytes.get_ref()).unwrap();
    assert_eq!([pixel(&decoded, 4), pixel(&decoded, 20)], [RED, BLUE]);
    // What `image` writes and reads stays what it was.
    let mut plain = Cursor::new(Vec::new());
    let picture = RgbImage::from_raw(WIDTH, HEIGHT, pixels).unwrap();
    DynamicImage::from(picture).write_to(&mut plain, ImageFormat::Tiff).unwrap();
    assert_eq!(decode(plain.get_ref()).unwrap(), decoded);
}

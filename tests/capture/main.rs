//! Capture times and cameras in files of all containers, made here byte by byte.

mod containers;

use proptest::prelude::*;
use shoal::capture::{Capture, CaptureSource, read, wall_clock_ms};

use containers::{jpeg, orientation_of, png, tiff, webp, xmp};

const EXIF: &[(u16, &str)] = &[(0x10f, "Canon"), (0x110, "Canon EOS 80D"), (0x132, "2024:06:01 00:00:00")];
const EXPOSURE: &[(u16, &str)] = &[(0x9003, "2024:05:03 14:22:05"), (0x9291, "12"), (0x9011, "+02:00")];

fn expected() -> Capture {
    Capture {
        taken: Some("2024-05-03T14:22:05.12+02:00".into()),
        source: Some(CaptureSource::Exif),
        camera: Some("Canon EOS 80D".into()),
        orientation: Some(6),
    }
}

#[test]
fn exif_is_read_from_every_container() {
    for big_endian in [false, true] {
        let exif = tiff(big_endian, EXIF, EXPOSURE, Some(6));
        let segment = [b"Exif\0\0".as_slice(), &exif].concat();
        assert_eq!(read(&jpeg(&[(0xe1, &segment)])), Some(expected()), "JPEG");
        assert_eq!(read(&png(&[(b"eXIf", &exif)])), Some(expected()), "PNG");
        assert_eq!(read(&webp(&[(b"EXIF", &exif)])), Some(expected()), "WebP");
        assert_eq!(read(&exif), Some(expected()), "TIFF, and raw files that are TIFF");
        assert_eq!(read(&[&[0; 160], segment.as_slice()].concat()), Some(expected()), "RAF");
    }
}

#[test]
fn raw_files_with_their_own_magic_numbers_are_read() {
    let exif = tiff(false, EXIF, EXPOSURE, Some(6));
    for magic in [b"IIRO", b"IIRS", b"IIU\0"] {
        assert_eq!(read(&[magic.as_slice(), &exif[4..]].concat()), Some(expected()), "{magic:?}");
    }
    // CR3: two directories in two boxes.
    let image = tiff(false, EXIF, &[], Some(6));
    let exposure = tiff(false, EXPOSURE, &[], None);
    let cr3 =
        [b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom".as_slice(), b"....CMT1", &image, b"....CMT2", &exposure].concat();
    let found = read(&cr3).unwrap();
    assert_eq!((found.camera, found.orientation), (expected().camera, Some(6)));
    assert_eq!(found.taken, expected().taken);
}

#[test]
fn the_time_of_the_shot_comes_before_that_of_the_file() {
    let taken = |image: &[(u16, &str)], exposure: &[(u16, &str)]| {
        read(&tiff(false, image, exposure, None)).and_then(|capture| capture.taken)
    };
    let changed = (0x132, "2024:06:01 00:00:00");
    assert_eq!(taken(&[changed], &[(0x9004, "2023:01:02 03:04:05")]).as_deref(), Some("2023-01-02T03:04:05"));
    assert_eq!(taken(&[changed], &[(0x9003, "0000:00:00 00:00:00")]).as_deref(), Some("2024-06-01T00:00:00"));
    assert_eq!(taken(&[(0x132, "2023:02:29 10:00:00")], &[]), None, "2023 was no leap year");
    assert_eq!(taken(&[(0x132, "    :  :     :  :  ")], &[]), None);
}

#[test]
fn xmp_stands_in_for_exif() {
    let attributes = xmp(
        r#"<rdf:Description exif:DateTimeOriginal="2021-12-31T23:59:58+01:00" tiff:Make="FUJIFILM" tiff:Model='X-T3'/>"#,
    );
    let elements = xmp("<xmp:CreateDate>2021-12-31T23:59</xmp:CreateDate><tiff:Orientation>8</tiff:Orientation>");
    let namespace = b"http://ns.adobe.com/xap/1.0/\0".as_slice();
    let found = read(&jpeg(&[(0xe1, &[namespace, attributes.as_bytes()].concat())])).unwrap();
    assert_eq!(found.taken.as_deref(), Some("2021-12-31T23:59:58+01:00"));
    assert_eq!((found.source, found.camera.as_deref()), (Some(CaptureSource::Xmp), Some("FUJIFILM X-T3")));
    let found = read(&webp(&[(b"XMP ", elements.as_bytes())])).unwrap();
    assert_eq!((found.taken.as_deref(), found.orientation), (Some("2021-12-31T23:59:00"), Some(8)));
    // EXIF's camera, XMP's time.
    let exif = [b"Exif\0\0".as_slice(), &tiff(true, &EXIF[..2], &[], Some(3))].concat();
    let found = read(&jpeg(&[(0xe1, &exif), (0xe1, attributes.as_bytes())])).unwrap();
    assert_eq!(
        (found.source, found.camera.as_deref(), found.orientation),
        (Some(CaptureSource::Xmp), Some("Canon EOS 80D"), Some(3))
    );
}

#[test]
fn text_of_a_png_is_the_last_resort() {
    let found = read(&png(&[(b"tEXt", b"Creation Time\x002020:02:29 08:00:00")])).unwrap();
    assert_eq!((found.taken.as_deref(), found.source), (Some("2020-02-29T08:00:00"), Some(CaptureSource::Container)));
    let found = read(&png(&[(b"iTXt", b"Creation Time\0\0\0\0\x002020-02-29T08:00:00Z")])).unwrap();
    assert_eq!(found.taken.as_deref(), Some("2020-02-29T08:00:00Z"));
    assert_eq!(read(&png(&[(b"tEXt", b"Creation Time\0some day")])), None);
}

#[test]
fn makers_are_not_named_twice() {
    let camera = |maker: &str, model: &str| {
        read(&tiff(false, &[(0x10f, maker), (0x110, model)], &[], None)).and_then(|capture| capture.camera)
    };
    assert_eq!(camera("NIKON CORPORATION", "NIKON D750").as_deref(), Some("NIKON D750"));
    assert_eq!(camera("Apple", "iPhone 15").as_deref(), Some("Apple iPhone 15"));
    assert_eq!(camera("  ", "X\u{7}100\n").as_deref(), Some("X100"));
    assert_eq!(camera("", ""), None);
}

/// Latitude and longitude are in the file, and nowhere in what is read.
#[test]
fn places_are_not_read() {
    let exif = tiff(false, &[(0x8825, "N 48.8584 E 2.2945"), (0x110, "X100")], EXPOSURE, None);
    let found = serde_json::to_string(&read(&exif)).unwrap();
    assert!(found.contains("X100") && !found.contains("48"), "{found}");
    let found = read(xmp(r#"<a exif:GPSLatitude="48,51N" exif:DateTimeOriginal="2021-12-31T23:59:58"/>"#).as_bytes());
    assert_eq!(found.map(|found| found.taken), Some(Some("2021-12-31T23:59:58".into())));
}

#[test]
fn files_without_such_data_say_nothing() {
    for bytes in [b"".as_slice(), b"\xff\xd8\xff\xd9", &jpeg(&[]), &png(&[]), &webp(&[]), b"II*\0", b"IIRO"] {
        assert_eq!(read(bytes), None);
    }
    assert_eq!(orientation_of(&read(&tiff(false, &[(0x110, "a")], &[], Some(9)))), None);
}

#[test]
fn wall_clocks_count_from_1970() {
    for (text, expected) in [
        ("1970-01-01T00:00:00", 0.0),
        ("2024-05-03T14:22:05.12+02:00", 1_714_746_125_120.0),
        ("2000-02-29T23:59:59Z", 951_868_799_000.0),
        ("1969-12-31T23:59:59", -1000.0),
    ] {
        assert_eq!(wall_clock_ms(text), Some(expected), "{text}");
    }
    assert_eq!(wall_clock_ms("2024-05-03"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn damaged_files_never_panic(
        container in 0_usize..5,
        changes in prop::collection::vec((0_usize..700, any::<u8>()), 0..12),
        length in 0_usize..700,
    ) {
        let exif = tiff(container % 2 == 0, EXIF, EXPOSURE, Some(6));
        let mut bytes = match container {
            0 => exif,
            1 => jpeg(&[(0xe1, &[b"Exif\0\0".as_slice(), &exif].concat())]),
            2 => png(&[(b"eXIf", &exif), (b"iTXt", b"Creation Time\0\0\0\0\x002020-02-29T08:00:00Z")]),
            3 => webp(&[(b"EXIF", &exif)]),
            _ => xmp(r#"<a exif:DateTimeOriginal="2021-12-31T23:59:58.5+01:00"/>"#).into_bytes(),
        };
        for (at, byte) in changes {
            let count = bytes.len();
            bytes[at % count] = byte;
        }
        bytes.truncate(length);
        if let Some(taken) = read(&bytes).and_then(|found| found.taken) {
            prop_assert!(wall_clock_ms(&taken).is_some(), "{}", taken);
        }
    }
}

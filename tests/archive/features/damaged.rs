//! Bad features files: inconsistent, truncated or damaged. Each is rejected with the right code, none does harm.

use proptest::prelude::*;

use super::{DEFLATED, STORED, array, code, features, read, rows, written, zipped};

/// The code for a file with two images, named a and b, and this member `features.npy`.
fn code_of_features(features: &[u8]) -> &'static str {
    let names = array("<U1", &[2], b"a\0\0\0b\0\0\0");
    let codes =
        [false, true].map(|deflate| code(&zipped(&[("features.npy", features), ("names.npy", &names)], deflate)));
    assert_eq!(codes[0], codes[1], "stored and deflated");
    codes[0]
}

#[test]
fn arrays_with_wrong_shapes_or_types_are_rejected() {
    let two_rows: Vec<u8> = [1.0_f32, 2.0, 3.0, 4.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(code_of_features(&array("<f4", &[2, 2], &two_rows)), "read");
    for (descr, shape, code) in [
        ("<f4", &[2, 3][..], "features-shape"),
        ("<f4", &[2, 1], "features-shape"),
        ("<f4", &[1 << 60, 2], "features-shape"),
        ("<f4", &[2, 1 << 60], "features-shape"),
        ("<f4", &[2, 0], "features-shape"),
        ("<f4", &[4, 1], "features-shape"),
        ("<f4", &[2], "features-shape"),
        ("<f4", &[], "features-shape"),
        ("<f4", &[2, 2, 1], "features-shape"),
        ("|O", &[2, 2], "features-format"),
        (">f4", &[2, 2], "features-format"),
        ("<f8", &[2, 1], "features-format"),
        ("<i4", &[2, 2], "features-format"),
        ("<f99999999999999999999", &[2, 2], "features-format"),
        ("", &[2, 2], "features-format"),
        ("ż", &[2, 2], "features-format"),
    ] {
        assert_eq!(code_of_features(&array(descr, shape, &two_rows)), code, "{descr} {shape:?}");
    }
    let nan = [f32::NAN, 0.0].iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
    assert_eq!(code_of_features(&array("<f4", &[2, 1], &nan)), "features-not-finite");
}

#[test]
fn headers_that_numpy_does_not_write_are_rejected() {
    let with_header = |text: &str| {
        let mut bytes = b"\x93NUMPY\x01\0".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.bytes());
        bytes.extend([0; 16]);
        code_of_features(&bytes)
    };
    assert_eq!(with_header("{\"descr\":\"<f4\",'shape':(2,2),'fortran_order':False}"), "read");
    for text in [
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2.0), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 99999999999999999999999), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'shape': (2, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'more': 1, }",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (2, 2), }",
        "{",
        "",
        &"(".repeat(4000),
        &" ".repeat(60_000),
    ] {
        assert_eq!(with_header(text), "features-format", "{text:.60}");
    }
    assert_eq!(code_of_features(b"\x93NUMPY\x02\0\xff\xff\xff\xff"), "features-format");
    assert_eq!(code_of_features(b"\x93NUMPY\x09\0\x10\0"), "features-format");
}

#[test]
fn columns_that_do_not_fit_are_rejected() {
    let features = array("<f4", &[2, 1], &[0; 8]);
    let names = array("<U1", &[2], b"a\0\0\0b\0\0\0");
    let with = |member: &str, bytes: &[u8]| {
        let members = [("features.npy", features.as_slice()), ("names.npy", &names), (member, bytes)];
        let kept = members[..2].iter().filter(|(name, _)| *name != member);
        code(&zipped(&kept.chain(&members[2..]).copied().collect::<Vec<_>>(), true))
    };
    assert_eq!(with("more.npy", &[]), "read");
    for (member, descr, count, values, code) in [
        ("names.npy", "<U1", 2, &b"a\0\0\0a\0\0\0"[..], "features-format"),
        ("names.npy", "<U1", 2, b"a\0\0\0\0\0\0\0", "features-format"),
        ("names.npy", "<U1", 2, b"a\0\0\0\0\xd8\0\0", "features-format"),
        ("names.npy", "<U1", 0, b"", "features-shape"),
        ("names.npy", "<U1", 1, b"a\0\0\0", "features-shape"),
        ("names.npy", "|O", 2, b"\x80\x04K\x01.", "features-format"),
        ("names.npy", "<U4294967295", 2, b"", "features-format"),
        ("names.npy", "<U1", 1 << 60, b"", "features-shape"),
        ("names.npy", "<i4", 2, &[1; 8], "features-format"),
        ("labels.npy", "<i4", 1, &[0; 4], "features-shape"),
        ("labels.npy", "<f4", 2, &[0; 8], "features-format"),
        ("byte_sizes.npy", "<i8", 2, &[0xff; 16], "features-format"),
        ("byte_sizes.npy", "<u8", 2, &[0xff; 16], "features-format"),
        ("content_hashes.npy", "|S64", 2, &[b'g'; 128], "features-format"),
        ("content_hashes.npy", "|S63", 2, &[b'0'; 126], "features-format"),
    ] {
        assert_eq!(with(member, &array(descr, &[count], values)), code, "{member} {descr} [{count}]");
    }
    for json in
        ["", "[]", "{}", "{\"format\":\"shoal-features\",\"version\":2}", &"[".repeat(60_000), &" ".repeat(1 << 17)]
    {
        assert_eq!(with("shoal.json", json.as_bytes()), "features-format", "{json:.60}");
    }
}

#[test]
fn files_that_are_not_features_files_are_rejected() {
    let nested = zipped(&[("features.npz", STORED)], false);
    let tricks = zipped(&[("../names.npy", &[]), ("/features.npy", &[]), ("a/../features.npy", &[])], false);
    let many: Vec<String> = (0..70).map(|index| format!("{index}.npy")).collect();
    let many = zipped(&many.iter().map(|name| (name.as_str(), &[][..])).collect::<Vec<_>>(), false);
    assert_eq!(code(&many), "features-too-large");
    for bytes in [&b""[..], b"PK", &[0; 100], &nested, &tricks, &zipped(&[], false), &[STORED, b"more"].concat()] {
        assert_eq!(code(bytes), "features-format");
    }
    for bytes in [STORED, DEFLATED] {
        for length in 0..bytes.len() {
            assert_eq!(code(&bytes[..length]), "features-format", "truncated to {length}");
        }
    }
}

#[test]
fn a_declared_size_beyond_the_deflate_ratio_is_rejected() {
    let mut bytes = zipped(&[("features.npy", &array("<f4", &[2, 2], &[0; 16])), ("names.npy", &[])], true);
    // The size in the directory's first entry (APPNOTE.TXT 4.3.12).
    let entry = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&0xf000_0000_u32.to_le_bytes());
    assert_eq!(code(&bytes), "features-format");
}

#[test]
fn a_flipped_bit_in_the_values_is_detected() {
    let file = written(&rows(), 6, &features(), 4);
    let value = features()[7].to_le_bytes();
    let at = file.windows(4).position(|window| window == value).unwrap();
    let mut bytes = file;
    bytes[at] ^= 1;
    assert_eq!(code(&bytes), "features-format");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: fuzz_cases(), ..ProptestConfig::default() })]

    /// A mutated file is read or rejected, and yields no more values than its size allows.
    #[test]
    fn a_mutated_file_is_read_or_rejected(
        deflated in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = if deflated { DEFLATED } else { STORED }.to_vec();
        for (index, value) in changes {
            let index = index.index(bytes.len());
            bytes[index] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok((head, values)) = read(&bytes) {
            prop_assert_eq!(values.len(), head.names.len() * head.dims);
            prop_assert!(4 * values.len() <= bytes.len() * 1032);
        }
    }

    #[test]
    fn noise_is_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).is_err());
    }
}

/// The number of mutated files; SHOAL_FUZZ_CASES overrides it.
fn fuzz_cases() -> u32 {
    std::env::var("SHOAL_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4_000)
}

//! Features files: files that NumPy wrote are read, NumPy reads files that are written here, and bad files are rejected.

use std::io::{Cursor, Write};
use std::process::Command;

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use shoal::archive::npz::FeaturesError;
use shoal::archive::npz::{Column, Columns, FeatureSpec, Head, NpzReader, Row, feature_spec_json, features_header};
use shoal::error::Coded;
use shoal::options::FeatureKind;
use zip::write::SimpleFileOptions;

use crate::zip_segments::zip_bytes;

const STORED: &[u8] = include_bytes!("../../fixtures/features_stored.npz");
const DEFLATED: &[u8] = include_bytes!("../../fixtures/features_deflated.npz");
/// The names in tests/oracle/make_features.py.
const NAMES: [&str; 4] = ["trip/a.jpg", "trip/day 1/żółw 🐢.jpg", "trip/b.jpg", "c.png"];

mod damaged;

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn spec() -> FeatureSpec {
    FeatureSpec {
        model: "mobilenet_v2".into(),
        weights_sha256: "ab".repeat(32),
        size_px: 128,
        features: FeatureKind::Pooled,
        preprocessing: 1,
    }
}

/// Everything in the file; the features in row-major order.
fn read(bytes: &[u8]) -> Result<(Head, Vec<f32>), FeaturesError> {
    let mut reader = NpzReader::open(Cursor::new(bytes))?;
    let mut values = Vec::new();
    while let Some(rows) = reader.next_rows()? {
        values.extend(rows.into_values());
    }
    Ok((reader.head().clone(), values))
}

/// The file with these rows, assembled as the page does it: columns in chunks of `chunk_rows` rows.
fn written(rows: &[Row], dims: usize, features: &[f32], chunk_rows: usize) -> Vec<u8> {
    let columns = Columns::new(rows.to_vec());
    let starts = || (0..rows.len()).step_by(chunk_rows);
    let mut members: Vec<(&str, Vec<u8>)> = vec![("features.npy", features_header(rows.len(), dims))];
    members[0].1.extend(features.iter().flat_map(|value| value.to_le_bytes()));
    for column in Column::ALL {
        let mut bytes = columns.header(column);
        starts().for_each(|start| bytes.extend(columns.values(column, start..(start + chunk_rows).min(rows.len()))));
        members.push((column.member(), bytes));
    }
    members.push(("shoal.json", feature_spec_json(&spec()).unwrap()));
    zip_bytes(&members)
}

fn rows() -> Vec<Row> {
    let labels = [Some(0), Some(1), None, Some(1)];
    let sizes = [10, 1 << 40, 30, 0];
    let row = |index: usize| Row {
        name: NAMES[index].into(),
        label: labels[index],
        byte_size: sizes[index],
        sha256: sha256(NAMES[index]),
        taken_ms: None,
    };
    (0..4).map(row).collect()
}

fn features() -> Vec<f32> {
    (0..24).map(|value| value as f32 / 4.0 - 3.0).collect()
}

/// A zip of these members, written by the `zip` crate.
fn zipped(members: &[(&str, &[u8])], deflate: bool) -> Vec<u8> {
    let method = if deflate { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An `.npy` array with this type, shape and data.
fn array(descr: &str, shape: &[usize], values: &[u8]) -> Vec<u8> {
    let axes: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({axes}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\0".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(values);
    bytes
}

fn code(bytes: &[u8]) -> &'static str {
    match read(bytes) {
        Ok(_) => "read",
        Err(error) => error.code(),
    }
}

#[test]
fn files_that_numpy_saved_are_read() {
    for bytes in [STORED, DEFLATED] {
        let (head, values) = read(bytes).unwrap();
        assert_eq!(head.dims, 6);
        assert_eq!(head.names, NAMES);
        assert_eq!(head.labels, Some(vec![Some(0), Some(1), None, Some(1)]));
        assert_eq!(head.byte_sizes, Some(vec![10, 1 << 40, 30, 0]));
        assert_eq!(head.content_hashes, Some(NAMES.map(sha256).to_vec()));
        assert_eq!(values, features());
    }
    assert_eq!(read(STORED).unwrap().0.spec, Some(spec()));
    assert_eq!(read(DEFLATED).unwrap().0.spec, None);
}

/// An array of texts in NumPy's format.
fn texts(values: &[&str]) -> Vec<u8> {
    let width = values.iter().map(|value| value.chars().count()).max().unwrap_or(1);
    let padded = |value: &&str| {
        let mut codes: Vec<u32> = value.chars().map(u32::from).collect();
        codes.resize(width, 0);
        codes.into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>()
    };
    array(&format!("<U{width}"), &[values.len()], &values.iter().flat_map(padded).collect::<Vec<u8>>())
}

#[test]
fn files_of_other_programs_are_read() {
    let values: Vec<u8> = [1.0_f32, -2.0, 0.5, 3.0, -0.25, 8.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let matrix = array("<f4", &[3, 2], &values);
    let paths = texts(&["a.jpg", "b/c.png", "ż.webp"]);
    for (features, names) in [
        ("features.npy", "paths.npy"),
        ("features.npy", "filenames.npy"),
        ("embeddings.npy", "names.npy"),
        ("image_features.npy", "paths.npy"),
        ("arr_0.npy", "filenames.npy"),
    ] {
        for deflate in [false, true] {
            let (head, found) = read(&zipped(&[(features, &matrix), (names, &paths)], deflate)).unwrap();
            assert_eq!(head.names, ["a.jpg", "b/c.png", "ż.webp"], "{features}, {names}");
            assert_eq!((head.dims, head.spec, head.content_hashes), (2, None, None));
            assert_eq!(found, [1.0, -2.0, 0.5, 3.0, -0.25, 8.0]);
        }
    }
    // Of two matrices, the features are ambiguous unless one is named features.npy.
    assert_eq!(
        code(&zipped(&[("one.npy", &matrix), ("two.npy", &matrix), ("names.npy", &paths)], false)),
        "features-format"
    );
    assert!(read(&zipped(&[("text.npy", &matrix), ("features.npy", &matrix), ("names.npy", &paths)], false)).is_ok());
}

#[test]
fn numpy_reads_the_files_that_are_written() {
    if !Command::new("python3").args(["-c", "import numpy"]).output().is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 has no numpy");
        return;
    }
    let folder = std::env::temp_dir().join(format!("shoal-features-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("features.npz");
    std::fs::write(&path, written(&rows(), 6, &features(), 3)).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/check_features.py");
    let output = Command::new("python3").arg(script).arg(&path).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let wanted = serde_json::json!({
        "dtypes": { "features": "<f4", "names": "<U21", "labels": "<i4", "byte_sizes": "<i8", "content_hashes": "<U64" },
        "features": features().chunks(6).collect::<Vec<_>>(),
        "names": NAMES,
        "labels": [0, 1, -1, 1],
        "byte_sizes": [10, 1_u64 << 40, 30, 0],
        "content_hashes": NAMES.map(|name| shoal::collection::content_hash::to_hex(&sha256(name))),
        "made": {
            "format": "shoal-features", "version": 1, "model": "mobilenet_v2", "weightsSha256": "ab".repeat(32),
            "sizePx": 128, "features": "pooled", "preprocessing": 1,
        },
    });
    assert_eq!(found, wanted);
}

#[test]
fn a_spec_without_a_version_is_of_the_first() {
    let json = String::from_utf8(feature_spec_json(&FeatureSpec { preprocessing: 2, ..spec() }).unwrap()).unwrap();
    let read = |json: &str| serde_json::from_str::<FeatureSpec>(json).unwrap();
    assert_eq!(read(&json).preprocessing, 2);
    let older = read(&json.replace("\"preprocessing\"", "\"other\""));
    assert_eq!(older, FeatureSpec { preprocessing: 1, ..spec() });
    assert!(older.is_comparable(&read(&json)) && !older.is_comparable(&FeatureSpec { size_px: 96, ..spec() }));
}

#[test]
fn many_rows_are_read_in_chunks() {
    let rows: Vec<Row> = (0..3000)
        .map(|index| Row {
            name: format!("{index}.jpg"),
            label: None,
            byte_size: index,
            sha256: [index as u8; 32],
            taken_ms: None,
        })
        .collect();
    let features: Vec<f32> = (0..3000 * 1280).map(|value| value as f32).collect();
    let bytes = written(&rows, 1280, &features, 777);
    let mut reader = NpzReader::open(Cursor::new(&bytes)).unwrap();
    let mut values = Vec::new();
    while let Some(rows) = reader.next_rows().unwrap() {
        assert!(rows.values().len() <= 1 << 20);
        values.extend(rows.into_values());
    }
    assert!(values == features);
    assert!(reader.next_rows().unwrap().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_written_file_is_read_back(
        names in proptest::collection::btree_set("[^\0]{1,12}", 1..20),
        dims in 1_usize..40,
        seed in any::<u32>(),
        chunk_rows in 1_usize..8,
    ) {
        let rows: Vec<Row> = names
            .iter()
            .enumerate()
            .map(|(index, name)| Row {
                name: name.clone(),
                label: (index % 3 != 0).then_some(index as u32),
                byte_size: u64::from(seed) << (index % 30),
                sha256: sha256(name),
                taken_ms: None,
            })
            .collect();
        let features: Vec<f32> = (0..rows.len() * dims)
            .map(|index| f32::from_bits(seed.wrapping_mul(2_654_435_761).wrapping_add(index as u32) & 0xbf7f_ffff))
            .collect();
        let (head, values) = read(&written(&rows, dims, &features, chunk_rows)).unwrap();
        prop_assert_eq!(head.spec, Some(spec()));
        prop_assert_eq!(head.names, rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>());
        prop_assert_eq!(head.labels, Some(rows.iter().map(|row| row.label).collect()));
        prop_assert_eq!(head.byte_sizes, Some(rows.iter().map(|row| row.byte_size).collect()));
        prop_assert_eq!(head.content_hashes, Some(rows.iter().map(|row| row.sha256).collect()));
        prop_assert_eq!(values, features);
    }
}

//! Fuzzing of everything that reads untrusted files: no damaged file may cause a panic, or an allocation of a size that only the
//! file declares. `SHOAL_FUZZ_SECONDS` sets the time per reader (10).

mod allocations;
mod damage;
#[path = "../support/zip_segments.rs"]
mod zip_segments;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use shoal::archive::npz::{
    Column, Columns, FEATURES_NPY, FeatureSpec, NpzReader, Row, SHOAL_JSON, feature_spec_json, features_header,
};
use shoal::archive::read_session;
use shoal::options::FeatureKind;

use zip_segments::zip_bytes;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// The most memory that a reader may allocate regardless of the file's size, for buffers.
const FIXED_BYTES: usize = 24 << 20;
/// The most memory that a reader may allocate per byte of the file.
const BYTES_PER_FILE_BYTE: usize = 64;

/// Feeds `read` with damaged files until the time is up. `make` creates one from a random generator.
fn fuzz(make: impl Fn(&mut ChaCha8Rng) -> Vec<u8>, read: impl Fn(&[u8]) -> bool) {
    let seconds = std::env::var("SHOAL_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(10);
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut tried, mut accepted) = (0_u64, 0_u64);
    while Instant::now() < until {
        let file = make(&mut ChaCha8Rng::seed_from_u64(tried));
        let (result, peak_bytes) = allocations::peak_of(|| catch_unwind(AssertUnwindSafe(|| read(&file))));
        let is_accepted =
            result.unwrap_or_else(|_| panic!("seed {tried} made the reader panic on a file of {} bytes", file.len()));
        let max_bytes = FIXED_BYTES + BYTES_PER_FILE_BYTE * file.len();
        assert!(
            peak_bytes <= max_bytes,
            "seed {tried}: {peak_bytes} bytes were allocated for a file of {}",
            file.len()
        );
        tried += 1;
        accepted += u64::from(is_accepted);
    }
    println!("{tried} files, {accepted} of them accepted");
    // Some files are undamaged, so a reader that accepts none is not tested beyond its first check.
    assert!(accepted > tried / 20 && accepted < tried);
}

fn session(random: &mut ChaCha8Rng) -> Vec<u8> {
    let json = serde_json::json!({
        "format": "shoal-session", "version": 1, "k": 2, "seed": 7, "recipe": "spherical", "method": "kmeans",
        "backend": "cpu", "silhouette": 0.25, "inertia": 12.5, "explained": [0.5, 0.25, null], "varianceKept": 0.75,
        "scores": { "daviesBouldin": 1.5, "calinskiHarabasz": 20.25, "sampled": false },
        "clusters": [
            { "id": 0, "name": "Cats", "suggested": true, "locked": false, "size": 2, "silhouette": 0.5,
              "representatives": ["t/a.jpg"], "nameOrigin": "suggested" },
            { "id": 3, "name": "Żółw \u{1f422}", "suggested": false, "locked": true, "size": 1, "silhouette": null,
              "representatives": [] },
        ],
        "curve": [{ "k": 2, "silhouette": 0.25 }], "proposals": [2],
        "items": [
            { "path": "t/a.jpg", "cluster": 0, "silhouette": 0.5, "distance": 0.125, "nextCluster": 3, "locked": false,
              "pca": [0.5, -0.25, 1e-3], "held": false, "byteSize": 12345, "sha256": "ab".repeat(32) },
            { "path": "t/b.jpg", "cluster": null, "silhouette": null, "distance": null, "nextCluster": null,
              "locked": true, "pca": [0, 0, 0], "held": true },
        ],
    });
    let text = if random.random() { json.to_string() } else { serde_json::to_string_pretty(&json).unwrap() };
    damage::text(text.into_bytes(), random)
}

#[test]
fn sessions() {
    fuzz(session, |file| read_session(file).is_ok());
}

#[test]
fn tables_of_labels() {
    let make = |random: &mut ChaCha8Rng| {
        let mut table = b"path,cluster,cluster_name,silhouette\r\n".to_vec();
        for row in 0..random.random_range(0..30) {
            table.extend(format!("\"t/{row}, \"\"x\"\".jpg\",{},'=Cats,0.5\r\n", row % 4).bytes());
        }
        damage::text(table, random)
    };
    fuzz(make, |file| read_session(file).is_ok());
}

/// A features file in which either the zip is damaged, or a member under a correct checksum.
fn features(random: &mut ChaCha8Rng) -> Vec<u8> {
    let (rows, columns) = (random.random_range(1..6_usize), random.random_range(1..9_usize));
    let floats = (0..rows * columns).flat_map(|value| (value as f32).to_le_bytes());
    let row = |row: usize| Row {
        name: format!("t/{row}.jpg"),
        label: (row > 0).then_some(row as u32),
        byte_size: 1000 + row as u64,
        sha256: [row as u8; 32],
        taken_ms: (row > 1).then_some(row as i64),
    };
    let table = Columns::new((0..rows).map(row).collect());
    let spec = FeatureSpec {
        model: "mobilenet_v2".into(),
        weights_sha256: "ab".repeat(32),
        size_px: 128,
        features: FeatureKind::Pooled,
        preprocessing: 1,
    };
    let mut members =
        vec![(FEATURES_NPY, features_header(rows, columns).into_iter().chain(floats).collect::<Vec<u8>>())];
    for column in Column::ALL {
        members.push((column.member(), [table.header(column), table.values(column, 0..rows)].concat()));
    }
    members.push((SHOAL_JSON, feature_spec_json(&spec).unwrap()));
    let inside = random.random::<bool>();
    if inside {
        let which = random.random_range(0..members.len());
        members[which].1 = damage::bytes(std::mem::take(&mut members[which].1), random);
    }
    let whole = zip_bytes(&members);
    if inside { whole } else { damage::bytes(whole, random) }
}

#[test]
fn features_files() {
    fuzz(features, |file| {
        let Ok(mut reader) = NpzReader::open(Cursor::new(file)) else { return false };
        loop {
            match reader.next_rows() {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    });
}

#[test]
fn allocations_are_measured() {
    let (_, peak_bytes) = allocations::peak_of(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(40 << 20))));
    assert!(peak_bytes >= 40 << 20);
    let (_, peak_bytes) = allocations::peak_of(|| ());
    assert!(peak_bytes < 1000);
}

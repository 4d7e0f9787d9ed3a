//! Exact and near duplicates: hashes compared with NumPy's, groups with those from comparing every pair.

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;
use shoal::collection::duplicates::{
    COSINE_FLOOR, DuplicateGroup, DuplicateKind, HAMMING_LIMIT, LEAST_BITS, Traits, best, candidates, dhash, group,
    similar_hashes,
};

const THRESHOLD: f32 = 0.95;

#[derive(Deserialize)]
struct Hashed {
    luma: Vec<u8>,
    hash: String,
}

fn traits<'a>(sha256: &'a [u8; 32], dhash: Option<u64>) -> Traits<'a> {
    Traits { sha256: Some(sha256), dhash, pixels: 1, byte_size: 1, sharpness: None }
}

/// Images with different bytes and these hashes.
fn distinct(hashes: &[Option<u64>]) -> (Vec<[u8; 32]>, Vec<Option<u64>>) {
    ((0..hashes.len()).map(|row| [row as u8; 32]).collect(), hashes.to_vec())
}

fn all_traits((shas, hashes): &(Vec<[u8; 32]>, Vec<Option<u64>>)) -> Vec<Traits<'_>> {
    shas.iter().zip(hashes).map(|(sha256, hash)| traits(sha256, *hash)).collect()
}

fn near(rows: &[u32]) -> DuplicateGroup {
    DuplicateGroup { kind: DuplicateKind::Near, rows: rows.to_vec() }
}

fn exact(rows: &[u32]) -> DuplicateGroup {
    DuplicateGroup { kind: DuplicateKind::Exact, rows: rows.to_vec() }
}

#[test]
fn hashes_equal_numpys() {
    let path = format!("{}/tests/oracle/dhashes.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Hashed> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        assert_eq!(format!("{:016x}", dhash(case.luma.as_slice().try_into().unwrap())), case.hash);
    }
}

#[test]
fn equal_bytes_are_exact_duplicates() {
    let (one, other) = ([1; 32], [2; 32]);
    let rows = [traits(&one, None), traits(&other, Some(7)), traits(&one, Some(7)), traits(&one, None)];
    assert_eq!(group(&rows, &[(0, 2, 0.0)], THRESHOLD), [exact(&[0, 2, 3])]);
    // An image that only looks the same makes the whole group near.
    assert_eq!(group(&rows, &[(1, 3, THRESHOLD)], THRESHOLD), [near(&[0, 1, 2, 3])]);
}

#[test]
fn near_hashes_are_duplicates_unless_the_features_differ() {
    let base = 0x0123_4567_89ab_cdef_u64;
    let at_limit = base ^ 0x8000_0100_0040_0001;
    let beyond = base ^ 0x8000_0110_0040_0001;
    let images = distinct(&[Some(base), Some(beyond), None, Some(at_limit), Some(!base)]);
    assert_eq!((base ^ at_limit).count_ones(), HAMMING_LIMIT);
    let rows = all_traits(&images);
    assert_eq!(candidates(&rows), [(0, 3), (1, 3)]);
    assert_eq!(group(&rows, &[], THRESHOLD), [near(&[0, 1, 3])]);
    assert_eq!(group(&rows, &[(3, 1, COSINE_FLOOR - 0.01)], THRESHOLD), [near(&[0, 3])]);
    assert_eq!(group(&rows, &[(1, 3, COSINE_FLOOR), (0, 3, 0.2)], THRESHOLD), [near(&[1, 3])]);
}

#[test]
fn hashes_of_uniform_images_are_ignored() {
    let sparse = (1 << (LEAST_BITS - 1)) - 1;
    let images = distinct(&[Some(0), Some(0), Some(sparse), Some(sparse), Some(!sparse), Some(!sparse)]);
    assert_eq!(group(&all_traits(&images), &[], THRESHOLD), []);
    let enough = (1 << LEAST_BITS) - 1;
    let images = distinct(&[Some(!enough), Some(enough), Some(enough), Some(!enough)]);
    assert_eq!(group(&all_traits(&images), &[], THRESHOLD), [near(&[0, 3]), near(&[1, 2])]);
}

#[test]
fn pairs_by_cosine_need_the_threshold_and_valid_rows() {
    let images = distinct(&[None; 5]);
    let pairs =
        [(3, 1, THRESHOLD), (0, 2, THRESHOLD - 1e-3), (0, 4, f32::NAN), (2, 5, 1.0), (u32::MAX, 0, 1.0), (4, 4, 1.0)];
    assert_eq!(group(&all_traits(&images), &pairs, THRESHOLD), [near(&[1, 3])]);
    assert_eq!(group(&[], &[(0, 1, 1.0)], THRESHOLD), []);
}

#[test]
fn the_best_is_the_largest_sharp_one_then_the_one_with_most_bytes_then_the_first() {
    let sha256 = [0; 32];
    let rows = |figures: &[(u64, Option<f32>, u64)]| -> Vec<Traits<'static>> {
        let sha256: &'static [u8; 32] = &[0; 32];
        let one = |&(pixels, sharpness, byte_size)| Traits {
            sha256: Some(sha256),
            dhash: None,
            pixels,
            byte_size,
            sharpness,
        };
        figures.iter().map(one).collect()
    };
    let all = |figures: &[(u64, Option<f32>, u64)]| {
        let every: Vec<u32> = (0..figures.len() as u32).collect();
        best(&rows(figures), &every)
    };
    assert_eq!(all(&[(4, Some(9.0), 9), (5, None, 1), (4, Some(1.0), 1)]), Some(1));
    assert_eq!(all(&[(4, Some(f32::NAN), 9), (4, Some(1.0), 1), (4, None, 9)]), Some(1));
    assert_eq!(all(&[(4, Some(10.0), 3), (4, Some(9.0), 4)]), Some(1), "compression looks sharp");
    assert_eq!(all(&[(4, Some(10.0), 3), (4, Some(7.0), 9)]), Some(0), "one is blurred");
    assert_eq!(all(&[(4, Some(2.0), 3), (4, Some(2.0), 4), (4, Some(2.0), 4)]), Some(1));
    assert_eq!(best(&[traits(&sha256, None); 4], &[3, 2]), Some(2));
    assert_eq!(best(&[], &[]), None);
}

#[test]
fn groups_are_serialised_as_in_the_public_api() {
    let written = serde_json::to_value([exact(&[0, 2]), near(&[1, 3])]).unwrap();
    assert_eq!(written, json!([{ "kind": "exact", "rows": [0, 2] }, { "kind": "near", "rows": [1, 3] }]));
}

/// Comparing each with each would take minutes.
#[test]
fn scans_with_white_tops_are_compared_by_their_lower_halves() {
    let mut state = 1_u64;
    let mut scans: Vec<Option<u64>> = (0..100_000)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            Some(0x00ff << 48 | state >> 32)
        })
        .collect();
    let copies = 0..1000_u32;
    for row in copies.clone() {
        scans.push(scans[row as usize * 7].map(|hash| hash ^ 0x8000_0100_0040_0001));
    }
    let found = similar_hashes(&scans);
    for row in copies {
        assert!(found.binary_search(&(row * 7, 100_000 + row)).is_ok(), "{row}");
    }
}

/// Hashes around one, at most two bits from it: nearly all pairs are near.
#[test]
fn thousands_of_near_hashes_are_connected_by_few_pairs() {
    let centre = 0x0123_4567_89ab_cdef_u64;
    let bits = || (0..64).map(|bit| 1_u64 << bit);
    let hashes: Vec<u64> = bits().flat_map(|one| bits().map(move |other| centre ^ (one | other))).collect();
    let images = distinct(&hashes.iter().copied().map(Some).collect::<Vec<_>>());
    let rows: Vec<Traits<'_>> = all_traits(&images).into_iter().map(|row| Traits { sha256: None, ..row }).collect();
    assert_eq!(group(&rows, &[], THRESHOLD).len(), 1);
    assert!(candidates(&rows).len() < 70 * hashes.len());
}

/// Hashes that are often near each other; some are equal, sparse or missing.
fn hashes() -> impl Strategy<Value = Vec<Option<u64>>> {
    let bases = [0x0123_4567_89ab_cdef_u64, 0xff00_ff00_f0f0_3c3c, 0];
    let flips = prop::collection::vec(0_u32..64, 0..8);
    let one = (prop::sample::select(bases.to_vec()), flips, 0_u32..10).prop_map(|(base, flips, missing)| {
        (missing > 0).then(|| flips.into_iter().fold(base, |hash, bit| hash ^ 1 << bit))
    });
    prop::collection::vec(one, 0..30)
}

/// The groups that result from comparing every pair.
fn by_every_pair(rows: &[Traits<'_>], near_pairs: &[(u32, u32, f32)]) -> Vec<DuplicateGroup> {
    let first_with = |hash: u64| rows.iter().position(|row| row.dhash == Some(hash));
    let is_informative = |hash: u64| hash.count_ones() >= LEAST_BITS && hash.count_zeros() >= LEAST_BITS;
    let are_duplicates = |one: usize, other: usize| {
        let cosines = || {
            let of_both =
                |pair: &&(u32, u32, f32)| [(one, other), (other, one)].contains(&(pair.0 as usize, pair.1 as usize));
            near_pairs.iter().filter(of_both).map(|pair| pair.2)
        };
        let by_hash = rows[one].dhash.zip(rows[other].dhash).is_some_and(|(hash, other_hash)| {
            let compared = first_with(hash) == Some(one) && [one, other].contains(&first_with(other_hash).unwrap());
            compared
                && is_informative(hash)
                && is_informative(other_hash)
                && (hash ^ other_hash).count_ones() <= HAMMING_LIMIT
        });
        let is_vetoed = cosines().any(|cosine| cosine < COSINE_FLOOR);
        let by_cosine = cosines().any(|cosine| cosine >= THRESHOLD);
        rows[one].sha256 == rows[other].sha256 || by_cosine || by_hash && !is_vetoed
    };
    let mut labels: Vec<usize> = (0..rows.len()).collect();
    for other in 0..rows.len() {
        for one in 0..other {
            if are_duplicates(one, other) && labels[one] != labels[other] {
                let (kept, gone) = (labels[one], labels[other]);
                labels.iter_mut().filter(|label| **label == gone).for_each(|label| *label = kept);
            }
        }
    }
    let mut groups: Vec<DuplicateGroup> = Vec::new();
    for first in 0..rows.len() {
        let members: Vec<u32> =
            (0..rows.len()).filter(|row| labels[*row] == labels[first]).map(|row| row as u32).collect();
        if members[0] as usize == first && members.len() > 1 {
            let same = members.iter().all(|row| rows[*row as usize].sha256 == rows[first].sha256);
            groups.push(if same { exact(&members) } else { near(&members) });
        }
    }
    groups
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn groups_equal_those_of_comparing_every_pair(
        hashes in hashes(),
        bytes in prop::collection::vec(0_u8..60, 30),
        near_pairs in prop::collection::vec((0_u32..30, 0_u32..30, 0.85_f32..1.0), 0..12),
    ) {
        let shas: Vec<[u8; 32]> = bytes.iter().map(|byte| [*byte; 32]).collect();
        let rows: Vec<Traits<'_>> = shas.iter().zip(&hashes).map(|(sha256, hash)| traits(sha256, *hash)).collect();
        let near_pairs: Vec<(u32, u32, f32)> = near_pairs
            .into_iter()
            .filter(|pair| (pair.0.max(pair.1) as usize) < rows.len() && pair.0 != pair.1)
            .collect();
        prop_assert_eq!(group(&rows, &near_pairs, THRESHOLD), by_every_pair(&rows, &near_pairs));
    }

    #[test]
    fn candidates_are_all_pairs_of_near_distinct_hashes(hashes in hashes()) {
        let mut hashes: Vec<u64> = hashes.into_iter().flatten().filter(|hash| hash.count_ones() >= LEAST_BITS).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let images = distinct(&hashes.iter().copied().map(Some).collect::<Vec<_>>());
        let mut every = Vec::new();
        for one in 0..hashes.len() {
            for other in one + 1..hashes.len() {
                if (hashes[one] ^ hashes[other]).count_ones() <= HAMMING_LIMIT {
                    every.push((one as u32, other as u32));
                }
            }
        }
        prop_assert_eq!(candidates(&all_traits(&images)), every);
    }
}

//! Difference hashes, compared with NumPy's, and pairs of near hashes.

use proptest::prelude::*;
use serde::Deserialize;
use shoal::collection::duplicates::{HAMMING_LIMIT, LEAST_BITS, dhash, similar_hashes};

#[derive(Deserialize)]
struct Hashed {
    luma: Vec<u8>,
    hash: String,
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

fn pairs(hashes: &[u64]) -> Vec<(u32, u32)> {
    similar_hashes(&hashes.iter().copied().map(Some).collect::<Vec<_>>())
}

#[test]
fn near_hashes_differ_in_few_bits() {
    let base = 0x0123_4567_89ab_cdef_u64;
    let at_limit = base ^ 0x8000_0100_0040_0001;
    let beyond = base ^ 0x8000_0110_0040_0001;
    assert_eq!((base ^ at_limit).count_ones(), HAMMING_LIMIT);
    assert_eq!(similar_hashes(&[Some(base), Some(beyond), None, Some(at_limit), Some(!base)]), [(0, 3), (1, 3)]);
}

#[test]
fn hashes_of_uniform_images_are_ignored() {
    let sparse = (1 << (LEAST_BITS - 1)) - 1;
    assert_eq!(pairs(&[0, 0, sparse, sparse, !sparse, !sparse]), []);
    let enough = (1 << LEAST_BITS) - 1;
    assert_eq!(pairs(&[!enough, enough, enough, !enough]), [(0, 3), (1, 2)]);
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
    let found = pairs(&hashes);
    assert!(found.len() < 70 * hashes.len());
    let mut labels: Vec<usize> = (0..hashes.len()).collect();
    // Pairs are sorted by their lower rows: a few rounds suffice to carry the lowest label to all.
    for _ in 0..8 {
        for &(one, other) in &found {
            let lowest = labels[one as usize].min(labels[other as usize]);
            (labels[one as usize], labels[other as usize]) = (lowest, lowest);
        }
    }
    assert!(labels.iter().all(|label| *label == 0));
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn candidates_are_all_pairs_of_near_distinct_hashes(hashes in hashes()) {
        let mut hashes: Vec<u64> = hashes.into_iter().flatten().filter(|hash| hash.count_ones() >= LEAST_BITS).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let mut every = Vec::new();
        for one in 0..hashes.len() {
            for other in one + 1..hashes.len() {
                if (hashes[one] ^ hashes[other]).count_ones() <= HAMMING_LIMIT {
                    every.push((one as u32, other as u32));
                }
            }
        }
        prop_assert_eq!(pairs(&hashes), every);
    }
}

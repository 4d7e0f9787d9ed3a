//! Least-recently-used eviction.

use proptest::prelude::*;
use shoal::collection::eviction::{CacheEntry, to_evict};

fn entries(pairs: &[(f64, u64)]) -> Vec<CacheEntry> {
    pairs.iter().map(|&(used_ms, byte_size)| CacheEntry { used_ms, byte_size }).collect()
}

#[test]
fn the_least_recently_used_are_evicted_first() {
    let entries = entries(&[(3.0, 10), (1.0, 10), (2.0, 10)]);
    assert!(to_evict(&entries, 30).is_empty());
    assert_eq!(to_evict(&entries, 29), [1]);
    assert_eq!(to_evict(&entries, 10), [1, 2]);
    assert_eq!(to_evict(&entries, 9), [1, 2, 0]);
    assert!(to_evict(&[], 0).is_empty());
}

proptest! {
    #[test]
    fn the_rest_fits_and_nothing_is_evicted_needlessly(pairs in proptest::collection::vec((0_u32..50, 0_u64..100), 0..40), max_bytes in 0_u64..2000) {
        let entries = entries(&pairs.iter().map(|&(used, bytes)| (f64::from(used), bytes)).collect::<Vec<_>>());
        let evicted = to_evict(&entries, max_bytes);
        let is_kept = |index: &usize| !evicted.contains(index);
        let left: u64 = (0..entries.len()).filter(is_kept).map(|index| entries[index].byte_size).sum();
        prop_assert!(left <= max_bytes);
        if let Some((last, others)) = evicted.split_last() {
            prop_assert!(left + entries[*last].byte_size > max_bytes, "the last eviction was unnecessary");
            prop_assert!(others.iter().all(|&index| entries[index].used_ms <= entries[*last].used_ms));
            prop_assert!((0..entries.len()).filter(is_kept).all(|index| entries[index].used_ms >= entries[*last].used_ms));
        }
    }
}

//! Least-recently-used eviction for a cache of bounded size.

/// The size and last use of a cache entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CacheEntry {
    /// When the entry was last used, in milliseconds since 1970 (UTC).
    pub used_ms: f64,
    /// The number of bytes that it takes.
    pub byte_size: u64,
}

/// Indices into `entries` of those to evict, so that the rest takes at most `max_bytes`: the least recently used, in order of
/// `entries` where the times are equal.
pub fn to_evict(entries: &[CacheEntry], max_bytes: u64) -> Vec<usize> {
    let mut left: u64 = entries.iter().map(|entry| entry.byte_size).sum();
    let mut oldest_first: Vec<usize> = (0..entries.len()).collect();
    oldest_first.sort_by(|&one, &other| entries[one].used_ms.total_cmp(&entries[other].used_ms));
    oldest_first
        .into_iter()
        .take_while(|&index| {
            let evict = left > max_bytes;
            left -= if evict { entries[index].byte_size } else { 0 };
            evict
        })
        .collect()
}

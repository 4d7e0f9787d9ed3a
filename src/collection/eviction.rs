//! What is forgotten first where room is bounded.

/// What is kept of one entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Use {
    /// When it was last used, in milliseconds since 1970 (UTC).
    pub used_ms: f64,
    /// How many bytes it takes.
    pub byte_size: u64,
}

/// The entries, by their places in `uses`, that must go for the rest to take no more than `most_bytes`: those that were not
/// used for longest, of those used at the same time the first.
pub fn to_forget(uses: &[Use], most_bytes: u64) -> Vec<usize> {
    let mut left: u64 = uses.iter().map(|one| one.byte_size).sum();
    let mut places: Vec<usize> = (0..uses.len()).collect();
    places.sort_by(|&one, &other| uses[one].used_ms.total_cmp(&uses[other].used_ms));
    places
        .into_iter()
        .take_while(|&place| {
            let goes = left > most_bytes;
            left -= if goes { uses[place].byte_size } else { 0 };
            goes
        })
        .collect()
}

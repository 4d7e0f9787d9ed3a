//! What is forgotten first where room is bounded.

use proptest::prelude::*;
use shoal::collection::eviction::{Use, to_forget};

fn uses(pairs: &[(f64, u64)]) -> Vec<Use> {
    pairs.iter().map(|&(used_ms, byte_size)| Use { used_ms, byte_size }).collect()
}

#[test]
fn the_longest_unused_go_first() {
    let uses = uses(&[(3.0, 10), (1.0, 10), (2.0, 10)]);
    assert!(to_forget(&uses, 30).is_empty());
    assert_eq!(to_forget(&uses, 29), [1]);
    assert_eq!(to_forget(&uses, 10), [1, 2]);
    assert_eq!(to_forget(&uses, 9), [1, 2, 0]);
    assert!(to_forget(&[], 0).is_empty());
}

proptest! {
    #[test]
    fn what_stays_fits_and_nothing_goes_in_vain(pairs in proptest::collection::vec((0_u32..50, 0_u64..100), 0..40), most in 0_u64..2000) {
        let uses = uses(&pairs.iter().map(|&(used, bytes)| (f64::from(used), bytes)).collect::<Vec<_>>());
        let gone = to_forget(&uses, most);
        let stays = |place: &usize| !gone.contains(place);
        let left: u64 = (0..uses.len()).filter(stays).map(|place| uses[place].byte_size).sum();
        prop_assert!(left <= most);
        if let Some((last, others)) = gone.split_last() {
            prop_assert!(left + uses[*last].byte_size > most, "one less would have done");
            prop_assert!(others.iter().all(|&place| uses[place].used_ms <= uses[*last].used_ms));
            prop_assert!((0..uses.len()).filter(stays).all(|place| uses[place].used_ms >= uses[*last].used_ms));
        }
    }
}

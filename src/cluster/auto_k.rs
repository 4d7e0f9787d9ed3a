//! How many groups, when that is left to the program: the count with the best mean silhouette.
//!
//! Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987.

use std::ops::RangeInclusive;

/// The most groups that are tried.
const MOST: usize = 20;

/// The counts to try for `n` rows; `None` when there are fewer than 3, where no silhouette is defined.
pub fn candidates(n: usize) -> Option<RangeInclusive<usize>> {
    (n >= 3).then(|| 2..=MOST.min(n - 1))
}

/// The count of the highest mean silhouette among `(k, silhouette)`, ties to the smaller `k`; `None` when none is defined.
pub fn best(curve: &[(usize, Option<f32>)]) -> Option<usize> {
    curve
        .iter()
        .filter_map(|&(k, silhouette)| silhouette.filter(|value| !value.is_nan()).map(|value| (k, value)))
        .max_by(|(k, value), (other_k, other)| value.total_cmp(other).then(other_k.cmp(k)))
        .map(|(k, _)| k)
}

#[cfg(test)]
mod tests {
    use super::{best, candidates};

    #[test]
    fn tries_no_more_groups_than_can_be_judged() {
        assert_eq!([0, 1, 2].map(candidates), [None, None, None]);
        assert_eq!(candidates(3), Some(2..=2));
        assert_eq!(candidates(20), Some(2..=19));
        assert_eq!(candidates(9000), Some(2..=20));
    }

    #[test]
    fn takes_the_smaller_of_two_equally_good_counts() {
        assert_eq!(best(&[(4, Some(0.5)), (3, Some(0.5)), (2, Some(0.1)), (5, None), (6, Some(f32::NAN))]), Some(3));
        assert_eq!(best(&[(2, Some(-0.0)), (3, Some(-0.25))]), Some(2));
        assert_eq!(best(&[(2, None)]), None);
        assert_eq!(best(&[]), None);
    }
}

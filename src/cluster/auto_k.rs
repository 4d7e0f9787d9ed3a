//! Automatic choice of the number of clusters: the count with the highest mean silhouette.
//!
//! Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987.

use std::ops::RangeInclusive;

/// The highest count to try.
const MAX_K: usize = 30;
/// The maximum number of proposals.
const MAX_PROPOSALS: usize = 4;

/// The counts to try for `n` rows; `None` for fewer than 3 rows, where the silhouette is undefined.
pub fn candidates(n: usize) -> Option<RangeInclusive<usize>> {
    (n >= 3).then(|| 2..=MAX_K.min(n - 1))
}

/// The `k` with the highest mean silhouette among `(k, silhouette)`, ties to the smaller `k`; `None` if no silhouette is
/// defined.
pub fn best(curve: &[(usize, Option<f32>)]) -> Option<usize> {
    curve
        .iter()
        .filter_map(|&(k, silhouette)| silhouette.filter(|value| !value.is_nan()).map(|value| (k, value)))
        .max_by(|(k, value), (other_k, other)| value.total_cmp(other).then(other_k.cmp(k)))
        .map(|(k, _)| k)
}

/// The counts to propose among `(k, silhouette)`, which is in ascending order of `k`: the peaks of the curve, the highest
/// first, at most four. The first is the [`best`].
///
/// A count is a peak if neither neighbour in the curve is better; of equal neighbours, the smaller count is the peak.
pub fn proposals(curve: &[(usize, Option<f32>)]) -> Vec<usize> {
    let height = |index: usize| curve.get(index).and_then(|&(_, value)| value).filter(|value| !value.is_nan());
    let mut peaks: Vec<(usize, f32)> = (0..curve.len())
        .filter_map(|index| {
            let value = height(index)?;
            let falls_before = index.checked_sub(1).and_then(height).is_none_or(|before| before < value);
            let falls_after = height(index + 1).is_none_or(|after| after <= value);
            (falls_before && falls_after).then_some((curve[index].0, value))
        })
        .collect();
    peaks.sort_by(|(k, value), (other_k, other)| other.total_cmp(value).then(k.cmp(other_k)));
    peaks.truncate(MAX_PROPOSALS);
    peaks.into_iter().map(|(k, _)| k).collect()
}

#[cfg(test)]
mod tests {
    use super::{best, candidates, proposals};

    #[test]
    fn proposals_are_the_best_and_the_other_peaks() {
        let curve = |values: &[f32]| (2..).zip(values.iter().map(|&value| Some(value))).collect::<Vec<_>>();
        assert_eq!(proposals(&curve(&[0.1, 0.3, 0.2, 0.4, 0.4, 0.1, 0.2])), [5, 3, 8]);
        assert_eq!(proposals(&curve(&[0.5, 0.4, 0.3])), [2]);
        assert_eq!(proposals(&curve(&[0.1, 0.0, 0.2, 0.0, 0.3, 0.0, 0.4, 0.0, 0.5])), [10, 8, 6, 4]);
        assert_eq!(proposals(&[(2, None), (3, Some(0.1)), (4, Some(f32::NAN))]), [3]);
        assert!(proposals(&[]).is_empty());
        for values in [&[0.2, 0.7, 0.7][..], &[0.3, 0.3, 0.1]] {
            assert_eq!(proposals(&curve(values)).first().copied(), best(&curve(values)));
        }
    }

    #[test]
    fn candidates_leave_the_silhouette_defined() {
        assert_eq!([0, 1, 2].map(candidates), [None, None, None]);
        assert_eq!(candidates(3), Some(2..=2));
        assert_eq!(candidates(20), Some(2..=19));
        assert_eq!(candidates(9000), Some(2..=30));
    }

    #[test]
    fn best_takes_the_smaller_of_two_equal_counts() {
        assert_eq!(best(&[(4, Some(0.5)), (3, Some(0.5)), (2, Some(0.1)), (5, None), (6, Some(f32::NAN))]), Some(3));
        assert_eq!(best(&[(2, Some(-0.0)), (3, Some(-0.25))]), Some(2));
        assert_eq!(best(&[(2, None)]), None);
        assert_eq!(best(&[]), None);
    }
}

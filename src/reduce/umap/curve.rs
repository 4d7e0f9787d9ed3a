//! The membership of a pair of rows in the layout, by their distance `x`: `1 / (1 + a x^2b)`.
//!
//! As in umap-learn, `a` and `b` fit this smooth curve to 1 up to the minimum distance, and to an exponential decay beyond it (section 4.1 of McInnes, Healy and Melville, 2018).

use super::elementary::{exp, ln, pow};

/// The number of distances at which the curves are compared.
const SAMPLES: u32 = 300;
/// The largest of them; the decay is that of a spread of 1.
const FURTHEST: f64 = 3.0;
/// The maximum number of steps of the fit, which takes about 10.
const MAX_STEPS: u32 = 200;
/// The fit ends when a step changes both parameters by at most this share.
const TOLERANCE: f64 = 1e-12;

/// The curve's parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// The factor of the distance's power, positive.
    pub a: f64,
    /// Half the exponent of the distance, positive.
    pub b: f64,
}

impl Curve {
    /// The curve for a minimum distance of `min_dist`, 0 to 1: least squares by the Levenberg-Marquardt method.
    pub fn fit(min_dist: f64) -> Self {
        let mut curve = Self { a: 1.0, b: 1.0 };
        let (mut error, mut damping) = (curve.error(min_dist), 1e-3);
        for _ in 0..MAX_STEPS {
            let (step_a, step_b) = curve.step(min_dist, damping);
            let next = Self { a: curve.a + step_a, b: curve.b + step_b };
            let settled = step_a.abs() <= TOLERANCE * curve.a && step_b.abs() <= TOLERANCE * curve.b;
            let next_error = if next.a > 0.0 && next.b > 0.0 { next.error(min_dist) } else { f64::INFINITY };
            if next_error <= error {
                (curve, error, damping) = (next, next_error, damping / 10.0);
            } else {
                damping *= 10.0;
            }
            if settled {
                break;
            }
        }
        curve
    }

    /// The sum of squared differences from the target.
    fn error(&self, min_dist: f64) -> f64 {
        targets(min_dist).map(|(x, target)| (self.value(x) - target).powi(2)).sum()
    }

    fn value(&self, x: f64) -> f64 {
        if x > 0.0 { 1.0 / (1.0 + self.a * pow(x, 2.0 * self.b)) } else { 1.0 }
    }

    /// The damped step of `a` and `b` towards the smallest error.
    fn step(&self, min_dist: f64, damping: f64) -> (f64, f64) {
        let (mut aa, mut ab, mut bb, mut a, mut b) = (0.0, 0.0, 0.0, 0.0, 0.0);
        // At distance 0 the curve is 1 for any parameters.
        for (x, target) in targets(min_dist).skip(1) {
            let (value, power) = (self.value(x), pow(x, 2.0 * self.b));
            let by_a = -power * value * value;
            let by_b = 2.0 * self.a * ln(x) * by_a;
            let left = target - value;
            aa += by_a * by_a;
            ab += by_a * by_b;
            bb += by_b * by_b;
            a += by_a * left;
            b += by_b * left;
        }
        aa *= 1.0 + damping;
        bb *= 1.0 + damping;
        let determinant = aa * bb - ab * ab;
        ((a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant)
    }
}

/// Distances and the target there.
fn targets(min_dist: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..SAMPLES).map(move |index| {
        let x = f64::from(index) * FURTHEST / f64::from(SAMPLES - 1);
        (x, if x < min_dist { 1.0 } else { exp(min_dist - x) })
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::Curve;
    use crate::cluster::test_support::read_oracle;

    #[derive(Deserialize)]
    struct CurveCase {
        min_dist: f64,
        a: f64,
        b: f64,
    }

    #[test]
    fn curves_are_umap_learns() {
        for case in read_oracle::<CurveCase>("umap_curves") {
            let curve = Curve::fit(case.min_dist);
            let far = |found: f64, expected: f64| (found / expected - 1.0).abs() > 1e-5;
            assert!(!far(curve.a, case.a) && !far(curve.b, case.b), "{curve:?} at {}", case.min_dist);
        }
    }
}

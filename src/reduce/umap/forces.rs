//! Attraction and repulsion between rows of a layout, by their squared distance.
//!
//! Both forces contain a power of the distance, which would take most of the time of a layout and differs between platforms.
//! They are interpolated in tables instead: the exponent of the squared distance and the first bits of its fraction select the
//! entry, the remaining bits the position between two entries.

use super::curve::Curve;
use super::elementary::pow;

/// Bits of the fraction that select an entry.
const ENTRY_BITS: u32 = 6;
/// Bits of a float's fraction.
const FRACTION_BITS: u32 = 23;
/// Bits of the fraction that select the position between two entries.
const REST_BITS: u32 = FRACTION_BITS - ENTRY_BITS;
/// The lower limit of squared distances, 2^-24 as bits. Below, moves are negligible.
const LEAST: u32 = (127 - 24) << FRACTION_BITS;
/// The upper limit of squared distances, 2^24 as bits. Above, forces are negligible.
const END: u32 = (127 + 24) << FRACTION_BITS;
/// The number of entries of a table.
const ENTRIES: usize = ((END - LEAST) >> REST_BITS) as usize;
/// Keeps the repulsion of coincident rows finite, as in umap-learn.
const SOFTENING: f64 = 0.001;

/// A positive function of the squared distance, relative error below 5e-4 within the range of the table.
#[derive(Clone, Debug)]
pub struct Force {
    /// The value at each entry, and the difference to the next.
    entries: Box<[[f32; 2]; ENTRIES]>,
}

impl Force {
    /// The attraction along an edge, per unit of the difference.
    pub fn attraction(curve: Curve) -> Self {
        let Curve { a, b } = curve;
        Self::table(|squared| 2.0 * a * b * pow(squared, b - 1.0) / (1.0 + a * pow(squared, b)))
    }

    /// The repulsion of any two rows, per unit of the difference.
    pub fn repulsion(curve: Curve) -> Self {
        let Curve { a, b } = curve;
        Self::table(|squared| 2.0 * b / ((SOFTENING + squared) * (1.0 + a * pow(squared, b))))
    }

    fn table(force: impl Fn(f64) -> f64) -> Self {
        let at = |entry: usize| force(f64::from(f32::from_bits(LEAST + ((entry as u32) << REST_BITS))));
        let mut entries = Box::new([[0.0; 2]; ENTRIES]);
        for (index, entry) in entries.iter_mut().enumerate() {
            let (value, next) = (at(index), at(index + 1));
            *entry = [value as f32, (next - value) as f32];
        }
        Self { entries }
    }

    /// The force at a squared distance, which is not negative.
    #[inline]
    pub fn at(&self, squared: f32) -> f32 {
        // Non-negative floats are ordered like their bits.
        let bits = squared.to_bits().clamp(LEAST, END - 1);
        let [value, change] = self.entries[((bits - LEAST) >> REST_BITS) as usize];
        let rest = (bits << ENTRY_BITS) & ((1 << FRACTION_BITS) - 1);
        let share = f32::from_bits(rest | 1.0_f32.to_bits()) - 1.0;
        value + change * share
    }
}

#[cfg(test)]
mod tests {
    use super::{Curve, Force};

    #[test]
    fn tables_match_the_formulas() {
        for min_dist in [0.0, 0.1, 0.5, 1.0] {
            let curve = Curve::fit(min_dist);
            let (attraction, repulsion) = (Force::attraction(curve), Force::repulsion(curve));
            for step in 0..40_000 {
                let squared = 2.0_f64.powf(f64::from(step) * 48.0 / 40_000.0 - 24.0);
                let shape = 1.0 + curve.a * squared.powf(curve.b);
                let drawn = 2.0 * curve.a * curve.b * squared.powf(curve.b - 1.0) / shape;
                let pushed = 2.0 * curve.b / ((0.001 + squared) * shape);
                for (found, expected) in
                    [(attraction.at(squared as f32), drawn), (repulsion.at(squared as f32), pushed)]
                {
                    assert!((f64::from(found) / expected - 1.0).abs() < 5e-4, "{found} is not {expected} at {squared}");
                }
            }
        }
    }

    #[test]
    fn forces_are_finite_at_any_distance() {
        let force = Force::attraction(Curve::fit(0.0));
        assert_eq!(force.at(0.0), force.at(1e-12));
        assert_eq!(force.at(f32::INFINITY), force.at(1e30));
        assert!(force.at(f32::INFINITY) > 0.0 && force.at(0.0).is_finite());
    }
}

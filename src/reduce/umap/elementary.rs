//! Exponential and logarithm with the same bits on every platform, from sums and products alone. The standard library's differ
//! between platforms in the last bits, which would lead to different layouts.

use std::f64::consts::{LN_2, SQRT_2};

/// Terms of the series; later ones are below the rounding of a double.
const TERMS: u32 = 14;
/// Bits of a double's fraction.
const FRACTION_BITS: u32 = 52;
/// The bias of a double's stored exponent.
const BIAS: i64 = 1023;

/// `e` to the power of `x`, which is finite; relative error below 1e-14. 0 or infinity outside the range of normal doubles.
pub fn exp(x: f64) -> f64 {
    let halvings = (x / LN_2).round();
    let rest = x - halvings * LN_2;
    let mut sum = 1.0;
    for term in (1..=TERMS).rev() {
        sum = 1.0 + sum * rest / f64::from(term);
    }
    match halvings as i64 {
        ..-1022 => 0.0,
        exponent @ -1022..=1023 => sum * f64::from_bits(((exponent + BIAS) as u64) << FRACTION_BITS),
        _ => f64::INFINITY,
    }
}

/// The natural logarithm of `x`, a positive normal double; error below 1e-15, or that share of the logarithm.
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = (bits >> FRACTION_BITS) as i64 - BIAS;
    let mut fraction = f64::from_bits((bits & ((1 << FRACTION_BITS) - 1)) | ((BIAS as u64) << FRACTION_BITS));
    if fraction > SQRT_2 {
        fraction /= 2.0;
        exponent += 1;
    }
    // ln f = 2 artanh((f - 1) / (f + 1)), whose argument is below 0.18 here.
    let ratio = (fraction - 1.0) / (fraction + 1.0);
    let square = ratio * ratio;
    let mut sum = 0.0;
    for term in (0..TERMS).rev() {
        sum = sum * square + 1.0 / f64::from(2 * term + 1);
    }
    exponent as f64 * LN_2 + 2.0 * ratio * sum
}

/// `x`, a positive normal double, to the power of `y`; relative error below 1e-12 if the result is a normal double.
pub fn pow(x: f64, y: f64) -> f64 {
    exp(y * ln(x))
}

#[cfg(test)]
mod tests {
    use super::{exp, ln, pow};

    #[test]
    fn functions_equal_the_platforms_up_to_rounding() {
        for step in -7000..7000 {
            let x = f64::from(step) * 0.1;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "exp {x}");
            let power = x.exp();
            assert!((ln(power) - x).abs() < 1e-15 * x.abs().max(1.0) * 2.0, "ln {power}");
        }
        for step in 1..2000 {
            let x = f64::from(step) * 0.013;
            assert!((pow(x, 1.58) / x.powf(1.58) - 1.0).abs() < 1e-13, "pow {x}");
        }
        assert_eq!((exp(0.0), ln(1.0), exp(-800.0), exp(800.0)), (1.0, 0.0, 0.0, f64::INFINITY));
    }
}

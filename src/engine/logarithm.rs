//! The natural logarithm by arithmetic alone.
//!
//! Each platform's own differs in the last bit, and the same evidence gives the same advice on every
//! surface, bit for bit.

use std::f64::consts::{LN_2, SQRT_2};

/// Terms of the series; the next would be below the rounding.
const TERMS: u32 = 12;
/// Bits of a fraction, of IEEE 754 binary64.
const FRACTION: u32 = 52;
const BIAS: i32 = 1023;

/// ln x, for x above zero and not denormal.
///
/// ln x = e ln 2 + ln m with x = m 2^e, and ln m = 2 artanh((m − 1) / (m + 1)).
#[must_use]
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = i32::try_from(bits >> FRACTION & 0x7ff).unwrap_or(0) - BIAS;
    let one = u64::from(BIAS.unsigned_abs()) << FRACTION;
    let mut m = f64::from_bits(bits & ((1 << FRACTION) - 1) | one);
    if m > SQRT_2 {
        m /= 2.0;
        exponent += 1;
    }
    let t = (m - 1.0) / (m + 1.0);
    let series = (0..TERMS).rev().fold(0.0, |sum, n| sum * t * t + 1.0 / f64::from(2 * n + 1));
    f64::from(exponent) * LN_2 + 2.0 * t * series
}

#[cfg(test)]
mod tests {
    use super::{SQRT_2, ln};

    #[test]
    fn it_is_the_logarithm() {
        let mut x = 1e-300;
        while x < 1e300 {
            for x in [x, x * SQRT_2 * 0.9999, x * SQRT_2 * 1.0001, 1.0 + x / 1e300] {
                let (got, want) = (ln(x), x.ln());
                assert!(
                    (got - want).abs() <= 4.0 * f64::EPSILON * want.abs().max(1e-8),
                    "{x}: {got} {want}"
                );
            }
            x *= 1.37;
        }
        assert!(ln(1.0).abs() < f64::MIN_POSITIVE);
    }
}

//! Probabilities as sixteen-bit fractions: a quarter of the bytes, and far finer than any estimate.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The fraction that stands for one. A step is 0.000015.
const ONE: f64 = 65535.0;

/// Writes rows of probabilities.
///
/// # Errors
/// What the serializer reports.
pub fn serialize<S: Serializer>(rows: &[Vec<f64>], serializer: S) -> Result<S::Ok, S::Error> {
    let packed: Vec<Vec<u16>> =
        rows.iter().map(|row| row.iter().map(|p| pack(*p)).collect()).collect();
    packed.serialize(serializer)
}

/// Reads rows of probabilities.
///
/// # Errors
/// What the deserializer reports.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<f64>>, D::Error> {
    let packed: Vec<Vec<u16>> = Deserialize::deserialize(deserializer)?;
    Ok(packed.iter().map(|row| row.iter().map(|p| f64::from(*p) / ONE).collect()).collect())
}

/// The nearest fraction; never zero, because no evidence excludes a fault.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to the range of the type"
)]
fn pack(p: f64) -> u16 {
    (p * ONE).round().clamp(1.0, ONE) as u16
}

//! How well a repair works at the first try, and when it is done once more with care.

use crate::knowledge::{ActionId, FaultId, Knowledge};

/// P(the mail goes out | fault) of the next try of a repair that failed `before` times.
///
/// A step is easily missed, so what the knowledge says of a repair is P(carried out properly) ×
/// P(fix | carried out); once it failed, the fault is still there if the step was missed
/// (shared/decisions.md §2, "carry-out"). More than two tries are never advised and add nothing.
#[must_use]
pub fn repairs(kb: &Knowledge, action: ActionId, fault: FaultId, before: usize) -> f64 {
    let first = kb.action(action).repairs(fault);
    match before {
        0 => first,
        1 => again(first, kb.constants.carry_out),
        _ => 0.0,
    }
}

/// P(fix at the second try | it failed at the first), by Bayes: only a try that was not carried out
/// properly leaves something to gain.
fn again(first: f64, carry_out: f64) -> f64 {
    let works = (first / carry_out).min(1.0);
    carry_out * (1.0 - carry_out) * works / (1.0 - carry_out * works)
}

/// Tries of a repair that failed.
#[must_use]
pub fn tries(failed: &[ActionId], action: ActionId) -> usize {
    failed.iter().filter(|id| **id == action).count()
}

//! What the words of a text say of the fault, learnt from reports whose fault is known.
//!
//! `terms.toml` counts, for every word, in how many reports of each fault it stands. The compiler
//! turns the counts into pulls: how much more often a word stands in reports of one fault than in
//! all of them, as a logarithm. Words of one text depend on each other, so each counts only in
//! part (`term-weight`).

use super::files::Files;
use super::model::{Fault, Term};
use super::source::{Model, Terms};

/// A pull's unit, in nats: far finer than what the counts can tell, and small to store.
pub const UNIT: f64 = 0.25;
/// Reports that the average over all faults counts as, in each fault.
const AVERAGE: f64 = 20.0;

/// Every word that tells something, sorted by word.
#[must_use]
pub fn terms(files: &Files, faults: &[Fault]) -> Vec<Term> {
    let counted = files.files.iter().find_map(|file| file.content.terms.as_ref());
    let Some(counted) = counted else { return Vec::new() };
    let terms = counted.word.iter().map(|(word, counts)| Term {
        word: word.clone(),
        pulls: faults.iter().map(|fault| pull(counted, counts, &fault.key)).collect(),
    });
    terms.filter(|term| term.pulls.iter().any(|pull| *pull != 0)).collect()
}

/// What one unit of pull multiplies the odds by.
#[must_use]
pub fn step(model: &Model) -> f64 {
    (model.term_weight * UNIT).exp()
}

/// The smoothed log ratio; nothing for a fault without reports, as for the leak.
fn pull(counted: &Terms, counts: &[u32], fault: &str) -> i8 {
    let Some(at) = counted.faults.iter().position(|it| it == fault) else { return 0 };
    let number = |list: &[u32]| f64::from(list.get(at).copied().unwrap_or(0));
    let all = |list: &[u32]| f64::from(list.iter().sum::<u32>());
    let average = all(counts) / all(&counted.reports);
    let share = (number(counts) + AVERAGE * average) / (number(&counted.reports) + AVERAGE);
    rounded((share / average).ln() / UNIT)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is clamped to the range of the type"
)]
fn rounded(units: f64) -> i8 {
    units.round().clamp(-100.0, 100.0) as i8
}

//! The words of the user's text as evidence: each weak, all together worth asking about.

use crate::knowledge::{FaultId, Knowledge, TermId};

/// What the words multiply the odds of each fault by, indexed by fault.
///
/// A tempered naive Bayes over the words' presence (A. McCallum and K. Nigam 1998, "A comparison of
/// event models for naive Bayes text classification", §2; tempering because words of one text are
/// not independent). Computed by multiplication alone, so it is the same on every machine.
#[must_use]
pub fn factors(kb: &Knowledge, terms: &[TermId]) -> Vec<f64> {
    let named = kb.fault_ids().filter(|fault| *fault != kb.unknown());
    let mut factors: Vec<f64> =
        named.map(|fault| power(kb.constants.term_step, sum(kb, terms, fault))).collect();
    factors.push(base_rate(kb, &factors));
    factors
}

/// What the leak sees: the average over all named faults, weighted by their priors.
fn base_rate(kb: &Knowledge, factors: &[f64]) -> f64 {
    let priors = || kb.faults.iter().map(|fault| fault.prior).take(factors.len());
    priors().zip(factors).map(|(prior, factor)| prior * factor).sum::<f64>() / priors().sum::<f64>()
}

fn sum(kb: &Knowledge, terms: &[TermId], fault: FaultId) -> i32 {
    terms.iter().map(|term| i32::from(kb.term(*term).pull(fault))).sum()
}

/// The words that speak most for a fault, strongest first, at most `most`.
#[must_use]
pub fn strongest<'a>(
    kb: &'a Knowledge,
    terms: &[TermId],
    fault: FaultId,
    most: usize,
) -> Vec<&'a str> {
    let mut speaking: Vec<(i8, &str)> = terms
        .iter()
        .map(|term| (kb.term(*term).pull(fault), kb.term(*term).word.as_str()))
        .filter(|(pull, _)| *pull > 0)
        .collect();
    speaking.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    speaking.into_iter().map(|(_, word)| word).take(most).collect()
}

/// `base` to the power of `exponent`, by repeated squaring.
fn power(base: f64, exponent: i32) -> f64 {
    let mut square = base;
    let mut left = exponent.unsigned_abs();
    let mut result = 1.0;
    while left > 0 {
        if left % 2 == 1 {
            result *= square;
        }
        square *= square;
        left /= 2;
    }
    if exponent < 0 { 1.0 / result } else { result }
}

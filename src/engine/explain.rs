//! Why a fault is thought likely or not, as data. The wording is made elsewhere.

use crate::engine::evidence::Evidence;
use crate::engine::logarithm::ln;
use crate::engine::posterior::posterior;
use crate::knowledge::{ActionId, AnswerId, FaultId, Knowledge, ObservationId};

/// A piece of evidence that speaks for or against a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// An answer.
    Seen(ObservationId, AnswerId),
    /// A repair that did not help.
    Failed(ActionId),
    /// How the user puts it: all words of the text together.
    Terms,
}

/// How much one piece of evidence moves one fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// The evidence.
    pub item: Item,
    /// Tenths of a factor of ten in the odds of the fault; negative speaks against it.
    pub decibans: f64,
}

/// What each piece of evidence does to the odds of a fault, strongest first.
///
/// Exact: taking the piece away moves the fault's log odds by just this much.
#[must_use]
pub fn reasons(kb: &Knowledge, evidence: &Evidence, fault: FaultId) -> Vec<Reason> {
    let with = decibans(posterior(kb, evidence).of(fault));
    let mut found: Vec<Reason> = items(evidence)
        .map(|item| {
            let without = decibans(posterior(kb, &without(evidence, item)).of(fault));
            Reason { item, decibans: with - without }
        })
        .collect();
    found.sort_by(|a, b| b.decibans.abs().total_cmp(&a.decibans.abs()));
    found
}

fn items(evidence: &Evidence) -> impl Iterator<Item = Item> + '_ {
    let seen = evidence.seen.iter().map(|it| Item::Seen(it.observation, it.answer));
    let terms = (!evidence.terms.is_empty()).then_some(Item::Terms);
    let mut failed = evidence.failed.clone();
    failed.sort_unstable();
    failed.dedup();
    seen.chain(failed.into_iter().map(Item::Failed)).chain(terms)
}

fn without(evidence: &Evidence, item: Item) -> Evidence {
    let mut rest = evidence.clone();
    match item {
        Item::Seen(observation, _) => rest.seen.retain(|it| it.observation != observation),
        Item::Failed(action) => rest.failed.retain(|id| *id != action),
        Item::Terms => rest.terms.clear(),
    }
    rest
}

/// Log odds in decibans (I. J. Good 1979, Biometrika 66: ten per factor of ten).
fn decibans(p: f64) -> f64 {
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    10.0 / std::f64::consts::LN_10 * ln(p / (1.0 - p))
}

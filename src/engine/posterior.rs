//! P(fault | evidence): naive Bayes over one active fault, exact.

use crate::engine::carry_out::{repairs, tries};
use crate::engine::evidence::{Evidence, Seen};
use crate::engine::logarithm::ln;
use crate::engine::terms::factors;
use crate::knowledge::{FaultId, Knowledge, ObservationId};

/// Conflict above this, in nats, asks for a second look (shared/decisions.md §2).
const CONFLICT: f64 = 2.0;
/// So does a leak that explains the evidence better than this probability.
const LEAK: f64 = 0.3;

/// The probability of every fault given the evidence, indexed by [`FaultId`]; sums to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior(Vec<f64>);

impl Posterior {
    /// The probability of one fault.
    #[must_use]
    pub fn of(&self, fault: FaultId) -> f64 {
        self.0.get(usize::from(fault.0)).copied().unwrap_or(0.0)
    }

    /// All probabilities in fault order.
    #[must_use]
    pub fn all(&self) -> &[f64] {
        &self.0
    }

    /// Faults, likeliest first; equal ones in the order of the knowledge.
    #[must_use]
    pub fn ranked(&self) -> Vec<(FaultId, f64)> {
        let mut ranked: Vec<(FaultId, f64)> =
            (0..).map(FaultId).zip(self.0.iter().copied()).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    }
}

/// The posterior over all faults, `unknown` included.
///
/// ```
/// use outbox_doctor::{engine::{posterior, Evidence}, knowledge};
/// let kb = knowledge::embedded();
/// let before = posterior(&kb, &Evidence::default());
/// assert!((before.all().iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn posterior(kb: &Knowledge, evidence: &Evidence) -> Posterior {
    let Joint { weights, .. } = joint(kb, evidence);
    let total: f64 = weights.iter().sum();
    Posterior(weights.iter().map(|weight| weight / total).collect())
}

/// Prior · Π P(evidence | fault) of every fault: the largest is one, and the logarithm of what was
/// divided out, so that no evidence underflows.
struct Joint {
    weights: Vec<f64>,
    log: f64,
}

impl Joint {
    /// Takes one more piece of evidence in. No fault is ever excluded.
    fn times(&mut self, factor: impl Fn(usize) -> f64) {
        for (fault, weight) in self.weights.iter_mut().enumerate() {
            *weight *= factor(fault);
        }
        let most = self.weights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        for weight in &mut self.weights {
            *weight = (*weight / most).max(f64::MIN_POSITIVE);
        }
        self.log += ln(most);
    }
}

fn joint(kb: &Knowledge, evidence: &Evidence) -> Joint {
    let mut joint =
        Joint { weights: kb.faults.iter().map(|fault| fault.prior).collect(), log: 0.0 };
    // Always in the same order, so that the order of telling changes no bit.
    let mut seen = evidence.seen.clone();
    seen.sort_by_key(|it| it.observation);
    for seen in seen {
        let row = seen.row(kb);
        joint.times(|fault| row.get(fault).copied().unwrap_or(1.0));
    }
    if !evidence.terms.is_empty() {
        let factors = factors(kb, &evidence.terms);
        joint.times(|fault| factors.get(fault).copied().unwrap_or(1.0));
    }
    let mut failed = evidence.failed.clone();
    failed.sort_unstable();
    for (index, action) in failed.iter().enumerate() {
        let before = tries(failed.get(..index).unwrap_or_default(), *action);
        let repairs = |fault| repairs(kb, *action, FaultId(fault), before);
        let left = |fault: usize| u16::try_from(fault).map_or(1.0, |fault| 1.0 - repairs(fault));
        joint.times(|fault| left(fault).max(kb.constants.floor));
    }
    joint
}

/// Something about the evidence that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The answers do not fit together; this one fits worst and is worth a second look.
    Recheck(ObservationId),
}

/// Doubts about the evidence; the posterior is a value all the same.
#[must_use]
pub fn warnings(kb: &Knowledge, evidence: &Evidence) -> Vec<Warning> {
    if evidence.seen.len() < 2 {
        return Vec::new();
    }
    let answers = Evidence { terms: Vec::new(), ..evidence.clone() };
    let joint = log_evidence(kb, &answers);
    let alone: f64 = evidence.seen.iter().map(|item| log_marginal(kb, *item)).sum();
    let leak = posterior(kb, evidence).of(kb.unknown());
    if alone - joint > CONFLICT || leak > LEAK {
        worst(kb, &answers).into_iter().map(Warning::Recheck).collect()
    } else {
        Vec::new()
    }
}

/// ln P(evidence).
fn log_evidence(kb: &Knowledge, evidence: &Evidence) -> f64 {
    let Joint { weights, log } = joint(kb, evidence);
    log + ln(weights.iter().sum())
}

fn log_marginal(kb: &Knowledge, item: Seen) -> f64 {
    log_evidence(kb, &Evidence { seen: vec![item], ..Evidence::default() })
}

/// The answer whose removal makes the rest fit best, compared with how likely it was by itself.
fn worst(kb: &Knowledge, evidence: &Evidence) -> Option<ObservationId> {
    let surprise = |item: &Seen| {
        let mut rest = evidence.clone();
        rest.seen.retain(|other| other != item);
        log_evidence(kb, &rest) + log_marginal(kb, *item)
    };
    let best = evidence.seen.iter().max_by(|a, b| surprise(a).total_cmp(&surprise(b)))?;
    Some(best.observation)
}

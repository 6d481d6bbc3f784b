//! What a step would decide: which fault leads after each of its outcomes, as data.

use crate::engine::advice::Step;
use crate::engine::carry_out::{repairs, tries};
use crate::engine::evidence::{Evidence, Seen};
use crate::engine::posterior::{Posterior, posterior};
use crate::knowledge::{ActionId, AnswerId, FaultId, Knowledge, ObservationId};

/// An outcome after which the search goes on. "Not sure" changes nothing and is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This answer to a question or this reading of a setting.
    Answer(ObservationId, AnswerId),
    /// The repair did not help.
    StillFails(ActionId),
}

/// One outcome and what would be thought then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decided {
    /// The outcome.
    pub outcome: Outcome,
    /// P(it comes out so), "not sure" left aside.
    pub chance: f64,
    /// The likeliest named fault then.
    pub leader: FaultId,
    /// Its posterior then.
    pub probability: f64,
}

/// What the outcomes of a step would decide, in the order of the knowledge.
#[must_use]
pub fn decides(kb: &Knowledge, evidence: &Evidence, step: &Step) -> Vec<Decided> {
    let now = posterior(kb, evidence);
    let outcomes = match step {
        Step::Ask(id) | Step::Check(id) => answers(kb, *id),
        Step::CheckSettings(ids) => ids.iter().flat_map(|id| answers(kb, *id)).collect(),
        Step::Repair(id) | Step::Redo(id) => vec![Outcome::StillFails(*id)],
        Step::ContactSupport => Vec::new(),
    };
    let decided = outcomes.into_iter().filter_map(|outcome| {
        let (leader, probability) = leader(kb, &posterior(kb, &with(evidence, outcome)))?;
        Some(Decided { outcome, chance: chance(kb, evidence, &now, outcome), leader, probability })
    });
    decided.collect()
}

fn answers(kb: &Knowledge, id: ObservationId) -> Vec<Outcome> {
    let ids = (0..).map(AnswerId).take(kb.observation(id).answers.len());
    ids.map(|answer| Outcome::Answer(id, answer)).collect()
}

fn with(evidence: &Evidence, outcome: Outcome) -> Evidence {
    let mut after = evidence.clone();
    match outcome {
        Outcome::Answer(observation, answer) => {
            after.seen.retain(|it| it.observation != observation);
            after.seen.push(Seen { observation, answer, told: false });
        }
        Outcome::StillFails(action) => after.failed.push(action),
    }
    after
}

fn chance(kb: &Knowledge, evidence: &Evidence, now: &Posterior, outcome: Outcome) -> f64 {
    match outcome {
        Outcome::Answer(id, answer) => {
            let row = kb.observation(id).row(answer);
            now.all().iter().zip(row).map(|(p, likelihood)| p * likelihood).sum()
        }
        Outcome::StillFails(id) => {
            let before = tries(&evidence.failed, id);
            let fails = |fault| 1.0 - repairs(kb, id, fault, before);
            kb.fault_ids().map(|fault| now.of(fault) * fails(fault)).sum()
        }
    }
}

fn leader(kb: &Knowledge, posterior: &Posterior) -> Option<(FaultId, f64)> {
    posterior.ranked().into_iter().find(|(fault, _)| *fault != kb.unknown())
}

//! What has been seen: answers by observation, and repairs that did not help.

use crate::knowledge::{ActionId, AnswerId, Knowledge, ObservationId, TermId};

/// One answer, and how it came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which observation.
    pub observation: ObservationId,
    /// Which answer.
    pub answer: AnswerId,
    /// The user's own text says so, unasked.
    pub told: bool,
}

impl Seen {
    /// P(this | fault) for every fault.
    #[must_use]
    pub fn row(self, kb: &Knowledge) -> &[f64] {
        let observation = kb.observation(self.observation);
        if self.told { observation.told_row(self.answer) } else { observation.row(self.answer) }
    }
}

/// Everything the engine may reason from. Order does not matter; "not sure" is simply absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// At most one answer an observation.
    pub seen: Vec<Seen>,
    /// Repairs that were carried out, after which sending still failed; twice if it did both times.
    pub failed: Vec<ActionId>,
    /// Words of the user's text that tell something, each once.
    pub terms: Vec<TermId>,
}

impl Evidence {
    /// The answer to an observation, if it has one.
    #[must_use]
    pub fn answer(&self, observation: ObservationId) -> Option<AnswerId> {
        self.seen.iter().find(|it| it.observation == observation).map(|it| it.answer)
    }
}

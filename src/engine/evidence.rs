//! What has been seen: answers by observation, and repairs that did not help.

use crate::knowledge::{ActionId, AnswerId, ObservationId};

/// Everything the engine may reason from. Order does not matter; "not sure" is simply absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// At most one answer an observation.
    pub seen: Vec<(ObservationId, AnswerId)>,
    /// Repairs that were carried out, after which sending still failed.
    pub failed: Vec<ActionId>,
}

impl Evidence {
    /// The answer to an observation, if it has one.
    #[must_use]
    pub fn answer(&self, observation: ObservationId) -> Option<AnswerId> {
        self.seen.iter().find(|(id, _)| *id == observation).map(|(_, answer)| *answer)
    }
}

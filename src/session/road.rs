//! The road a message travels, lit by what the evidence says.

use crate::engine::Posterior;
use crate::knowledge::{Knowledge, Stage};

/// Below this a stage counts as passed or clear.
const CLEAR: f64 = 0.03;
/// From this on the message is thought to stop here.
const STOPPED: f64 = 0.5;
/// From this on it may.
const SUSPECT: f64 = 0.1;

/// What is thought of one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// The evidence says that messages get beyond it.
    Passed,
    /// The message very probably stops here.
    Stopped,
    /// It may stop here.
    Suspect,
    /// Nobody could look.
    Unknown,
}

/// A stage and its light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Which stage.
    pub stage: Stage,
    /// Its light.
    pub light: Light,
}

/// The road. Without evidence nothing is lit.
#[must_use]
pub fn road(kb: &Knowledge, posterior: &Posterior, any_evidence: bool) -> Vec<Stop> {
    let at = |stage| stage_probability(kb, posterior, stage);
    let last = Stage::ROAD.into_iter().rev().find(|stage| at(*stage) >= SUSPECT);
    Stage::ROAD
        .into_iter()
        .map(|stage| {
            let light = match at(stage) {
                _ if !any_evidence => Light::Unknown,
                p if p >= STOPPED => Light::Stopped,
                p if p >= SUSPECT => Light::Suspect,
                p if p < CLEAR && last.is_some_and(|last| stage < last) => Light::Passed,
                _ => Light::Unknown,
            };
            Stop { stage, light }
        })
        .collect()
}

/// P(the message stops at this stage), the unknown fault left out.
fn stage_probability(kb: &Knowledge, posterior: &Posterior, stage: Stage) -> f64 {
    let faults = kb.fault_ids().filter(|id| *id != kb.unknown());
    faults.filter(|id| kb.fault(*id).stage == stage).map(|id| posterior.of(id)).sum()
}

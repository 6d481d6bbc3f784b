//! What became of one target as a whole.

use super::{Code, Measurement, Stage, Status, Target};

/// How far a target came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything up to signing in is as it should be.
    Works,
    /// It failed here, for this reason.
    Fails(Stage, Code),
    /// Nothing is known: not looked at, not finished, or this vantage cannot look.
    Untested,
}

impl Target {
    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome_up_to(Stage::Auth)
    }

    /// What became of a control, which is looked at only up to the greeting.
    #[must_use]
    pub fn outcome_as_control(&self) -> Outcome {
        self.outcome_up_to(Stage::Greeting)
    }

    fn outcome_up_to(&self, last: Stage) -> Outcome {
        for it in self.stages.iter().filter(|it| it.stage != Stage::Quit) {
            match it.status {
                Status::Ok | Status::Slow if it.stage == last => return Outcome::Works,
                Status::Ok | Status::Slow => {}
                Status::Failed => {
                    return Outcome::Fails(it.stage, it.code.unwrap_or(Code::Unknown));
                }
                Status::Skipped | Status::CouldNotTest => return Outcome::Untested,
            }
        }
        Outcome::Untested
    }

    /// The first stage that failed.
    #[must_use]
    pub fn first_failed(&self) -> Option<Stage> {
        match self.outcome() {
            Outcome::Fails(stage, _) => Some(stage),
            Outcome::Works | Outcome::Untested => None,
        }
    }

    /// How many stages succeeded before the first that did not.
    #[must_use]
    pub fn passed(&self) -> usize {
        let good = |it: &&Measurement| matches!(it.status, Status::Ok | Status::Slow);
        self.stages.iter().take_while(good).count()
    }

    /// The measurement of a stage.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Option<&Measurement> {
        self.stages.iter().find(|it| it.stage == stage)
    }
}

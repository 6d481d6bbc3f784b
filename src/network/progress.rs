//! A report in the making: events as they arrive, and the report so far at any time.

use serde::{Deserialize, Serialize};

use super::report::SCHEMA;
use super::{Measurement, Moment, Report, Stage, Status, Target, Vantage, egress};

/// What a probe tells while it runs; the native program sends these on as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A target was found, by number; its first stages may be known already.
    Target {
        /// Counted from zero.
        number: usize,
        /// Belongs to another provider and is a control.
        control: bool,
        /// With the stages known so far.
        target: Target,
    },
    /// A stage of a target ended.
    Stage {
        /// Which target.
        number: usize,
        /// How it ended.
        measurement: Measurement,
    },
    /// Nothing more comes.
    Done {
        /// By the vantage's clock.
        finished: Moment,
    },
}

/// Everything heard so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    targets: Vec<(usize, bool, Target)>,
    finished: Option<Moment>,
}

impl Progress {
    /// Takes in one event. An event about an unknown target is dropped.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Target { number, control, target } => {
                self.targets.retain(|(known, _, _)| *known != number);
                let at = self.targets.partition_point(|(known, _, _)| *known < number);
                self.targets.insert(at, (number, control, target));
            }
            Event::Stage { number, measurement } => {
                let found = self.targets.iter_mut().find(|(known, _, _)| *known == number);
                if let Some((_, _, target)) = found {
                    target.stages.push(measurement);
                    target.failed_stage = target.first_failed();
                }
            }
            Event::Done { finished } => self.finished = Some(finished),
        }
    }

    /// Whether nothing more comes.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.finished.is_some()
    }

    /// How many targets are known, and how many of them are over.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let over = self.targets.iter().filter(|(number, _, _)| self.is_over(*number)).count();
        (self.targets.len(), over)
    }

    /// Whether no stage of a target is still to come. A bad certificate or missing sign-in is told
    /// of and the dialogue goes on.
    #[must_use]
    pub fn is_over(&self, number: usize) -> bool {
        let Some((_, control, target)) = self.targets.iter().find(|it| it.0 == number) else {
            return false;
        };
        let last = if *control { Stage::Greeting } else { Stage::Quit };
        let goes_on = |it: &Measurement| {
            let good = matches!(it.status, Status::Ok | Status::Slow);
            it.stage != last && (good || matches!(it.stage, Stage::Cert | Stage::Auth))
        };
        self.is_done() || !target.stages.iter().all(goes_on)
    }

    /// The provider's own targets by number, without the controls.
    pub fn own(&self) -> impl Iterator<Item = (usize, &Target)> {
        let own = self.targets.iter().filter(|(_, control, _)| !control);
        own.map(|(number, _, target)| (*number, target))
    }

    /// Every target by number.
    pub fn targets(&self) -> impl Iterator<Item = (usize, &Target)> {
        self.targets.iter().map(|(number, _, target)| (*number, target))
    }

    /// The report so far. Stages that did not end count as not tested, and until nothing more
    /// comes the report says that it ended in 1970: any whole one is newer.
    #[must_use]
    pub fn report(&self, vantage: Vantage, provider: &str) -> Report {
        let side = |wanted: bool| -> Vec<Target> {
            let of_side = self.targets.iter().filter(|(_, control, _)| *control == wanted);
            of_side.map(|(_, control, target)| completed(target, *control)).collect()
        };
        let controls = side(true);
        let vantage = Vantage { egress: egress::egress(&controls), ..vantage };
        Report {
            schema: SCHEMA.to_owned(),
            vantage,
            provider: provider.to_owned(),
            finished: self.finished.unwrap_or_default(),
            age_ms: 0,
            ttl_ms: 0,
            targets: side(false),
            controls,
        }
    }
}

/// The target with its missing stages: skipped after one that did not succeed, else not tested.
fn completed(target: &Target, control: bool) -> Target {
    let mut target = target.clone();
    if control {
        return target;
    }
    let stopped = |it: &Measurement| !matches!(it.status, Status::Ok | Status::Slow);
    let rest =
        if target.stages.iter().any(stopped) { Status::Skipped } else { Status::CouldNotTest };
    let missing: Vec<Stage> =
        target.mode.stages().iter().copied().filter(|it| target.at(*it).is_none()).collect();
    target.stages.extend(missing.into_iter().map(|it| Measurement::new(it, rest, None)));
    target
}

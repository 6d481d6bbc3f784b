//! The road as probes see it: how far the best way to the server came.

use super::standing::{SUBMISSION, SUBMISSIONS};
use super::{Status, Target};
use crate::knowledge::Stage;

/// One stage of the road, as measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Not reached, or not reached yet.
    Open,
    /// Passed.
    Passed,
    /// Passed, and slowly.
    Slow,
    /// The way ends here.
    Stopped,
}

/// The part of the road that can be measured.
pub const MEASURED: [Stage; 5] =
    [Stage::Name, Stage::Connect, Stage::Greeting, Stage::Encryption, Stage::SignIn];

/// The signals of the way that came furthest, among those that mail apps use. Behind the stop
/// nothing is lit, even where the dialogue went on for the sake of the report.
#[must_use]
pub fn signals<'a>(targets: impl IntoIterator<Item = &'a Target>) -> [(Stage, Signal); 5] {
    let for_apps = |it: &&Target| [SUBMISSION, SUBMISSIONS].contains(&it.port);
    let best = targets.into_iter().filter(for_apps).fold(None, |best: Option<&Target>, it| {
        best.filter(|best| best.passed() >= it.passed()).or(Some(it))
    });
    let mut stopped = false;
    MEASURED.map(|stage| {
        let signal = best.filter(|_| !stopped).map_or(Signal::Open, |it| signal(it, stage));
        stopped |= signal == Signal::Stopped;
        (stage, signal)
    })
}

/// The worst that was seen on this stretch; open while something on it is.
fn signal(target: &Target, stage: Stage) -> Signal {
    let wanted = target.mode.stages().iter().filter(|it| it.road() == stage);
    let mut signal = Signal::Passed;
    for it in wanted.filter(|it| **it != super::Stage::Quit) {
        signal = match (target.at(*it).map(|it| it.status), signal) {
            (Some(Status::Failed), _) => return Signal::Stopped,
            (Some(Status::Ok), before) => before,
            (Some(Status::Slow), Signal::Passed) => Signal::Slow,
            (Some(Status::Slow), before) => before,
            (Some(Status::Skipped | Status::CouldNotTest) | None, _) => Signal::Open,
        };
    }
    signal
}

//! A server's past as a strip of slots: pure.

use serde::{Deserialize, Serialize};

use super::history::{Sample, State};
use crate::network::Moment;

/// Slots of equal length, the last one holding the present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Strip {
    /// Beginning of the first slot.
    pub from: Moment,
    /// Seconds of a slot.
    pub step: u32,
    /// What was seen in each, in order of time.
    pub slots: Vec<Slot>,
}

/// How often a server was seen so. An empty slot: nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Slot {
    /// It worked.
    #[serde(skip_serializing_if = "is_zero")]
    pub good: u32,
    /// It worked in part.
    #[serde(skip_serializing_if = "is_zero")]
    pub partial: u32,
    /// It did not work.
    #[serde(skip_serializing_if = "is_zero")]
    pub bad: u32,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Seconds of a slot, and how many there are.
pub type Scale = (u32, usize);
/// 24 hours in quarters of an hour.
pub const DAY: Scale = (900, 96);
/// 30 days in quarters of a day.
pub const MONTH: Scale = (21_600, 120);

impl Strip {
    /// The strip that ends now.
    #[must_use]
    pub fn new(samples: &[(Moment, Sample)], now: Moment, (step, count): Scale) -> Strip {
        let width = i64::from(step);
        let last = now.0.div_euclid(width);
        let first = last + 1 - i64::try_from(count).unwrap_or(i64::MAX);
        let mut slots = vec![Slot::default(); count];
        for (at, sample) in samples {
            let place = usize::try_from(at.0.div_euclid(width) - first);
            if let Some(slot) = place.ok().and_then(|it| slots.get_mut(it)) {
                slot.add(sample.state);
            }
        }
        Strip { from: Moment(first * width), step, slots }
    }
}

impl Slot {
    fn add(&mut self, state: State) {
        match state {
            State::Good => self.good += 1,
            State::Partial => self.partial += 1,
            State::Bad => self.bad += 1,
            State::Untested => {}
        }
    }
}

/// Since when the last state was seen every time. Times in which nothing was known count neither
/// way.
#[must_use]
pub fn since(samples: &[(Moment, Sample)]) -> Option<Moment> {
    let state = samples.last()?.1.state;
    let tested = |it: &&(Moment, Sample)| it.1.state != State::Untested || state == State::Untested;
    let run = samples.iter().rev().filter(tested).take_while(|it| it.1.state == state);
    run.last().map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(states: &[(i64, State)]) -> Vec<(Moment, Sample)> {
        let sample = |state| Sample { state, stage: None, code: None };
        states.iter().map(|(at, state)| (Moment(*at), sample(*state))).collect()
    }

    #[test]
    fn samples_fall_into_their_slots() {
        let now = Moment(1_795_535_999); // the last second of a quarter of an hour
        let given = samples(&[
            (now.0 - 96 * 900, State::Bad),
            (now.0 + 1 - 96 * 900, State::Partial),
            (now.0 - 899, State::Good),
            (now.0, State::Good),
            (now.0, State::Untested),
            (now.0 + 1, State::Bad),
        ]);
        let strip = Strip::new(&given, now, DAY);
        assert_eq!((strip.slots.len(), strip.from), (96, Moment(now.0 + 1 - 96 * 900)));
        assert_eq!(strip.slots[0], Slot { partial: 1, ..Slot::default() });
        assert_eq!(strip.slots[95], Slot { good: 2, ..Slot::default() });
        assert!(strip.slots[1..95].iter().all(|it| *it == Slot::default()));
    }

    #[test]
    fn since_when_looks_past_times_in_which_nothing_was_known() {
        use State::{Bad, Good, Untested};
        let at = |states: &[(i64, State)]| since(&samples(states)).map(|it| it.0);
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[(1, Good), (2, Bad), (3, Untested), (4, Bad)]), Some(2));
        assert_eq!(at(&[(1, Good), (2, Good)]), Some(1));
        assert_eq!(at(&[(1, Good), (2, Untested), (3, Untested)]), Some(2));
    }
}

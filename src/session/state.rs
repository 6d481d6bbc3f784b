//! The state of a case: what is kept, what is stored, what a hand-off carries.

use std::collections::BTreeMap;

use crate::knowledge::{ActionId, AnswerId, AppId, Field, ObservationId};
use crate::network::{self, Report};

/// A user's answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// This answer.
    Is(AnswerId),
    /// The user cannot tell. No evidence, and the question is not asked again.
    NotSure,
}

/// How carrying out an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The mail went out.
    Sends,
    /// It was done, and sending still fails.
    StillFails,
    /// It was done twice, the second time with care, and sending still fails.
    FailsAgain,
    /// The user cannot do it. It removes the step, not the fault.
    CannotDo,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Recognised in the pasted text.
    Text,
    /// Given by the user; outweighs the text.
    User,
    /// Measured by probes.
    Probe,
}

/// One thing the user told or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An answer to a question, or a sign seen in the text.
    Answer(ObservationId, Reply, Origin),
    /// The settings read off the app; a field that was left out is missing.
    Settings(BTreeMap<Field, String>, Origin),
    /// A repair.
    Attempt(ActionId, Attempt),
    /// The mail goes out, whatever did it.
    Sends,
}

/// Everything about a case that is not derived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The user's mail app.
    pub app: Option<AppId>,
    /// Version key of the app; empty if it was not chosen.
    pub version: String,
    /// Domain of the mail address, lower case; empty if not known.
    pub domain: String,
    /// The text that was pasted, with addresses and passwords masked.
    pub text: String,
    /// The text was longer than what is read.
    pub truncated: bool,
    /// What probes reported of the user's provider; the answer of the network check rests on it.
    pub reports: Vec<Report>,
    /// What was told and done, oldest first; at most one entry an id.
    pub entries: Vec<Entry>,
    /// Things paused that the user has put back.
    pub put_back: Vec<ActionId>,
}

impl State {
    /// Reports that are kept of each vantage.
    pub const LOOKS: usize = 3;

    /// The entry about an observation, if there is one.
    #[must_use]
    pub fn reply(&self, id: ObservationId) -> Option<Reply> {
        self.entries.iter().find_map(|entry| match entry {
            Entry::Answer(other, reply, _) if *other == id => Some(*reply),
            _ => None,
        })
    }

    /// How an action ended, if it was tried.
    #[must_use]
    pub fn attempt(&self, id: ActionId) -> Option<Attempt> {
        self.entries.iter().find_map(|entry| match entry {
            Entry::Attempt(other, attempt) if *other == id => Some(*attempt),
            _ => None,
        })
    }

    /// Every setting that was read, the user's reading before the text's.
    #[must_use]
    pub fn settings(&self) -> BTreeMap<Field, String> {
        let mut found = BTreeMap::new();
        for wanted in [Origin::Text, Origin::User] {
            for entry in &self.entries {
                if let Entry::Settings(values, origin) = entry
                    && *origin == wanted
                {
                    found.extend(values.clone());
                }
            }
        }
        found
    }

    /// Whether the user has gone through the settings check.
    #[must_use]
    pub fn settings_checked(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry, Entry::Settings(_, Origin::User)))
    }

    /// Takes in reports of one provider; those of another go. The newest few of each vantage stay,
    /// because a failure counts once it was seen twice.
    pub(super) fn take_in(&mut self, reports: Vec<Report>) {
        let Some(provider) = reports.first().map(|it| it.provider.clone()) else { return };
        self.reports.retain(|it| it.provider == provider);
        for report in reports.into_iter().filter(|it| it.provider == provider) {
            if !self.reports.contains(&report) {
                let at = self.reports.partition_point(|it| order(it) < order(&report));
                self.reports.insert(at, report);
            }
        }
        let of_same = |a: &Report, b: &Report| order(a).0 == order(b).0;
        let groups = self.reports.chunk_by(of_same);
        self.reports = groups.flat_map(|it| it.iter().take(Self::LOOKS).cloned()).collect();
    }

    /// Puts an entry in the place of the one about the same thing, or at the end.
    pub(super) fn put(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|old| same_subject(old, &entry)) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }
}

/// By vantage, the newest first.
fn order(it: &Report) -> ((network::Kind, &str), std::cmp::Reverse<network::Moment>) {
    ((it.vantage.kind, &it.vantage.id), std::cmp::Reverse(it.finished))
}

fn same_subject(a: &Entry, b: &Entry) -> bool {
    match (a, b) {
        (Entry::Answer(a, ..), Entry::Answer(b, ..)) => a == b,
        (Entry::Settings(_, a), Entry::Settings(_, b)) => a == b,
        (Entry::Attempt(a, _), Entry::Attempt(b, _)) => a == b,
        (Entry::Sends, Entry::Sends) => true,
        _ => false,
    }
}

/// Where probes can look from for this page; found out anew by each, so never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Vantages {
    /// There is no probe.
    #[default]
    None,
    /// From outside.
    Public,
    /// From the user's own computer, and perhaps from outside.
    Local,
}

/// A state and those before it, for undo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Now.
    pub state: State,
    /// Which probes there are.
    pub vantages: Vantages,
    /// Earlier states, oldest first, at most [`Session::DEPTH`].
    pub(super) past: Vec<State>,
}

impl Session {
    /// How many steps can be undone.
    pub const DEPTH: usize = 100;

    /// A session that starts from a stored state; its past is not stored.
    #[must_use]
    pub fn restored(state: State) -> Session {
        Session { state, ..Session::default() }
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }
}

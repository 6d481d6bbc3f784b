//! What can happen to a case, and the state after it.

use std::collections::BTreeMap;

use crate::intake;
use crate::knowledge::{ActionId, AppId, Field, Kind, Knowledge, ObservationId};
use crate::network::{self, Report};
use crate::session::settings::provider_of;
use crate::session::state::{Attempt, Entry, Origin, Reply, Session, State, Vantages};

/// Everything that can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The user pasted or typed what the app says, or told the story.
    Describe(String),
    /// The mail app, and its version key (empty if not chosen).
    App(Option<AppId>, String),
    /// The address or its domain. Only the domain is kept.
    Domain(String),
    /// A question was answered; answering again changes the answer and keeps later ones.
    Answer(ObservationId, Reply),
    /// The settings check was filled in; fields may be left out.
    Settings(BTreeMap<Field, String>),
    /// Probes looked at the provider. What they say together is the answer of the network check.
    Reports(Vec<Report>),
    /// It turned out which probes there are. Nothing the user did, so nothing to undo.
    Vantages(Vantages),
    /// An answer is taken back.
    Retract(ObservationId),
    /// The settings check is taken back.
    RetractSettings,
    /// A repair was tried, or cannot be.
    Done(ActionId, Attempt),
    /// After a repair sending fails with a different message: this one. The story stays.
    Changed(ActionId, String),
    /// What became of a repair is taken back.
    RetractAction(ActionId),
    /// The mail goes out, though no repair was just tried.
    Sends,
    /// It does not after all.
    RetractSends,
    /// Something that was paused is on again.
    PutBack(ActionId),
    /// The step before.
    Undo,
    /// A new case. App and domain stay.
    Restart,
}

impl Session {
    /// The session after an event. An event that does not apply changes nothing.
    #[must_use]
    pub fn apply(&self, kb: &Knowledge, event: Event) -> Session {
        if event == Event::Undo {
            return self.undone();
        }
        if let Event::Vantages(vantages) = event {
            return Session { vantages, ..self.clone() };
        }
        let mut state = self.state.clone();
        change(&mut state, kb, event);
        if state == self.state { self.clone() } else { self.followed_by(state) }
    }

    fn undone(&self) -> Session {
        let mut past = self.past.clone();
        match past.pop() {
            Some(state) => Session { state, past, vantages: self.vantages },
            None => self.clone(),
        }
    }

    fn followed_by(&self, state: State) -> Session {
        let skipped = (self.past.len() + 1).saturating_sub(Session::DEPTH);
        let mut past: Vec<State> = self.past.iter().skip(skipped).cloned().collect();
        past.push(self.state.clone());
        Session { state, past, vantages: self.vantages }
    }
}

fn change(state: &mut State, kb: &Knowledge, event: Event) {
    match event {
        Event::Describe(text) => describe(state, kb, &text, |_| true),
        Event::App(app, version) => (state.app, state.version) = (app, version),
        Event::Domain(text) => domain(state, kb, &text),
        Event::Reports(reports) => checked(state, kb, reports),
        Event::Answer(id, reply) => state.put(Entry::Answer(id, reply, Origin::User)),
        Event::Settings(values) => state.put(Entry::Settings(tidied(values), Origin::User)),
        Event::Retract(id) => retract(state, kb, id),
        Event::RetractSettings => state.entries.retain(|it| !matches!(it, Entry::Settings(..))),
        Event::Done(id, attempt) => state.put(Entry::Attempt(id, attempt)),
        Event::Changed(id, text) => {
            state.put(Entry::Attempt(id, failed_once_more(state.attempt(id))));
            describe(state, kb, &text, |id| kb.observation(id).kind == Kind::Sign);
        }
        Event::RetractAction(id) => {
            state.entries.retain(|it| !matches!(it, Entry::Attempt(other, _) if *other == id));
        }
        Event::Sends => state.put(Entry::Sends),
        Event::RetractSends => state.entries.retain(|it| *it != Entry::Sends),
        Event::PutBack(id) if !state.put_back.contains(&id) => state.put_back.push(id),
        Event::Restart => {
            *state = State {
                app: state.app,
                version: std::mem::take(&mut state.version),
                domain: std::mem::take(&mut state.domain),
                ..State::default()
            };
        }
        Event::PutBack(_) | Event::Undo | Event::Vantages(_) => {}
    }
}

fn retract(state: &mut State, kb: &Knowledge, id: ObservationId) {
    state.entries.retain(|it| !matches!(it, Entry::Answer(other, ..) if *other == id));
    if kb.observation(id).kind == Kind::Check {
        state.reports.clear();
    }
}

/// Measurements of one provider say nothing of another.
fn domain(state: &mut State, kb: &Knowledge, text: &str) {
    state.domain = intake::domain_of(text);
    let of = |it: &Report| it.provider.clone();
    let (now, measured) = (provider_of(kb, &state.domain), state.reports.first().map(of));
    if let (Some(now), Some(measured)) = (now, measured)
        && kb.provider(now).key != measured
        && let Some(id) = kb.observation_by_key(network::evidence::OBSERVATION)
    {
        retract(state, kb, id);
    }
}

/// The answer of the network check is what all reports say together; "not sure" if that is nothing.
fn checked(state: &mut State, kb: &Knowledge, reports: Vec<Report>) {
    state.take_in(reports);
    let answers = network::evidence(&network::verdict(&state.reports));
    let Some(id) = kb.observation_by_key(network::evidence::OBSERVATION) else { return };
    let found = answers.into_iter().find_map(|(_, answer)| kb.observation(id).answer(answer));
    state.put(Entry::Answer(id, found.map_or(Reply::NotSure, Reply::Is), Origin::Probe));
}

fn failed_once_more(before: Option<Attempt>) -> Attempt {
    match before {
        Some(Attempt::StillFails | Attempt::FailsAgain) => Attempt::FailsAgain,
        _ => Attempt::StillFails,
    }
}

/// Reads a text. Of what an earlier text said, what is `old` now goes; what the user answered stays.
fn describe(state: &mut State, kb: &Knowledge, text: &str, old: impl Fn(ObservationId) -> bool) {
    let reading = intake::read(kb, text);
    state.entries.retain(|it| match it {
        Entry::Answer(id, _, Origin::Text) => !old(*id),
        Entry::Settings(_, Origin::Text) => false,
        _ => true,
    });
    for (observation, answer) in reading.answers {
        if state.reply(observation).is_none() {
            state.put(Entry::Answer(observation, Reply::Is(answer), Origin::Text));
        }
    }
    if !reading.settings.is_empty() {
        state.put(Entry::Settings(reading.settings, Origin::Text));
    }
    if state.domain.is_empty() {
        state.domain = reading.domain;
    }
    state.text = reading.text;
    state.truncated = reading.truncated;
}

/// Settings as read, without blanks at the ends and without empty ones; addresses masked.
fn tidied(values: BTreeMap<Field, String>) -> BTreeMap<Field, String> {
    values
        .into_iter()
        .map(|(field, value)| (field, value.trim().to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

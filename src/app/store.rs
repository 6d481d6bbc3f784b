//! The one reducer, and the form in which a case is kept on the device.
//!
//! A kept case names everything by the ids of the files, so it replays against newer knowledge:
//! what no longer exists is dropped, and the caller is told. Its rows are plain enough to need no
//! serialiser, which the first visit would have to load.

use std::collections::BTreeMap;
use std::rc::Rc;

use yew::Reducible;

use crate::knowledge::{AppId, Field, Knowledge, Words};
use crate::network::Report;
use crate::session::{Attempt, Entry, Event, Origin, Reply, Session, State};

/// Knowledge, words and the session.
#[derive(Clone)]
pub struct Store {
    /// What the product knows.
    pub kb: Rc<Knowledge>,
    /// The sentences of the language.
    pub words: Rc<Words>,
    /// What was told and done.
    pub session: Rc<Session>,
}

impl Reducible for Store {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        let session = self.session.apply(&self.kb, event);
        if session == *self.session {
            return self;
        }
        Rc::new(Store { session: Rc::new(session), ..(*self).clone() })
    }
}

impl Store {
    /// A new case.
    #[must_use]
    pub fn new(kb: Knowledge, words: Words) -> Store {
        Store { kb: Rc::new(kb), words: Rc::new(words), session: Rc::default() }
    }

    /// The case that was kept.
    #[must_use]
    pub fn with_state(self, state: State) -> Store {
        Store { session: Rc::new(Session::restored(state)), ..self }
    }

    /// With the mail app that belongs to the device, unless one was chosen.
    #[must_use]
    pub fn with_app(self, guess: Option<&(AppId, String)>) -> Store {
        match guess {
            Some((app, version)) if self.session.state.app.is_none() => {
                let mut state = self.session.state.clone();
                (state.app, state.version) = (Some(*app), version.clone());
                self.with_state(state)
            }
            _ => self,
        }
    }
}

/// Between the words of a row.
const UNIT: char = '\u{1f}';
/// Between rows.
const RECORD: char = '\u{1e}';

/// The text that keeps a state: rows of words, each row one thing that was told.
///
/// ```
/// use outbox_doctor::{app::store, knowledge, session::State};
/// let kb = knowledge::embedded();
/// let state = State { domain: "nc.rr.com".to_owned(), ..State::default() };
/// assert_eq!(store::from_text(&kb, &store::to_text(&kb, &state)), Some((state, false)));
/// assert_eq!(store::from_text(&kb, "damaged"), None);
/// ```
#[must_use]
pub fn to_text(kb: &Knowledge, state: &State) -> String {
    let app = state.app.map_or("", |id| kb.app(id).key.as_str());
    let truncated = if state.truncated { "truncated" } else { "" };
    let mut rows = vec![
        vec!["app", app, &state.version],
        vec!["domain", &state.domain],
        vec!["text", &state.text, truncated],
    ];
    rows.extend(state.entries.iter().map(|entry| row(kb, entry)));
    rows.extend(state.put_back.iter().map(|id| vec!["put-back", &kb.action(*id).key]));
    let reports: Vec<String> = state.reports.iter().map(Report::to_json).collect();
    rows.extend(reports.iter().map(|it| vec!["report", it]));
    let mut text = String::new();
    for word in rows.iter().flat_map(|row| row.iter().map(Some).chain([None])) {
        match word {
            Some(word) => {
                text.extend(word.chars().filter(|it| ![UNIT, RECORD].contains(it)).chain([UNIT]))
            }
            None => text.push(RECORD),
        }
    }
    text
}

/// The state that a text keeps, and whether some of it was dropped; nothing if it is damaged.
#[must_use]
pub fn from_text(kb: &Knowledge, text: &str) -> Option<(State, bool)> {
    let rows: Vec<&str> = text.split_terminator(RECORD).collect();
    let mut state = State::default();
    let kept = rows.iter().filter(|row| read(kb, &mut state, row).is_some()).count();
    (kept > 0).then_some((state, kept < rows.len()))
}

/// Takes over one row; nothing if it does not fit this knowledge.
fn read(kb: &Knowledge, state: &mut State, row: &str) -> Option<()> {
    let words: Vec<&str> = row.split_terminator(UNIT).collect();
    match *words.as_slice() {
        ["app", "", _] => {}
        ["app", key, version] => {
            let id = kb.app_by_key(key)?;
            let known = kb.app(id).versions.iter().any(|it| it == version);
            state.app = Some(id);
            state.version = if known { version.to_owned() } else { String::new() };
        }
        ["domain", domain] => state.domain = domain.to_owned(),
        ["text", text, truncated] => {
            (state.text, state.truncated) = (text.to_owned(), !truncated.is_empty());
        }
        ["put-back", key] => state.put_back.push(kb.action_by_key(key)?),
        ["report", text] => state.reports.push(Report::parse(text).ok()?),
        _ => state.entries.push(entry(kb, &words)?),
    }
    Some(())
}

fn row<'a>(kb: &'a Knowledge, entry: &'a Entry) -> Vec<&'a str> {
    match entry {
        Entry::Answer(id, reply, origin) => {
            let observation = kb.observation(*id);
            let answer = match reply {
                Reply::Is(answer) => observation.answer_key(*answer),
                Reply::NotSure => "",
            };
            vec!["answer", &observation.key, origin_key(*origin), answer]
        }
        Entry::Settings(values, origin) => {
            let pairs = values.iter().flat_map(|(field, value)| [field.key(), value]);
            ["settings", origin_key(*origin)].into_iter().chain(pairs).collect()
        }
        Entry::Attempt(id, attempt) => vec!["attempt", &kb.action(*id).key, attempt_key(*attempt)],
        Entry::Sends => vec!["sends"],
    }
}

fn entry(kb: &Knowledge, words: &[&str]) -> Option<Entry> {
    match *words {
        ["answer", key, origin, answer] => {
            let id = kb.observation_by_key(key)?;
            let reply = match answer {
                "" => Reply::NotSure,
                answer => Reply::Is(kb.observation(id).answer(answer)?),
            };
            Some(Entry::Answer(id, reply, origin_of(origin)?))
        }
        ["settings", origin, ref pairs @ ..] => {
            Some(Entry::Settings(values(pairs), origin_of(origin)?))
        }
        ["attempt", key, attempt] => {
            Some(Entry::Attempt(kb.action_by_key(key)?, attempt_of(attempt)?))
        }
        ["sends"] => Some(Entry::Sends),
        _ => None,
    }
}

fn values(pairs: &[&str]) -> BTreeMap<Field, String> {
    let mut values = BTreeMap::new();
    for pair in pairs.chunks_exact(2) {
        let field = |key: &str| Field::ALL.into_iter().find(|field| field.key() == key);
        if let [key, value] = *pair
            && let Some(field) = field(key)
        {
            values.insert(field, value.to_owned());
        }
    }
    values
}

const fn origin_key(origin: Origin) -> &'static str {
    match origin {
        Origin::Text => "text",
        Origin::User => "user",
        Origin::Probe => "probe",
    }
}

fn origin_of(key: &str) -> Option<Origin> {
    [Origin::Text, Origin::User, Origin::Probe].into_iter().find(|it| origin_key(*it) == key)
}

/// The word for how a repair ended, in kept cases and in wording keys.
#[must_use]
pub const fn attempt_key(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Sends => "sends",
        Attempt::StillFails => "still-fails",
        Attempt::FailsAgain => "fails-again",
        Attempt::CannotDo => "cannot",
    }
}

fn attempt_of(key: &str) -> Option<Attempt> {
    let all = [Attempt::Sends, Attempt::StillFails, Attempt::FailsAgain, Attempt::CannotDo];
    all.into_iter().find(|it| attempt_key(*it) == key)
}

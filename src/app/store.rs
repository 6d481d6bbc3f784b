//! The one reducer, and the form in which a case is kept on the device.
//!
//! A kept case names everything by the ids of the files, so it replays against newer knowledge:
//! what no longer exists is dropped, and the caller is told.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use yew::Reducible;

use crate::knowledge::{ActionId, AppId, Field, Knowledge, ObservationId, Words};
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

/// A case by ids. Each row of `told` is one entry: what it is, then its values.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    app: String,
    version: String,
    domain: String,
    text: String,
    truncated: bool,
    told: Vec<Vec<String>>,
    put_back: Vec<String>,
}

/// The text that keeps a state.
///
/// ```
/// use outbox_doctor::{app::store, knowledge, session::State};
/// let kb = knowledge::embedded();
/// let state = State { domain: "nc.rr.com".to_owned(), ..State::default() };
/// assert_eq!(store::from_text(&kb, &store::to_text(&kb, &state)), Some((state, false)));
/// assert_eq!(store::from_text(&kb, "{ damaged"), None);
/// ```
#[must_use]
pub fn to_text(kb: &Knowledge, state: &State) -> String {
    let kept = Kept {
        app: state.app.map(|id| kb.app(id).key.clone()).unwrap_or_default(),
        version: state.version.clone(),
        domain: state.domain.clone(),
        text: state.text.clone(),
        truncated: state.truncated,
        told: state.entries.iter().map(|entry| row(kb, entry)).collect(),
        put_back: state.put_back.iter().map(|id| kb.action(*id).key.clone()).collect(),
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

/// The state that a text keeps, and whether some of it was dropped; nothing if it is damaged.
#[must_use]
pub fn from_text(kb: &Knowledge, text: &str) -> Option<(State, bool)> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    let app = kb.app_by_key(&kept.app);
    let entries: Vec<Entry> = kept.told.iter().filter_map(|row| entry(kb, row)).collect();
    let put_back: Vec<ActionId> =
        kept.put_back.iter().filter_map(|key| kb.action_by_key(key)).collect();
    let dropped = entries.len() < kept.told.len()
        || put_back.len() < kept.put_back.len()
        || (app.is_none() && !kept.app.is_empty());
    let known = app.is_some_and(|id| kb.app(id).versions.contains(&kept.version));
    let state = State {
        app,
        version: if known { kept.version } else { String::new() },
        domain: kept.domain,
        text: kept.text,
        truncated: kept.truncated,
        entries,
        put_back,
    };
    Some((state, dropped))
}

fn row(kb: &Knowledge, entry: &Entry) -> Vec<String> {
    let mut row: Vec<&str> = Vec::new();
    match entry {
        Entry::Answer(id, reply, origin) => {
            let observation = kb.observation(*id);
            row.extend(["answer", &observation.key, origin_key(*origin)]);
            if let Reply::Is(answer) = reply {
                row.push(observation.answer_key(*answer));
            }
        }
        Entry::Settings(values, origin) => {
            row.extend(["settings", origin_key(*origin)]);
            row.extend(values.iter().flat_map(|(field, value)| [field.key(), value]));
        }
        Entry::Attempt(id, attempt) => {
            row.extend(["attempt", &kb.action(*id).key, attempt_key(*attempt)]);
        }
    }
    row.into_iter().map(str::to_owned).collect()
}

fn entry(kb: &Knowledge, row: &[String]) -> Option<Entry> {
    let words: Vec<&str> = row.iter().map(String::as_str).collect();
    match *words.as_slice() {
        ["answer", key, origin, ref answer @ ..] => {
            let id = kb.observation_by_key(key)?;
            Some(Entry::Answer(id, reply(kb, id, answer.first().copied())?, origin_of(origin)?))
        }
        ["settings", origin, ref pairs @ ..] => {
            Some(Entry::Settings(values(pairs), origin_of(origin)?))
        }
        ["attempt", key, attempt] => {
            Some(Entry::Attempt(kb.action_by_key(key)?, attempt_of(attempt)?))
        }
        _ => None,
    }
}

fn reply(kb: &Knowledge, id: ObservationId, answer: Option<&str>) -> Option<Reply> {
    let Some(key) = answer else { return Some(Reply::NotSure) };
    kb.observation(id).answer(key).map(Reply::Is)
}

fn values(pairs: &[&str]) -> BTreeMap<Field, String> {
    let field = |key: &str| Field::ALL.into_iter().find(|field| field.key() == key);
    let known = pairs.chunks_exact(2).filter_map(|pair| match pair {
        [key, value] => Some((field(key)?, (*value).to_owned())),
        _ => None,
    });
    known.collect()
}

const fn origin_key(origin: Origin) -> &'static str {
    match origin {
        Origin::Text => "text",
        Origin::User => "user",
    }
}

fn origin_of(key: &str) -> Option<Origin> {
    [Origin::Text, Origin::User].into_iter().find(|it| origin_key(*it) == key)
}

/// The word for how a repair ended, in kept cases and in wording keys.
#[must_use]
pub const fn attempt_key(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Sends => "sends",
        Attempt::StillFails => "still-fails",
        Attempt::CannotDo => "cannot",
    }
}

fn attempt_of(key: &str) -> Option<Attempt> {
    let all = [Attempt::Sends, Attempt::StillFails, Attempt::CannotDo];
    all.into_iter().find(|it| attempt_key(*it) == key)
}

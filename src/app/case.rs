//! What every part of the page is a function of.

use std::rc::Rc;

use yew::prelude::*;

use crate::engine::Step;
use crate::guidance::Reader;
use crate::knowledge::{ActionId, AppId, Knowledge, ObservationId, Words};
use crate::session::{Event, Next, Session, State, View};

use super::ahead::Ahead;
use super::checkup::{Checkup, Note};

/// What the step card shows: the advice, or something the user opened instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// The next step.
    #[default]
    Next,
    /// The next step, though nothing has been told yet.
    Begun,
    /// The box for the message.
    Text,
    /// The box for the different message that came after a repair.
    Changed(ActionId),
    /// An answered question, to answer it again.
    Again(Step),
    /// Another step than the one advised.
    Instead(Step),
    /// The page about the network.
    Network,
}

/// A case as it stands, and where to send what happens.
#[derive(Clone)]
pub struct Case {
    pub kb: Rc<Knowledge>,
    pub words: Rc<Words>,
    pub session: Rc<Session>,
    pub view: Rc<View>,
    pub shown: Shown,
    pub guess: Option<AppId>,
    pub dropped: bool,
    pub checkup: Rc<Checkup>,
    pub note: Callback<Note>,
    /// Begins a check of a provider.
    pub begin: Callback<String>,
    pub on: Callback<Event>,
    pub show: Callback<Shown>,
    pub say: Callback<AttrValue>,
    pub ahead: Ahead,
}

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session)
            && Rc::ptr_eq(&self.view, &other.view)
            && self.shown == other.shown
            && (Rc::ptr_eq(&self.checkup, &other.checkup) || self.checkup == other.checkup)
    }
}

/// Props of the parts that keep something of their own, such as a form.
#[derive(Clone, PartialEq, Properties)]
pub struct CaseProps {
    pub case: Case,
}

impl Case {
    pub fn state(&self) -> &State {
        &self.session.state
    }

    /// Something was told, or the questions were asked for.
    pub fn begun(&self) -> bool {
        self.has_case() || self.shown != Shown::Next
    }

    /// Something was told.
    pub fn has_case(&self) -> bool {
        let state = self.state();
        !state.text.is_empty() || !state.entries.is_empty()
    }

    /// A sentence about the network.
    pub fn net(&self, key: &str) -> AttrValue {
        self.word(&["network", key])
    }

    /// The same with its `{names}` filled in.
    pub fn net_fill(&self, key: &str, values: &[(&str, &str)]) -> AttrValue {
        self.words.fill(&["network.", key].concat(), values).into()
    }

    /// A click that tells something about the check.
    pub fn noting(&self, what: impl Fn() -> Note + 'static) -> Callback<MouseEvent> {
        self.note.reform(move |_| what())
    }

    /// A sentence of the page.
    pub fn ui(&self, key: &str) -> AttrValue {
        self.word(&["ui", key])
    }

    /// A sentence of the page with its `{names}` filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> AttrValue {
        self.words.fill(&["ui.", key].concat(), values).into()
    }

    /// The sentence whose key these parts make.
    pub fn word(&self, key: &[&str]) -> AttrValue {
        self.words.text(&key.join(".")).to_owned().into()
    }

    /// A list of the page, as list items.
    pub fn items(&self, key: &str) -> Html {
        let texts = self.words.list(&["ui.", key].concat());
        texts.iter().map(|text| html! { <li>{ text.clone() }</li> }).collect()
    }

    /// A click that sends an event.
    pub fn send(&self, event: Event) -> Callback<MouseEvent> {
        let on = self.on.clone();
        Callback::from(move |_| on.emit(event.clone()))
    }

    /// A click that opens something in the step card.
    pub fn open(&self, shown: Shown) -> Callback<MouseEvent> {
        let show = self.show.clone();
        Callback::from(move |_| show.emit(shown.clone()))
    }

    /// The steps of the user's app.
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            kb: &self.kb,
            words: &self.words,
            app: self.view.app,
            version: &self.state().version,
            provider: self.view.provider,
            domain: &self.state().domain,
        }
    }

    /// The step in the card, unless it is the message box or the end.
    pub fn step(&self) -> Option<&Step> {
        match (&self.shown, &self.view.next) {
            (Shown::Text | Shown::Changed(_), _) => None,
            (Shown::Again(step) | Shown::Instead(step), _) => Some(step),
            (_, Next::Step(step)) => Some(step),
            (_, Next::Solved(_)) => None,
        }
    }

    /// What a step is called.
    pub fn step_title(&self, step: &Step) -> AttrValue {
        match step {
            Step::Ask(id) | Step::Check(id) => self.question(*id),
            Step::CheckSettings(_) => self.ui("settings.title"),
            Step::Repair(id) => self.action(*id),
            Step::Redo(id) => self.fill("step.redo", &[("action", &self.action(*id))]),
            Step::ContactSupport => self.ui("support.title"),
        }
    }

    /// What a question asks.
    pub fn question(&self, id: ObservationId) -> AttrValue {
        self.word(&["observation", &self.kb.observation(id).key, "question"])
    }

    /// What an action is called.
    pub fn action(&self, id: ActionId) -> AttrValue {
        self.word(&["action", &self.kb.action(id).key, "title"])
    }

    /// Minutes in words, rounded up.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds in the knowledge are small and positive"
    )]
    pub fn minutes(&self, seconds: f64) -> AttrValue {
        match (seconds / 60.0).ceil() as u32 {
            0 | 1 => self.ui("minutes.one"),
            minutes => self.fill("minutes.many", &[("minutes", &minutes.to_string())]),
        }
    }
}

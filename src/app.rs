//! The page: functions of the session's view, one reducer, effects.
//!
//! It computes no probability and writes no sentence; every sentence comes from
//! [`Words`](crate::knowledge::Words).

mod about;
mod address;
mod ahead;
mod ask;
mod button;
mod case;
mod choose_app;
mod clipboard;
mod copy_button;
mod decides;
mod device;
mod diagnosis;
mod focus;
mod home;
mod judged;
mod leading;
mod named;
mod notices;
mod other_steps;
mod pace;
mod page;
mod put_back;
mod recognised;
mod repair;
mod right_settings;
mod road;
mod ruled_out;
mod safety;
mod settings_check;
mod settings_form;
mod solved;
mod starters;
mod step_card;
mod steps;
mod storage;
pub mod store;
mod support;
mod tell;
mod told;
mod webmail;

use std::rc::Rc;

use yew::prelude::*;

use crate::session::Event;
pub use ahead::Ahead;
use case::{Case, Shown};
pub use device::{Device, guess};
use focus::Moment;
pub use pace::{LIMIT, Pace};
pub use store::Store;

/// What the page starts with.
#[derive(Clone, Properties)]
pub struct AppProps {
    /// Knowledge, words and the session to go on with.
    pub store: Store,
    /// The mail app that belongs to the device, if it can be told.
    #[prop_or_default]
    pub guess: Option<crate::knowledge::AppId>,
    /// What is computed while the user acts.
    #[prop_or_default]
    pub ahead: Ahead,
    /// Some stored answers did not fit this knowledge.
    #[prop_or_default]
    pub dropped: bool,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.store.session, &other.store.session)
    }
}

/// The whole page.
#[component]
pub fn App(props: &AppProps) -> Html {
    let store = use_reducer(|| props.store.clone());
    let shown = use_state(Shown::default);
    let said = use_state(AttrValue::default);
    let ahead = use_memo((), |()| props.ahead.clone());
    let view = ahead::use_view(&store, &ahead);
    let case = Case {
        kb: store.kb.clone(),
        words: store.words.clone(),
        session: store.session.clone(),
        view,
        shown: (*shown).clone(),
        guess: props.guess,
        dropped: props.dropped,
        on: on(&store, &shown),
        show: Callback::from({
            let shown = shown.setter();
            move |it| shown.set(it)
        }),
        say: Callback::from({
            let said = said.setter();
            move |it| said.set(it)
        }),
    };
    use_saving(&case);
    use_moving(&case);
    page::page(&case, &said)
}

/// Events go to the reducer. What was opened beside the advice closes once it is answered.
fn on(store: &UseReducerHandle<Store>, shown: &UseStateHandle<Shown>) -> Callback<Event> {
    let (store, shown) = (store.dispatcher(), shown.setter());
    Callback::from(move |event| {
        if !matches!(event, Event::App(..) | Event::Domain(_) | Event::PutBack(_)) {
            shown.set(Shown::Next);
        }
        store.dispatch(event);
    })
}

/// Every state is kept on the device.
#[hook]
fn use_saving(case: &Case) {
    let kb = case.kb.clone();
    use_effect_with(case.session.clone(), move |session| {
        storage::write(&store::to_text(&kb, &session.state));
    });
}

/// After an answer the next step has the focus, and what is thought now is said.
#[hook]
fn use_moving(case: &Case) {
    let before = use_mut_ref(|| None);
    let compared = use_mut_ref(|| case.state().settings());
    let state = case.state();
    let told = (state.entries.clone(), state.text.clone(), case.shown.clone());
    let case = case.clone();
    use_effect_with(told, move |_| {
        let settings = case.state().settings();
        let news = compared.replace(settings.clone()) != settings && !settings.is_empty();
        let now = match (case.begun(), news) {
            (false, _) => Moment::Home,
            (true, true) => Moment::Judged,
            (true, false) => Moment::Diagnosis,
        };
        if let Some(before) = before.replace(Some(now)) {
            focus::moved(before, now);
            case.say.emit(leading::said(&case));
        }
    });
}

/// Starts the page in the element `app` of the document, with what was kept on this device.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    let (store, dropped) = kept();
    let guess = device::here().and_then(|it| guess(&store.kb, &it));
    let store = store.with_app(guess.as_ref());
    let props = AppProps { store, guess: guess.map(|it| it.0), ahead: Ahead::default(), dropped };
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<App>::with_root_and_props(root, props).render();
    }
}

/// Outside a browser there is no page to start.
#[cfg(not(target_arch = "wasm32"))]
pub fn start() {}

/// The session kept on this device, and whether some of it no longer fits.
#[cfg(target_arch = "wasm32")]
fn kept() -> (Store, bool) {
    let store = Store::new(crate::knowledge::embedded(), crate::knowledge::english());
    match storage::read().and_then(|text| store::from_text(&store.kb, &text)) {
        Some((state, dropped)) => (store.with_state(state), dropped),
        None => (store, false),
    }
}

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
mod check;
pub mod checkup;
mod choose_app;
mod clipboard;
mod copy_button;
mod decides;
mod device;
mod diagnosis;
pub mod event_stream;
mod finding;
mod focus;
mod home;
mod judged;
mod leading;
mod location;
mod looks;
mod named;
mod network;
mod notices;
mod other_steps;
mod own_computer;
mod pace;
mod page;
pub mod past;
mod past_strip;
mod probe_client;
mod put_back;
mod recognised;
mod repair;
mod report_exchange;
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
mod time;
mod told;
mod ways;
mod webmail;

use std::rc::Rc;

use yew::prelude::*;

use crate::session::{Event, Vantages};
pub use ahead::Ahead;
use case::{Case, Shown};
use checkup::{Checkup, Note};
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
    /// The probes of this build, or a check that is under way.
    #[prop_or_default]
    pub checkup: Checkup,
    /// Begins with the page about the network.
    #[prop_or_default]
    pub network: bool,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.store.session, &other.store.session)
    }
}

/// The whole page. What is read out stands apart, so that saying something draws nothing else anew.
#[component]
pub fn App(props: &AppProps) -> Html {
    let said = use_state(AttrValue::default);
    html! {
        <>
            <Page start={props.clone()} say={said.setter()} />
            <div class="away" role="status" aria-live="polite">{ &*said }</div>
        </>
    }
}

/// What the page starts with, and where to send what is to be read out.
#[derive(Clone, PartialEq, Properties)]
struct PageProps {
    start: AppProps,
    say: UseStateSetter<AttrValue>,
}

/// Everything that is seen.
#[component]
fn Page(PageProps { start: props, say }: &PageProps) -> Html {
    let store = use_reducer(|| props.store.clone());
    let checkup = use_reducer(|| props.checkup.clone());
    let shown = use_state(|| if props.network { Shown::Network } else { Shown::Next });
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
        checkup: Rc::new((*checkup).clone()),
        note: Callback::from({
            let checkup = checkup.dispatcher();
            move |it| checkup.dispatch(it)
        }),
        begin: begin(&checkup, say.clone(), &store),
        on: on(&store, &shown),
        show: Callback::from({
            let shown = shown.clone();
            move |it| {
                // what is shown already keeps the focus: nothing moves it there again
                if *shown != it {
                    focus::leave();
                }
                shown.set(it);
            }
        }),
        say: Callback::from({
            let say = say.clone();
            move |it| say.set(it)
        }),
        ahead: (*ahead).clone(),
    };
    use_saving(&case);
    use_moving(&case);
    use_vantages(&case);
    use_reporting(&case);
    use_location(&case);
    page::page(&case)
}

/// Asks all probes about a provider.
fn begin(
    checkup: &UseReducerHandle<Checkup>,
    say: UseStateSetter<AttrValue>,
    store: &UseReducerHandle<Store>,
) -> Callback<String> {
    let words = store.words.text("network.announce.started").to_owned();
    let (number, probes) = (checkup.number + 1, checkup.probes.clone());
    let dispatcher = checkup.dispatcher();
    let note = Callback::from(move |it| dispatcher.dispatch(it));
    Callback::from(move |provider: String| {
        note.emit(Note::Begin(provider.clone()));
        say.set(words.clone().into());
        probe_client::check(number, &provider, &probes, &note);
    })
}

/// The session learns which probes there are; the program on this computer is looked for.
#[hook]
fn use_vantages(case: &Case) {
    let note = case.note.clone();
    use_effect_with((), move |()| probe_client::find_local(note));
    let on = case.on.clone();
    let local = case.checkup.probes.iter().any(|it| it.local);
    let vantages = match case.checkup.probes.as_slice() {
        [] => Vantages::None,
        _ if local => Vantages::Local,
        _ => Vantages::Public,
    };
    use_effect_with(vantages, move |vantages| on.emit(Event::Vantages(*vantages)));
}

/// What all probes reported goes to the case once the last of them is over. Meanwhile what happens
/// is said, not more often than it matters.
#[hook]
fn use_reporting(case: &Case) {
    let run = case.checkup.run.as_ref();
    let over = run.is_some_and(checkup::Run::is_over);
    let told = (case.checkup.number, over);
    let now = case.clone();
    use_effect_with(told, move |(_, over)| {
        let Some(run) = now.checkup.run.as_ref().filter(|_| *over) else { return };
        let reports = run.reports();
        if reports.is_empty() {
            now.say.emit(finding::said(&now, &run.finding()));
        } else {
            now.on.emit(Event::Reports(reports));
        }
    });
    let ended = run.map_or(0, |it| it.looks.iter().filter(|it| it.ended.is_some()).count());
    let late = run.is_some_and(|it| it.late && !it.is_over());
    let now = case.clone();
    use_effect_with((ended, late), move |(ended, late)| {
        if let Some(run) = now.checkup.run.as_ref().filter(|it| !it.is_over()) {
            if *late {
                now.say.emit(now.net("announce.late"));
            } else if *ended > 0 {
                let (over, all) = (ended.to_string(), run.looks.len().to_string());
                now.say.emit(now.net_fill("place.looking", &[("over", &over), ("all", &all)]));
            }
        }
    });
}

/// The page about the network has an address of its own, so that Back works and it can be kept.
#[hook]
fn use_location(case: &Case) {
    let here = case.shown == Shown::Network;
    use_effect_with(here, |here| location::show(*here));
    let (show, shown) = (case.show.clone(), case.shown.clone());
    use_effect_with(here, move |_| {
        location::on_change(move |network| match (network, &shown) {
            (true, _) => show.emit(Shown::Network),
            (false, Shown::Network) => show.emit(Shown::Next),
            (false, _) => {}
        })
    });
}

/// Events go to the reducer. What was opened beside the advice closes once it is answered.
fn on(store: &UseReducerHandle<Store>, shown: &UseStateHandle<Shown>) -> Callback<Event> {
    let here = **shown == Shown::Network;
    let (store, shown) = (store.dispatcher(), shown.setter());
    Callback::from(move |event| {
        let beside = matches!(
            event,
            Event::App(..) | Event::Domain(_) | Event::PutBack(_) | Event::Vantages(_)
        );
        let checked_here = here && matches!(event, Event::Reports(_));
        if !(beside || checked_here) {
            focus::leave();
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
    let checked = use_mut_ref(|| case.state().reports.clone());
    let state = case.state();
    let reports = state.reports.clone();
    let told = (state.entries.clone(), state.text.clone(), case.shown.clone(), reports);
    let case = case.clone();
    use_effect_with(told, move |_| {
        let settings = case.state().settings();
        let news = compared.replace(settings.clone()) != settings && !settings.is_empty();
        let measured = checked.replace(case.state().reports.clone()) != case.state().reports
            && !case.state().reports.is_empty();
        let now = match (case.begun(), news) {
            _ if case.shown == Shown::Network => Moment::Network,
            (false, _) => Moment::Home,
            _ if measured => Moment::Checked,
            (true, true) => Moment::Judged,
            (true, false) => Moment::Diagnosis,
        };
        if let Some(before) = before.replace(Some(now)) {
            focus::moved(before, now);
            match (&case.view.finding, measured, now) {
                (Some(found), true, _) => case.say.emit(finding::said(&case, found)),
                (_, _, Moment::Network) => {}
                _ => case.say.emit(leading::said(&case)),
            }
        }
    });
}

/// Starts the page in the element `app` of the document, with what was kept on this device.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    let (store, dropped) = kept();
    let guess = device::here().and_then(|it| guess(&store.kb, &it));
    let store = store.with_app(guess.as_ref());
    let probes = crate::network::sites::sites(env!("OUTBOX_DOCTOR_PROBES")).unwrap_or_default();
    let checkup = Checkup::new(probes.into_iter().map(checkup::Probe::from).collect());
    let guess = guess.map(|it| it.0);
    let (ahead, network) = (Ahead::default(), location::is_network());
    let props = AppProps { store, guess, ahead, dropped, checkup, network };
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

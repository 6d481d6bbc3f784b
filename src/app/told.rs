//! Everything told and done, each to change or to take back; later answers stay.

use std::collections::BTreeMap;

use yew::prelude::*;

use super::button::button;
use super::case::{Case, Shown};
use super::named::named;
use super::store::attempt_key;
use crate::engine::Step;
use crate::knowledge::{ActionId, Field, Kind, ObservationId};
use crate::session::{Attempt, Entry, Event, Origin, Reply};

pub fn told(case: &Case) -> Html {
    if case.view.history.is_empty() && case.state().text.is_empty() {
        return Html::default();
    }
    html! {
        <section class="card told" aria-labelledby="told-heading" data-test="told">
            <h2 id="told-heading">{ case.ui("told.title") }</h2>
            <ul class="plain">
                if !case.state().text.is_empty() { { wrote(case) } }
                { for case.view.history.iter().map(|it| entry(case, it)) }
            </ul>
        </section>
    }
}

/// What asks about an observation again: its question, the settings check, the message box.
pub fn again(case: &Case, id: ObservationId) -> Shown {
    match case.kb.observation(id).kind {
        Kind::Setting(_) => Shown::Again(Step::CheckSettings(Vec::new())),
        Kind::Question => Shown::Again(Step::Ask(id)),
        Kind::Check => Shown::Again(Step::Check(id)),
        Kind::Sign | Kind::Context => Shown::Text,
    }
}

fn wrote(case: &Case) -> Html {
    let change = button("link", "change", case.ui("told.change"), case.open(Shown::Text));
    let text = html! { <q class="quoted">{ case.state().text.clone() }</q> };
    row("text", case.ui("told.wrote"), text, change)
}

fn entry(case: &Case, entry: &Entry) -> Html {
    match entry {
        Entry::Answer(id, reply, origin) => answer(case, *id, *reply, *origin),
        Entry::Settings(values, origin) => settings(case, values, *origin),
        Entry::Attempt(id, attempt) => tried(case, *id, *attempt),
        Entry::Sends => Html::default(),
    }
}

fn answer(case: &Case, id: ObservationId, reply: Reply, origin: Origin) -> Html {
    let observation = case.kb.observation(id);
    let key = observation.key.as_str();
    let retract = case.send(Event::Retract(id));
    if observation.kind == Kind::Sign {
        let seen = case.word(&["observation", key, "seen"]);
        let remove = button("link", "remove", case.ui("told.remove"), retract);
        return row(key, seen, from(case, origin), remove);
    }
    let answer = match reply {
        Reply::Is(answer) => {
            case.word(&["observation", key, "answer", observation.answer_key(answer)])
        }
        Reply::NotSure if origin == Origin::Probe => case.net("verdict.could-not-test.title"),
        Reply::NotSure => case.ui("ask.not-sure"),
    };
    let open = case.open(again(case, id));
    let change = button("link", "change", case.ui("told.change"), open);
    let change = if observation.kind == Kind::Check {
        html! { <div class="both">{ change }{ button("link", "remove", case.ui("told.remove"), retract) }</div> }
    } else {
        change
    };
    let given = html! { <><strong>{ answer }</strong>{ " " }{ from(case, origin) }</> };
    row(key, case.question(id), given, change)
}

fn from(case: &Case, origin: Origin) -> Html {
    match origin {
        Origin::Text => html! { <span class="hint">{ case.ui("told.from-text") }</span> },
        Origin::User | Origin::Probe => Html::default(),
    }
}

fn settings(case: &Case, values: &BTreeMap<Field, String>, origin: Origin) -> Html {
    let open = case.open(Shown::Again(Step::CheckSettings(Vec::new())));
    let change = button("link", "change", case.ui("told.change"), open);
    let read = values.iter().map(|(field, value)| html! {
        <span class="pair">
            { case.word(&["ui", "field", field.key()]) }{ ": " }<strong>{ named(case, *field, value) }</strong>
        </span>
    });
    let nothing = values.is_empty().then(|| case.ui("told.settings-none"));
    let shown = html! { <>{ for read }{ nothing }{ " " }{ from(case, origin) }</> };
    row("settings", case.ui("told.settings"), shown, change)
}

fn tried(case: &Case, id: ActionId, attempt: Attempt) -> Html {
    let open = case.open(Shown::Again(Step::Repair(id)));
    let change = button("link", "change", case.ui("told.change"), open);
    let title = case.fill("told.tried", &[("action", &case.action(id))]);
    let ended = case.word(&["ui", "told", attempt_key(attempt)]);
    row(&case.kb.action(id).key, title, html! { <strong>{ ended }</strong> }, change)
}

fn row(key: &str, subject: AttrValue, said: Html, change: Html) -> Html {
    html! {
        <li data-test={["told-", key].concat()}>
            <div><p>{ subject }</p><p>{ said }</p></div>
            { change }
        </li>
    }
}

//! A repair: why, how long, what may go wrong, the exact steps, and what came of it.

use yew::prelude::*;

use super::button::{button, folded};
use super::case::{Case, Shown};
use super::decides;
use super::steps::{TEST, steps};
use crate::knowledge::{ActionId, Risk};
use crate::session::{Attempt, Event};

/// A repair once more: what went wrong may have been the carrying out.
pub fn redo(case: &Case, id: ActionId) -> Html {
    html! { <><p class="notice">{ case.ui("repair.redo") }</p>{ tried(case, id, Attempt::FailsAgain) }</> }
}

pub fn repair(case: &Case, id: ActionId) -> Html {
    tried(case, id, Attempt::StillFails)
}

fn tried(case: &Case, id: ActionId, failed: Attempt) -> Html {
    let action = case.kb.action(id);
    let word = |part| case.word(&["action", &action.key, part]);
    let precaution = word("precaution");
    html! {
        <>
            <p>{ word("why") }</p>
            <p class="facts">
                <span>{ case.minutes(action.seconds) }</span>
                <span>{ risk(case, action.risk) }</span>
            </p>
            if !precaution.is_empty() { <p class="notice danger">{ precaution }</p> }
            <h3>{ case.ui("repair.do") }</h3>
            <p class="hint">{ case.ui("steps.hint") }</p>
            { steps(case, &action.key) }
            { undo(case, word("undo")) }
            <h3>{ case.ui("repair.result") }</h3>
            { folded("test-how", case.ui("repair.test"), steps(case, TEST)) }
            { results(case, id, failed) }
            { decides::failed(case, id) }
        </>
    }
}

fn risk(case: &Case, risk: Risk) -> AttrValue {
    case.ui(match risk {
        Risk::None => "repair.risk.none",
        Risk::Reversible => "repair.risk.reversible",
        Risk::LosesData => "repair.risk.loses-data",
    })
}

fn undo(case: &Case, text: AttrValue) -> Html {
    if text.is_empty() {
        return Html::default();
    }
    folded("undo-how", case.ui("repair.undo"), html! { <p>{ text }</p> })
}

fn results(case: &Case, id: ActionId, failed: Attempt) -> Html {
    let result = |class, test, key, attempt| {
        html! { <li>{ button(class, test, case.ui(key), case.send(Event::Done(id, attempt))) }</li> }
    };
    html! {
        <ul class="choices">
            { result("choice good", "sends", "repair.sends", Attempt::Sends) }
            { result("choice", "still-fails", "repair.still-fails", failed) }
            <li>{ button("choice", "changed", case.ui("repair.changed"), case.open(Shown::Changed(id))) }</li>
            { result("choice quiet", "cannot", "repair.cannot", Attempt::CannotDo) }
        </ul>
    }
}

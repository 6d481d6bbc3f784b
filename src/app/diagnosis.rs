//! A case: where the message stops, what is thought, one next step.

use yew::prelude::*;

use super::about::about;
use super::button::button;
use super::case::{Case, Shown};
use super::finding::finding;
use super::judged::judged;
use super::leading::{known, leading};
use super::network::entrance;
use super::notices::{notices, recheck};
use super::other_steps::other_steps;
use super::put_back::put_back;
use super::recognised::recognised;
use super::right_settings::right_settings;
use super::road::Road;
use super::ruled_out::ruled_out;
use super::safety::safety;
use super::step_card::step_card;
use super::told::told;
use super::webmail::webmail;
use crate::session::{Event, Next};

/// The parts in the order in which they are read; wide windows put some of them aside.
pub fn diagnosis(case: &Case) -> Html {
    let solved = matches!(case.view.next, Next::Solved(_)) && case.shown == Shown::Next;
    html! {
        <div class="diagnosis">
            <div class="head">
                { heading(case, solved) }
                { notices(case) }
                { recognised(case) }
            </div>
            if !solved { <Road case={case.clone()} /> }
            <div class="middle">
                if !solved { { leading(case) } { checked(case) } { judged(case) } { recheck(case) } { about(case) } }
                { step_card(case) }
                { bar(case, solved) }
                { put_back(case) }
                if !solved { { other_steps(case) } }
            </div>
            <div class="side">
                { told(case) }
                { right_settings(case) }
                if !solved { { ruled_out(case) } { entrance(case) } { webmail(case) } }
                { safety(case) }
            </div>
        </div>
    }
}

/// What the page is about at this moment.
fn heading(case: &Case, solved: bool) -> Html {
    let early = !solved && !known(case);
    let title = match (solved, early) {
        (true, _) => "solved.title",
        (_, true) => "diagnosis.early",
        _ => "diagnosis.title",
    };
    html! {
        <>
            <h1 id="diagnosis-heading" tabindex="-1">{ case.ui(title) }</h1>
            if early { <p class="lead">{ case.ui("diagnosis.early-text") }</p> }
        </>
    }
}

/// What probes found.
fn checked(case: &Case) -> Html {
    case.view.finding.as_ref().map(|it| finding(case, it, false)).unwrap_or_default()
}

fn bar(case: &Case, solved: bool) -> Html {
    let restart = case.send(Event::Restart);
    html! {
        <div class="bar">
            if case.view.can_undo {
                { button("secondary", "undo", case.ui("nav.undo"), case.send(Event::Undo)) }
            }
            if !solved { { button("secondary", "restart", case.ui("nav.restart"), restart) } }
        </div>
    }
}

//! The one thing to do now.

use yew::prelude::*;

use super::ask::ask;
use super::button::button;
use super::case::{Case, Shown};
use super::check::check;
use super::repair::{redo, repair};
use super::settings_check::settings_check;
use super::solved::solved;
use super::support::support;
use super::tell::Tell;
use crate::engine::Step;
use crate::session::{Event, Next};

/// The card, with the advice or with what the user opened instead.
pub fn step_card(case: &Case) -> Html {
    match (case.step(), &case.view.next) {
        (Some(step), _) => card(case, step),
        (None, Next::Solved(ending)) if case.shown == Shown::Next => solved(case, ending.solved_by),
        (None, _) => tell(case),
    }
}

fn tell(case: &Case) -> Html {
    let after = if let Shown::Changed(id) = case.shown { Some(id) } else { None };
    html! {
        <section class="card step" data-test="step" data-kind="text">
            <h2 id="next-heading" tabindex="-1" class="away">{ case.ui("tell.again") }</h2>
            <Tell case={case.clone()} {after} />
        </section>
    }
}

fn card(case: &Case, step: &Step) -> Html {
    let (kind, id, body) = match step {
        Step::Ask(id) => ("ask", case.kb.observation(*id).key.as_str(), ask(case, *id)),
        Step::Check(id) => ("check", case.kb.observation(*id).key.as_str(), check(case, *id)),
        Step::CheckSettings(ids) => ("settings", "settings-check", settings_check(case, ids)),
        Step::Repair(id) => ("repair", case.kb.action(*id).key.as_str(), repair(case, *id)),
        Step::Redo(id) => ("redo", case.kb.action(*id).key.as_str(), redo(case, *id)),
        Step::ContactSupport => ("support", "contact-support", support(case)),
    };
    let kicker = case.ui(match case.shown {
        Shown::Again(_) => "step.changing",
        Shown::Instead(_) => "step.chosen",
        _ => "step.title",
    });
    html! {
        <section key={id} class="card step" data-test="step" data-kind={kind} data-id={id.to_owned()}
            aria-labelledby="next-heading">
            <p class="kicker">{ kicker }</p>
            <h2 id="next-heading" tabindex="-1">{ case.step_title(step) }</h2>
            { body }
            { sends(case, step) }
            { back(case) }
        </section>
    }
}

/// Mail may start to go out while something else is asked; a repair asks by itself.
fn sends(case: &Case, step: &Step) -> Html {
    if matches!(step, Step::Repair(_) | Step::Redo(_)) {
        return Html::default();
    }
    button("link", "sends", case.ui("step.sends"), case.send(Event::Sends))
}

/// Out of what was opened beside the advice.
fn back(case: &Case) -> Html {
    if !matches!(case.shown, Shown::Again(_) | Shown::Instead(_)) {
        return Html::default();
    }
    let instead = matches!(case.shown, Shown::Instead(_));
    let label = case.ui(if instead { "step.return" } else { "step.back" });
    button("link", "back", label, case.open(Shown::Next))
}

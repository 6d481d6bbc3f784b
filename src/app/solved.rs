//! The end: what fixed it, and what is still to do.

use yew::prelude::*;

use super::button::button;
use super::case::Case;
use crate::knowledge::ActionId;
use crate::session::{Attempt, Event};

pub fn solved(case: &Case, by: Option<ActionId>) -> Html {
    let (id, kicker, title, again) = match by {
        Some(by) => (
            case.kb.action(by).key.clone(),
            case.ui("solved.text"),
            case.action(by),
            Event::Done(by, Attempt::StillFails),
        ),
        None => (
            "by-itself".to_owned(),
            case.ui("solved.good"),
            case.ui("solved.title"),
            Event::RetractSends,
        ),
    };
    html! {
        <section class="card step solved" data-test="step" data-kind="solved" data-id={id}
            aria-labelledby="next-heading">
            <p class="kicker">{ kicker }</p>
            <h2 id="next-heading" tabindex="-1">{ title }</h2>
            <h3>{ case.ui("solved.before") }</h3>
            <ul>{ case.items("solved.devices") }</ul>
            { button("primary", "again", case.ui("solved.again"), case.send(Event::Restart)) }
            { button("choice quiet", "not-yet", case.ui("solved.not-yet"), case.send(again)) }
        </section>
    }
}

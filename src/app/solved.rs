//! The end: what fixed it, and what is still to do.

use yew::prelude::*;

use super::button::button;
use super::case::Case;
use crate::knowledge::ActionId;
use crate::session::{Attempt, Event};

pub fn solved(case: &Case, by: ActionId) -> Html {
    let not_yet = case.send(Event::Done(by, Attempt::StillFails));
    html! {
        <section class="card step solved" data-test="step" data-kind="solved"
            data-id={case.kb.action(by).key.clone()} aria-labelledby="next-heading">
            <p class="kicker">{ case.ui("solved.text") }</p>
            <h2 id="next-heading" tabindex="-1">{ case.action(by) }</h2>
            <h3>{ case.ui("solved.before") }</h3>
            <ul>{ case.items("solved.devices") }</ul>
            { button("primary", "again", case.ui("solved.again"), case.send(Event::Restart)) }
            { button("choice quiet", "not-yet", case.ui("solved.not-yet"), not_yet) }
        </section>
    }
}

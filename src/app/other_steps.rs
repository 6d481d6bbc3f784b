//! Steps that could be taken instead of the one advised.

use yew::prelude::*;

use super::button::{button, folded};
use super::case::{Case, Shown};
use crate::engine::Step;

/// Steps shown at most, besides the settings check and support, which are always open.
const MOST: usize = 3;

pub fn other_steps(case: &Case) -> Html {
    let (always, best): (Vec<&Step>, Vec<&Step>) = others(case)
        .partition(|step| matches!(step, Step::CheckSettings(_) | Step::ContactSupport));
    let shown = best.into_iter().take(MOST).chain(always);
    let items = shown.map(|step| {
        let open = case.open(Shown::Instead(step.clone()));
        html! { <li>{ button("choice", "instead", case.step_title(step), open) }</li> }
    });
    let add = button("choice", "add-text", case.ui("told.add"), case.open(Shown::Text));
    let items = std::iter::once(html! { <li>{ add }</li> }).chain(items);
    folded("other-steps", case.ui("step.others"), html! { <ul class="choices">{ for items }</ul> })
}

fn others(case: &Case) -> impl Iterator<Item = &Step> {
    let steps = case.view.advice.alternatives.iter().map(|(step, _)| step);
    steps.filter(|step| Some(*step) != case.step())
}

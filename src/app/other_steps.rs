//! Steps that could be taken instead of the one advised.

use yew::prelude::*;

use super::button::{button, folded};
use super::case::{Case, Shown};
use crate::engine::Step;

/// Steps shown at most, besides support.
const MOST: usize = 4;

pub fn other_steps(case: &Case) -> Html {
    let advised = case.step();
    let others = case.view.advice.alternatives.iter().map(|(step, _)| step);
    let mut others: Vec<&Step> = others.filter(|step| Some(*step) != advised).collect();
    others.sort_by_key(|step| **step == Step::ContactSupport);
    let support = others.pop_if(|step| **step == Step::ContactSupport);
    let shown = others.into_iter().take(MOST).chain(support);
    let items = shown.map(|step| {
        let open = case.open(Shown::Instead(step.clone()));
        html! { <li>{ button("choice", "instead", case.step_title(step), open) }</li> }
    });
    folded("other-steps", case.ui("step.others"), html! { <ul class="choices">{ for items }</ul> })
}

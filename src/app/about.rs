//! Mail app and address, in a case: one line that opens, or open while the step needs them.

use yew::prelude::*;

use super::address::Address;
use super::case::Case;
use super::choose_app::choose_app;
use crate::engine::Step;

pub fn about(case: &Case) -> Html {
    let needed = needed(case);
    html! {
        <details class="folded about" data-test="about" open={needed}>
            <summary>{ summary(case) }<span class="change">{ case.ui("about.change") }</span></summary>
            <div class="folded-body">
                if needed { <p class="hint">{ case.ui("about.needed") }</p> }
                { choose_app(case) }
                <Address case={case.clone()} />
            </div>
        </details>
    }
}

/// The step is carried out in the app, but app or address are not known.
fn needed(case: &Case) -> bool {
    let in_app = matches!(case.step(), Some(Step::Repair(_) | Step::CheckSettings(_)));
    in_app && (case.state().app.is_none() || case.state().domain.is_empty())
}

fn summary(case: &Case) -> AttrValue {
    let app = case.state().app.map(|id| case.kb.app(id).name.clone().into());
    let app = app.unwrap_or_else(|| case.ui("about.no-app"));
    let domain = match case.state().domain.as_str() {
        "" => case.ui("about.no-domain"),
        domain => ["@", domain].concat().into(),
    };
    case.fill("about.summary", &[("app", &app), ("domain", &domain)])
}

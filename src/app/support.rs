//! Nothing is left to try at home: how to reach Spectrum, and what to say there.

use yew::prelude::*;

use super::case::Case;
use super::copy_button::Copyable;
use crate::session::{Attempt, Entry};

pub fn support(case: &Case) -> Html {
    html! {
        <>
            <p>{ case.ui("support.text") }</p>
            <p><a class="go" href="https://www.spectrum.net/contact-us" rel="noreferrer">{ case.ui("support.link") }</a></p>
            <p>{ case.ui("support.safe") }</p>
            <p>{ case.ui("support.honest") }</p>
            <h3>{ case.ui("support.say") }</h3>
            <Copyable long={true} value={say(case)} case={case.clone()} />
        </>
    }
}

/// What to say: the problem, app and address, what the app shows, what was tried.
fn say(case: &Case) -> AttrValue {
    let app =
        case.state().app.map(|id| case.fill("support.say-app", &[("app", &case.kb.app(id).name)]));
    let domain = case.state().domain.as_str();
    let domain =
        (!domain.is_empty()).then(|| case.fill("support.say-domain", &[("domain", domain)]));
    let mut lines = vec![case.ui("support.say-problem")];
    lines.extend(app);
    lines.extend(domain);
    lines.extend(
        case.view
            .recognised
            .iter()
            .map(|id| case.fill("support.say-shown", &[("shown", &case.kb.signature(*id).shown)])),
    );
    let tried: Vec<AttrValue> = tried(case).collect();
    lines.extend((!tried.is_empty()).then(|| case.ui("support.say-tried")));
    lines.extend(tried);
    lines.join("\n").into()
}

fn tried(case: &Case) -> impl Iterator<Item = AttrValue> + '_ {
    case.view.history.iter().filter_map(|entry| match entry {
        Entry::Attempt(id, Attempt::StillFails | Attempt::FailsAgain) => {
            Some(case.fill("support.say-action", &[("action", &case.action(*id))]))
        }
        _ => None,
    })
}

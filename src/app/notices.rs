//! Short words about what was read, and a doubt about the answers.

use yew::prelude::*;

use super::button::button;
use super::case::Case;
use super::told::again;
use crate::engine::Warning;
use crate::knowledge::ObservationId;
use crate::session::{Entry, Origin};

/// What the user should know about the reading of the text.
pub fn notices(case: &Case) -> Html {
    html! {
        <>
            if case.dropped { { calm(case.ui("notice.dropped")) } }
            if case.state().truncated { { calm(case.ui("notice.truncated")) } }
            if unrecognised(case) {
                <div class="notice calm" data-test="unrecognised">
                    <p><strong>{ case.ui("notice.unrecognised.title") }</strong></p>
                    <p>{ case.ui("notice.unrecognised.text") }</p>
                </div>
            }
        </>
    }
}

fn calm(text: AttrValue) -> Html {
    html! { <p class="notice calm">{ text }</p> }
}

/// There is a text, but it told nothing.
fn unrecognised(case: &Case) -> bool {
    let from_text = |entry: &Entry| {
        matches!(entry, Entry::Answer(_, _, Origin::Text) | Entry::Settings(_, Origin::Text))
    };
    !case.state().text.is_empty()
        && case.view.recognised.is_empty()
        && !case.state().entries.iter().any(from_text)
}

/// Answers that do not fit together, with a way to the one that fits worst.
pub fn recheck(case: &Case) -> Html {
    let doubts = case.view.advice.warnings.iter().map(|Warning::Recheck(id)| *id);
    doubts.map(|id| doubt(case, id)).collect()
}

fn doubt(case: &Case, id: ObservationId) -> Html {
    let open = case.open(again(case, id));
    html! {
        <div class="notice" data-test="recheck">
            <p><strong>{ case.ui("notice.recheck.title") }</strong></p>
            <p>{ case.ui("notice.recheck.text") }{ " " }{ subject(case, id) }</p>
            { button("secondary", "recheck-open", case.ui("notice.recheck.change"), open) }
        </div>
    }
}

/// What an observation is about: its question, or what was seen.
fn subject(case: &Case, id: ObservationId) -> AttrValue {
    let question = case.question(id);
    if question.is_empty() {
        case.word(&["observation", &case.kb.observation(id).key, "seen"])
    } else {
        question
    }
}

//! What the next step would tell.

use yew::prelude::*;

use super::button::folded;
use super::case::Case;
use super::leading::title;
use crate::engine::{Decided, Outcome};
use crate::knowledge::{ActionId, ObservationId};

/// For each answer to a question, the fault that would lead.
pub fn answers(case: &Case, asked: ObservationId) -> Html {
    let items: Html = case.view.decides.iter().filter_map(|it| item(case, asked, it)).collect();
    if items == Html::default() {
        return items;
    }
    folded("decides", case.ui("decides.title"), html! { <ul>{ items }</ul> })
}

fn item(case: &Case, asked: ObservationId, decided: &Decided) -> Option<Html> {
    let Outcome::Answer(id, answer) = decided.outcome else { return None };
    let observation = case.kb.observation(id);
    let answer =
        case.word(&["observation", &observation.key, "answer", observation.answer_key(answer)]);
    let fault = title(case, decided.leader);
    let text = case.fill("decides.answer", &[("answer", &answer), ("fault", &fault)]);
    (id == asked).then(|| html! { <li>{ text }</li> })
}

/// The fault that would lead if a repair did not help.
pub fn failed(case: &Case, tried: ActionId) -> Html {
    let of = |it: &&Decided| it.outcome == Outcome::StillFails(tried);
    let Some(decided) = case.view.decides.iter().find(of) else { return Html::default() };
    let text = case.fill("decides.failed", &[("fault", &title(case, decided.leader))]);
    html! { <p class="hint" data-test="decides">{ text }</p> }
}

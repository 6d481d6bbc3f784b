//! One question.

use yew::prelude::*;

use super::button::button;
use super::case::Case;
use super::decides;
use crate::knowledge::{AnswerId, ObservationId};
use crate::session::{Event, Reply};

/// How to find out, and the answers. "Not sure" is always one.
pub fn ask(case: &Case, id: ObservationId) -> Html {
    let observation = case.kb.observation(id);
    let how = case.word(&["observation", &observation.key, "how"]);
    let given = case.state().reply(id);
    let answers = (0..).map(AnswerId).zip(&observation.answers).map(|(answer, name)| {
        let label = case.word(&["observation", &observation.key, "answer", name]);
        let test = ["answer-", name].concat();
        choice(case, id, Reply::Is(answer), given, test, label)
    });
    let not_sure = case.ui("ask.not-sure");
    html! {
        <>
            if !how.is_empty() { <p>{ how }</p> }
            <ul class="choices">
                { for answers }
                { choice(case, id, Reply::NotSure, given, "not-sure".to_owned(), not_sure) }
            </ul>
            { decides::answers(case, id) }
        </>
    }
}

fn choice(
    case: &Case,
    id: ObservationId,
    reply: Reply,
    given: Option<Reply>,
    test: String,
    label: AttrValue,
) -> Html {
    let class = match (given == Some(reply), reply) {
        (true, _) => "choice given",
        (false, Reply::NotSure) => "choice quiet",
        (false, Reply::Is(_)) => "choice",
    };
    html! { <li>{ button(class, test, label, case.send(Event::Answer(id, reply))) }</li> }
}

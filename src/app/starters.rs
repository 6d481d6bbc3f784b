//! The commonest things seen, one tap each.

use yew::prelude::*;

use super::button::button;
use super::case::Case;
use crate::session::{Event, Reply};

/// Wording key, and the observation and answer that it amounts to.
const STARTERS: [(&str, &str, &str); 6] = [
    ("must-match", "sign.sender-must-match", "seen"),
    ("password", "password-prompt-repeats", "yes"),
    ("timed-out", "sign.timed-out", "seen"),
    ("blocked", "sign.ip-blocked", "seen"),
    ("cannot-connect", "sign.connect-failed", "seen"),
    ("stays", "sign.stays-in-outbox", "seen"),
];

/// The buttons; one whose observation the knowledge lacks is read as text.
pub fn starters(case: &Case) -> Html {
    let buttons = STARTERS.iter().map(|(name, observation, answer)| {
        let label = case.word(&["ui", "starter", name]);
        let known = answer_event(case, observation, answer);
        let event = known.unwrap_or_else(|| Event::Describe(label.to_string()));
        html! { <li>{ button("choice", ["starter-", name].concat(), label, case.send(event)) }</li> }
    });
    html! { <ul class="choices">{ for buttons }</ul> }
}

fn answer_event(case: &Case, observation: &str, answer: &str) -> Option<Event> {
    let id = case.kb.observation_by_key(observation)?;
    let answer = case.kb.observation(id).answer(answer)?;
    Some(Event::Answer(id, Reply::Is(answer)))
}

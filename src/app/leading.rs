//! What is most likely wrong, why we think so, and what else it could be.

use yew::prelude::*;

use super::button::folded;
use super::case::Case;
use crate::engine::{Item, Reason, strongest};
use crate::knowledge::{FaultId, Party};
use crate::session::{Confidence, Ranked};

/// Reasons shown at most.
const MOST: usize = 4;
/// Words quoted at most.
const WORDS: usize = 3;

/// The ranking, once evidence speaks for something.
pub fn leading(case: &Case) -> Html {
    let Some((first, rest)) = ranking(case) else { return Html::default() };
    let key = &case.kb.fault(first.fault).key;
    html! {
        <section class="leading" data-test="leading" data-id={key.clone()} aria-labelledby="leading-heading">
            <p class="kicker">{ confidence(case, first.confidence) }</p>
            <h2 id="leading-heading">{ title(case, first.fault) }</h2>
            <p>{ explain(case, first.fault) }{ " " }{ party(case, first.fault) }</p>
            { folded("why", case.ui("leading.why"), reasons(case, first)) }
            if !rest.is_empty() { { folded("others", case.ui("leading.others"), others(case, rest)) } }
        </section>
    }
}

/// What the page says aloud after an answer.
pub fn said(case: &Case) -> AttrValue {
    let Some((first, _)) = ranking(case) else { return case.ui("announce.noted") };
    let fault = title(case, first.fault);
    let confidence = confidence(case, first.confidence);
    case.fill("announce.leading", &[("confidence", &confidence), ("fault", &fault)])
}

/// What the page knows so far has something to say about the fault.
pub fn known(case: &Case) -> bool {
    ranking(case).is_some()
}

fn ranking(case: &Case) -> Option<(&Ranked, &[Ranked])> {
    let (first, rest) = case.view.ranking.split_first()?;
    (!first.reasons.is_empty()).then_some((first, rest))
}

fn others(case: &Case, rest: &[Ranked]) -> Html {
    let items = rest.iter().map(|ranked| {
        let key = ["ranked-", &case.kb.fault(ranked.fault).key].concat();
        html! {
            <li data-test={key}>
                <p class="kicker">{ confidence(case, ranked.confidence) }</p>
                <h3>{ title(case, ranked.fault) }</h3>
                <p>{ explain(case, ranked.fault) }</p>
            </li>
        }
    });
    html! { <ul class="plain">{ for items }</ul> }
}

fn reasons(case: &Case, ranked: &Ranked) -> Html {
    let speaking = ranked.reasons.iter().filter(|reason| reason.decibans > 0.0);
    let reason = |it| html! { <li>{ reason(case, ranked.fault, it) }</li> };
    let items = speaking.take(MOST).map(reason);
    html! { <ul>{ for items }</ul> }
}

/// A reason in words: what was seen, what was answered, what was tried in vain.
fn reason(case: &Case, fault: FaultId, reason: &Reason) -> AttrValue {
    let (id, answer) = match reason.item {
        Item::Failed(id) => return case.fill("reason.failed", &[("action", &case.action(id))]),
        Item::Terms => return words(case, fault),
        Item::Seen(id, answer) => (id, answer),
    };
    let observation = case.kb.observation(id);
    let answer = observation.answer_key(answer);
    let seen = case.word(&["observation", &observation.key, "seen"]);
    let because = case.word(&["observation", &observation.key, "because", answer]);
    if !because.is_empty() {
        because
    } else if !seen.is_empty() {
        seen
    } else {
        let answered = case.word(&["observation", &observation.key, "answer", answer]);
        case.fill("reason.pair", &[("question", &case.question(id)), ("answer", &answered)])
    }
}

/// The user's words that speak most for a fault.
fn words(case: &Case, fault: FaultId) -> AttrValue {
    let quoted = |word: &str| ["“", word, "”"].concat();
    let words: Vec<String> =
        strongest(&case.kb, &case.view.terms, fault, WORDS).into_iter().map(quoted).collect();
    case.fill("reason.words", &[("words", &words.join(", "))])
}

pub fn title(case: &Case, fault: FaultId) -> AttrValue {
    case.word(&["fault", &case.kb.fault(fault).key, "title"])
}

fn explain(case: &Case, fault: FaultId) -> AttrValue {
    case.word(&["fault", &case.kb.fault(fault).key, "explain"])
}

fn confidence(case: &Case, confidence: Confidence) -> AttrValue {
    case.ui(match confidence {
        Confidence::VeryLikely => "confidence.very-likely",
        Confidence::Likely => "confidence.likely",
        Confidence::Possible => "confidence.possible",
    })
}

fn party(case: &Case, fault: FaultId) -> AttrValue {
    case.ui(match case.kb.fault(fault).party {
        Party::You => "leading.party.you",
        Party::Network => "leading.party.network",
        Party::Provider => "leading.party.provider",
        Party::Recipient => "leading.party.recipient",
    })
}

//! The network check as a step of the diagnosis.

use yew::prelude::*;

use super::button::button;
use super::case::{Case, Shown};
use super::looks::{from, looks};
use super::network::{begin, offered, provider, result};
use crate::knowledge::ObservationId;
use crate::session::{Event, Reply};

pub fn check(case: &Case, id: ObservationId) -> Html {
    let key = &case.kb.observation(id).key;
    let running = case.checkup.running().is_some();
    let failed =
        case.checkup.run.as_ref().is_some_and(|it| it.is_over() && it.reports().is_empty());
    let later = case.send(Event::Answer(id, Reply::NotSure));
    let skip = case.net(if failed { "page.on" } else { "page.later" });
    html! {
        <>
            <p>{ case.word(&["observation", key, "how"]) }</p>
            if !offered(case) { { provider(case) } }
            { begin(case, case.net("page.start")) }
            { from(case) }
            if running || failed { { looks(case) } { result(case) } }
            { button("choice quiet", "not-sure", skip, later) }
            { button("link", "open-network", case.net("page.ways"), case.open(Shown::Network)) }
        </>
    }
}

//! Each server's last 24 hours and 30 days as strips, and "since when" in words.

use yew::prelude::*;

use super::case::Case;
use super::past::{Seen, ServerPast};
use super::time::spoken;

pub fn pasts(case: &Case) -> Html {
    if case.checkup.pasts.iter().all(|(_, servers)| servers.is_empty()) {
        return Html::default();
    }
    let seen = case.checkup.pasts.iter().map(|(name, servers)| {
        let by = (!name.is_empty()).then(|| case.net_fill("past.seen", &[("name", name)]));
        html! {
            <>
                if let Some(by) = by { <p class="hint">{ by }</p> }
                { for servers.iter().map(|it| server(case, it)) }
            </>
        }
    });
    html! {
        <section class="card pasts" aria-labelledby="past-heading" data-test="pasts">
            <h2 id="past-heading">{ case.net("past.title") }</h2>
            { for seen }
        </section>
    }
}

fn server(case: &Case, it: &ServerPast) -> Html {
    let now = match (it.now, it.since) {
        (Seen::None, _) | (_, None) => case.net("past.untested"),
        (seen, Some(since)) => {
            case.net_fill(&["past.", seen.key()].concat(), &[("when", &spoken(since))])
        }
    };
    html! {
        <div class="field past" data-test="past" data-state={it.now.key()}>
            <h3>{ it.host.clone() }</h3>
            <p>{ now }</p>
            { strip(case, "past.day", &it.day) }
            { strip(case, "past.month", &it.month) }
        </div>
    }
}

/// A picture with its meaning as a sentence beside it.
fn strip(case: &Case, label: &str, slots: &[Seen]) -> Html {
    if slots.iter().all(|it| *it == Seen::None) {
        return Html::default();
    }
    let label = case.net(label);
    let words = summary(case, slots);
    let bars = slots.iter().enumerate().map(|(at, seen)| {
        // failures are taller, so that they are seen without colours
        let (y, height) = if *seen == Seen::Bad { ("0", "20") } else { ("6", "14") };
        html! { <rect class={seen.key()} x={(at * 10).to_string()} {y} width="9" {height} /> }
    });
    let width = (slots.len() * 10).to_string();
    html! {
        <figure>
            <figcaption><strong>{ &label }</strong>{ " " }<span class="hint">{ &words }</span></figcaption>
            <svg class="strip" role="img" aria-label={[label.as_str(), ": ", words.as_str()].concat()}
                viewBox={["0 0 ", &width, " 20"].concat()} preserveAspectRatio="none">{ for bars }</svg>
        </figure>
    }
}

fn summary(case: &Case, slots: &[Seen]) -> AttrValue {
    let all = slots.iter().filter(|it| **it != Seen::None).count();
    let bad = slots.iter().filter(|it| matches!(it, Seen::Bad | Seen::Partial)).count();
    match bad {
        0 => case.net("past.strip.good"),
        _ => case
            .net_fill("past.strip.some", &[("bad", &bad.to_string()), ("all", &all.to_string())]),
    }
}

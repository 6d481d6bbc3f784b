//! Every way to the server, stage by stage, with the time each took.

use yew::prelude::*;

use super::button::folded;
use super::case::Case;
use crate::network::{Code, Measurement, Outcome, Status, Target};
use crate::wording;

pub fn ways(case: &Case, targets: &[Target], over: bool) -> Html {
    let longest = targets.iter().map(total).max().unwrap_or(0);
    let rows = targets.iter().map(|it| way(case, it, longest, over));
    folded("ways", case.net("page.ways"), html! { <ul class="plain ways">{ for rows }</ul> })
}

fn total(target: &Target) -> u64 {
    target.stages.iter().map(|it| u64::from(it.ms)).sum()
}

fn way(case: &Case, target: &Target, longest: u64, over: bool) -> Html {
    let (class, sign, ended) = outcome(case, target, over);
    let address = target.address.map(|it| it.to_string());
    let address = match &address {
        Some(address) => case.net_fill("way.at", &[("address", address)]),
        None => case.net("way.no-address"),
    };
    let took = time(case, "way.total", total(target));
    let way = wording::way(&case.words, &target.host, target.port, target.mode);
    html! {
        <li data-test="way" data-light={class}>
            <details>
                <summary {class}>
                    <span class="sign" aria-hidden="true">{ sign }</span>
                    <span>
                        <span class="pair">{ way }</span>
                        <span class="hint pair">{ address }{ ": " }{ ended }{ ", " }{ took }</span>
                    </span>
                    { bar(target, longest) }
                </summary>
                <ol class="plain stages">{ for target.stages.iter().map(|it| stage(case, it)) }</ol>
            </details>
        </li>
    }
}

fn time(case: &Case, key: &str, ms: u64) -> AttrValue {
    if ms == 0 { case.net("way.at-once") } else { case.net_fill(key, &[("ms", &ms.to_string())]) }
}

fn outcome(case: &Case, target: &Target, over: bool) -> (&'static str, &'static str, AttrValue) {
    match target.outcome() {
        Outcome::Works => ("passed", "✓", case.net("way.works")),
        Outcome::Fails(stage, _) => {
            let stage = case.word(&["network", "stage", stage.key()]);
            ("stopped", "✕", case.net_fill("way.fails", &[("stage", &stage)]))
        }
        Outcome::Untested if over => ("unknown", "·", case.net("way.untested")),
        Outcome::Untested => ("looking", "…", case.net("way.looking")),
    }
}

/// Width of the drawing; a quick way is a short bar, the longest fills it.
const WIDTH: u64 = 1000;

/// One piece a stage, in proportion to its time. The words beside it say the same.
fn bar(target: &Target, longest: u64) -> Html {
    let scale = |ms: u64| ms * WIDTH / longest.max(1);
    let mut from = 0;
    let pieces = target.stages.iter().map(|it| {
        let (x, end) = (scale(from), scale(from + u64::from(it.ms)));
        from += u64::from(it.ms);
        // what took no time at all is a thin line
        let width = (end - x).max(6).to_string();
        html! { <rect class={it.status.key()} x={x.to_string()} y="0" {width} height="10" /> }
    });
    let pieces: Html = pieces.collect();
    html! {
        <svg class="time" viewBox="0 0 1010 10" preserveAspectRatio="none" aria-hidden="true">{ pieces }</svg>
    }
}

fn stage(case: &Case, it: &Measurement) -> Html {
    let (class, sign) = match it.status {
        Status::Ok => ("passed", "✓"),
        Status::Slow => ("suspect", "✓"),
        Status::Failed => ("stopped", "✕"),
        Status::Skipped | Status::CouldNotTest => ("unknown", "·"),
    };
    let status = case.word(&["network", "status", it.status.key()]);
    let measured = matches!(it.status, Status::Ok | Status::Slow | Status::Failed);
    let took = measured.then(|| time(case, "way.time", u64::from(it.ms)));
    let code = it.code.map(|it| case.word(&["network", "code", it.key()]));
    let said = it.smtp.as_ref().map(|it| {
        let text = [it.code.to_string().as_str(), &it.enhanced, &it.text].join(" ");
        case.net_fill("way.server-said", &[("text", &text)])
    });
    html! {
        <li {class} data-test="stage" data-stage={it.stage.key()} data-status={it.status.key()}
            data-code={it.code.map(Code::key)}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <span>
                <span class="pair">
                    { case.word(&["network", "stage", it.stage.key()]) }{ ": " }{ status }
                    if let Some(took) = took { { ", " }{ took } }
                </span>
                if let Some(code) = code { <span class="pair">{ code }</span> }
                if let Some(said) = said { <span class="hint pair">{ said }</span> }
            </span>
        </li>
    }
}

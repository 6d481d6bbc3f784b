//! Who looks from where, and how far the way is known: stages light up as they arrive.

use yew::prelude::*;

use super::case::Case;
use super::checkup::{Ended, Look, Probe};
use super::ways::ways;
use crate::knowledge::Stage;
use crate::network::{Report, Signal, Target, signals};
use crate::wording;

/// Who can be asked.
pub fn from(case: &Case) -> Html {
    let probes = &case.checkup.probes;
    if probes.is_empty() {
        return html! { <p class="notice calm" data-test="no-probes">{ case.net("place.none") }</p> };
    }
    if case.checkup.run.is_some() {
        return Html::default();
    }
    let names = probes.iter().map(|it| html! { <li>{ place(case, it) }</li> });
    html! {
        <div class="field">
            <h3>{ case.net("page.from") }</h3>
            <ul data-test="vantages">{ for names }</ul>
        </div>
    }
}

/// Where a probe looks from, in words.
fn place(case: &Case, probe: &Probe) -> AttrValue {
    wording::place(&case.words, probe.local, &probe.name).into()
}

/// The check that runs or ran last; else what was kept from an earlier visit.
pub fn looks(case: &Case) -> Html {
    if let Some(run) = &case.checkup.run {
        return run.looks.iter().map(|it| look(case, it)).collect();
    }
    newest(&case.state().reports).map(|it| kept(case, it)).collect()
}

/// Reports stand by vantage, the newest first.
fn newest(reports: &[Report]) -> impl Iterator<Item = &Report> {
    let same = |a: &Report, b: &Report| a.vantage.id == b.vantage.id;
    reports.chunk_by(same).filter_map(<[Report]>::first)
}

fn look(case: &Case, look: &Look) -> Html {
    let state = match look.ended {
        // a page that stands has lost the program that served it
        Some(Ended::Unreachable) if look.probe.local => case.net("place.gone"),
        Some(how) => case.net(&["place.", how.key()].concat()),
        None => progress(case, look),
    };
    let key = look.ended.map_or("running", Ended::key);
    let name = place(case, &look.probe);
    panel(case, &name, key, state, &look.targets(), look.ended.is_some())
}

fn progress(case: &Case, look: &Look) -> AttrValue {
    let (over, all) = look.count();
    let (over, all) = (over.to_string(), all.to_string());
    case.net_fill("place.looking", &[("over", &over), ("all", &all)])
}

fn kept(case: &Case, report: &Report) -> Html {
    let probe = Probe {
        name: report.vantage.id.clone(),
        origin: String::new(),
        local: report.vantage.kind == crate::network::Kind::Local,
    };
    let when = super::time::spoken(report.finished);
    let state = case.net_fill("page.checked", &[("when", &when)]);
    panel(case, &place(case, &probe), "whole", state, &report.targets, true)
}

fn panel(
    case: &Case,
    name: &AttrValue,
    key: &'static str,
    state: AttrValue,
    targets: &[Target],
    over: bool,
) -> Html {
    html! {
        <section class="card look" data-test="look" data-state={key}>
            <div class="titled"><h2>{ name }</h2><p class="hint">{ state }</p></div>
            if !targets.is_empty() {
                { line(case, targets, over) }
                { ways(case, targets, over) }
            }
        </section>
    }
}

/// The measured part of the road. What is looked at now is the first that is not known.
fn line(case: &Case, targets: &[Target], over: bool) -> Html {
    let mut known = true;
    let stops = signals(targets).map(|(stage, signal)| {
        let now = !over && known && signal == Signal::Open;
        known = matches!(signal, Signal::Passed | Signal::Slow);
        stop(case, stage, signal, now)
    });
    html! { <ol class="line">{ for stops }</ol> }
}

/// A stop of the road. Signs differ in shape, not in colour alone.
fn stop(case: &Case, stage: Stage, signal: Signal, now: bool) -> Html {
    let (class, sign, light) = match signal {
        Signal::Passed => ("passed", "✓", "ui.light.passed"),
        Signal::Slow => ("suspect", "✓", "network.status.slow"),
        Signal::Stopped => ("stopped", "✕", "ui.light.stopped"),
        Signal::Open if now => ("looking", "…", "network.way.looking"),
        Signal::Open => ("unknown", "·", "ui.light.unknown"),
    };
    html! {
        <li {class} data-test={["signal-", stage.key()].concat()} data-light={class}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <span class="stage">{ case.word(&["network", "line", stage.key()]) }</span>
            <span class="light">{ case.word(&[light]) }</span>
        </li>
    }
}

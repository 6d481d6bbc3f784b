//! The verdict in words: whose side it is on, what it means, what to do, and what it rests on.

use yew::prelude::*;

use super::case::Case;
use crate::network::{Finding, Kind, Report, Side, Verdict};
use crate::wording;

/// Class and sign; signs differ in shape, not in colour alone.
const fn look(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Fine | Side::NotThem => ("passed", "✓"),
        Side::Them => ("stopped", "✕"),
        Side::Here => ("suspect", "!"),
        Side::Unclear => ("unknown", "?"),
    }
}

fn words(case: &Case, verdict: Verdict, part: &str) -> AttrValue {
    wording::verdict(&case.words, verdict, part).to_owned().into()
}

fn side(case: &Case, verdict: Verdict) -> AttrValue {
    wording::side(&case.words, verdict).to_owned().into()
}

/// The verdict; while looks are still under way it is what is known so far.
pub fn finding(case: &Case, finding: &Finding, so_far: bool) -> Html {
    let verdict = finding.verdict;
    let (class, sign) = look(verdict.side());
    html! {
        <section class={classes!("card", "finding", class)} data-test={if so_far { "so-far" } else { "finding" }}
            data-verdict={verdict.key()} data-provider={about(case, so_far)} aria-labelledby="finding-heading">
            <p class="kicker"><span class="sign" aria-hidden="true">{ sign }</span>{ side(case, verdict) }</p>
            <h2 id="finding-heading" tabindex="-1">{ words(case, verdict, "title") }</h2>
            <p>{ words(case, verdict, "text") }</p>
            <p class="now"><strong>{ words(case, verdict, "next") }</strong></p>
            { working(case, finding) }
            { why(case, finding) }
        </section>
    }
}

/// Which provider it is about.
fn about(case: &Case, so_far: bool) -> Option<String> {
    let kept = case.state().reports.first().map(|it| it.provider.clone());
    let looked_at = || case.checkup.run.as_ref().map(|it| it.provider.clone());
    kept.filter(|_| !so_far).or_else(looked_at)
}

/// What is said aloud.
pub fn said(case: &Case, finding: &Finding) -> AttrValue {
    let verdict = finding.verdict;
    let (side, title, next) =
        (side(case, verdict), words(case, verdict, "title"), words(case, verdict, "next"));
    case.net_fill("announce.verdict", &[("side", &side), ("title", &title), ("next", &next)])
}

/// Ways that work, where that is news.
fn working(case: &Case, finding: &Finding) -> Html {
    let news = matches!(finding.verdict, Verdict::UseOtherPort | Verdict::Partial);
    let ways = finding.working();
    if !news || ways.is_empty() {
        return Html::default();
    }
    let ways = ways.into_iter().map(
        |(host, port, mode)| html! { <li>{ wording::way(&case.words, host, port, mode) }</li> },
    );
    html! {
        <div class="field" data-test="working">
            <h3>{ case.net("page.working") }</h3>
            <ul>{ for ways }</ul>
        </div>
    }
}

fn why(case: &Case, finding: &Finding) -> Html {
    if finding.reasons.is_empty() {
        return Html::default();
    }
    let local = |it: &&Report| it.vantage.kind == Kind::Local;
    let local: Vec<&str> =
        case.state().reports.iter().filter(local).map(|it| it.vantage.id.as_str()).collect();
    // a check under way is not kept yet
    let own = |vantage: &str| vantage == "local" || local.contains(&vantage);
    let reasons = wording::reasons(&case.words, &finding.reasons, own);
    let items = reasons.iter().map(|it| html! { <li>{ it }</li> });
    html! {
        <div class="field" data-test="reasons">
            <h3>{ case.net("page.why") }</h3>
            <ul>{ for items }</ul>
        </div>
    }
}

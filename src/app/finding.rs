//! The verdict in words: whose side it is on, what it means, what to do, and what it rests on.

use yew::prelude::*;

use super::case::Case;
use super::ways::named;
use crate::network::{Finding, Kind, Reason, Verdict};

/// Whose side.
fn side(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    use Verdict as V;
    match verdict {
        V::Works | V::WorksHere | V::ServerUp => ("fine", "passed", "✓"),
        V::ProbableOutage | V::Outage | V::Overloaded | V::Ipv6AtProvider => {
            ("them", "stopped", "✕")
        }
        V::Undecided | V::Partial | V::WrongName | V::CouldNotTest => ("unclear", "unknown", "?"),
        V::UseOtherPort
        | V::PortBlocked
        | V::BlockedOnTheWay
        | V::NotFromHere
        | V::Refused
        | V::NameFailsHere
        | V::EncryptionStripped
        | V::Intercepted
        | V::ClockWrong
        | V::Ipv6AtYou
        | V::AddressRefused
        | V::Hijacked => ("here", "suspect", "!"),
    }
}

/// In words: what was seen from outside alone says nothing of the line from here.
fn side_words(case: &Case, verdict: Verdict) -> AttrValue {
    let key = if verdict == Verdict::ServerUp { "not-them" } else { side(verdict).0 };
    case.net(&["side.", key].concat())
}

fn words(case: &Case, verdict: Verdict, part: &str) -> AttrValue {
    case.word(&["network", "verdict", verdict.key(), part])
}

/// The verdict; while looks are still under way it is what is known so far.
pub fn finding(case: &Case, finding: &Finding, so_far: bool) -> Html {
    let verdict = finding.verdict;
    let (_, class, sign) = side(verdict);
    html! {
        <section class={classes!("card", "finding", class)} data-test={if so_far { "so-far" } else { "finding" }}
            data-verdict={verdict.key()} aria-labelledby="finding-heading">
            <p class="kicker"><span class="sign" aria-hidden="true">{ sign }</span>{ side_words(case, verdict) }</p>
            <h2 id="finding-heading" tabindex="-1">{ words(case, verdict, "title") }</h2>
            <p>{ words(case, verdict, "text") }</p>
            <p class="now"><strong>{ words(case, verdict, "next") }</strong></p>
            { working(case, finding) }
            { why(case, finding) }
        </section>
    }
}

/// What is said aloud.
pub fn said(case: &Case, finding: &Finding) -> AttrValue {
    let verdict = finding.verdict;
    let (side, title, next) =
        (side_words(case, verdict), words(case, verdict, "title"), words(case, verdict, "next"));
    case.net_fill("announce.verdict", &[("side", &side), ("title", &title), ("next", &next)])
}

/// Ways that work, where that is news.
fn working(case: &Case, finding: &Finding) -> Html {
    let news = matches!(finding.verdict, Verdict::UseOtherPort | Verdict::Partial);
    let ways = finding.working();
    if !news || ways.is_empty() {
        return Html::default();
    }
    let ways = ways
        .into_iter()
        .map(|(host, port, mode)| html! { <li>{ named(case, host, port, mode) }</li> });
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
    let items = finding.reasons.iter().map(|it| html! { <li>{ reason(case, it) }</li> });
    html! {
        <div class="field" data-test="reasons">
            <h3>{ case.net("page.why") }</h3>
            <ul>{ for items }</ul>
        </div>
    }
}

/// The user's computer has a name of its own; a probe outside has the one it was configured with.
fn place(case: &Case, vantage: &str) -> AttrValue {
    let of_it = case.state().reports.iter().filter(|it| it.vantage.id == vantage);
    if vantage == "local" || of_it.into_iter().any(|it| it.vantage.kind == Kind::Local) {
        case.net("place.local")
    } else {
        case.net_fill("place.public", &[("name", vantage)])
    }
}

fn reason(case: &Case, reason: &Reason) -> AttrValue {
    let at = |key: &str, vantage: &str| {
        case.net_fill(&["reason.", key].concat(), &[("place", &place(case, vantage))])
    };
    match reason {
        Reason::Works { vantage } => at("works", vantage),
        Reason::OtherPort { vantage } => at("other-port", vantage),
        Reason::Patchy { vantage } => at("patchy", vantage),
        Reason::Ipv6Broken { vantage } => at("ipv6-broken", vantage),
        Reason::Untested { vantage } => at("untested", vantage),
        Reason::SeenOnce { vantage } => at("seen-once", vantage),
        Reason::NoCanary { vantage, .. } => at("no-canary", vantage),
        Reason::Fails { vantage, stage, code } => {
            let stage = case.word(&["network", "stage", stage.key()]);
            let code = case.word(&["network", "code", code.key()]);
            let values = [("place", place(case, vantage)), ("stage", stage), ("code", code)];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            case.net_fill("reason.fails", &values)
        }
        Reason::Control { port, egress } => {
            let key = ["reason.control.", egress.key()].concat();
            case.net_fill(&key, &[("port", &port.to_string())])
        }
        Reason::ClockAhead { seconds } => {
            let days = (seconds.unsigned_abs() + 43_200) / 86_400;
            case.net_fill("reason.clock-ahead", &[("days", &days.to_string())])
        }
        Reason::Portal => case.net("reason.portal"),
        Reason::OnlyTrustedHere => case.net("reason.only-trusted-here"),
    }
}

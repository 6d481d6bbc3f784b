//! What the network check found, in the sentences of the language: the same in the page and on the
//! terminal. Pure.

use crate::knowledge::Words;
use crate::network::{Mode, Reason, Verdict};

/// Whose side it is on.
#[must_use]
pub fn side(words: &Words, verdict: Verdict) -> &str {
    words.text(&format!("network.side.{}", verdict.side().key()))
}

/// A part of what is said of a verdict: `title`, `text` (what it means) or `next` (what to do).
#[must_use]
pub fn verdict<'a>(words: &'a Words, verdict: Verdict, part: &str) -> &'a str {
    words.text(&format!("network.verdict.{}.{part}", verdict.key()))
}

/// A way to a server in one line.
#[must_use]
pub fn way(words: &Words, host: &str, port: u16, mode: Mode) -> String {
    let security = words.text(&format!("network.way.{}", mode.key()));
    let values = [("host", host), ("port", &port.to_string()), ("security", security)];
    words.fill("network.way.title", &values)
}

/// Where a vantage looks from: the user's own computer, or a probe outside of this name.
#[must_use]
pub fn place(words: &Words, own: bool, name: &str) -> String {
    if own {
        words.text("network.place.local").to_owned()
    } else {
        words.fill("network.place.public", &[("name", name)])
    }
}

/// Something that a verdict rests on; `place` says where a vantage looks from.
#[must_use]
pub fn reason(words: &Words, reason: &Reason, place: impl Fn(&str) -> String) -> String {
    let fill =
        |key: &str, values: &[(&str, &str)]| words.fill(&format!("network.reason.{key}"), values);
    let at = |key: &str, vantage: &str| fill(key, &[("place", &place(vantage))]);
    match reason {
        Reason::Works { vantage } => at("works", vantage),
        Reason::OtherPort { vantage } => at("other-port", vantage),
        Reason::Patchy { vantage } => at("patchy", vantage),
        Reason::Ipv6Broken { vantage } => at("ipv6-broken", vantage),
        Reason::Untested { vantage } => at("untested", vantage),
        Reason::SeenOnce { vantage } => at("seen-once", vantage),
        Reason::NoCanary { vantage, .. } => at("no-canary", vantage),
        Reason::Fails { vantage, stage, code } => {
            let stage = words.text(&format!("network.stage.{}", stage.key()));
            let code = words.text(&format!("network.code.{}", code.key()));
            fill("fails", &[("place", &place(vantage)), ("stage", stage), ("code", code)])
        }
        Reason::Control { port, egress } => {
            fill(&format!("control.{}", egress.key()), &[("port", &port.to_string())])
        }
        Reason::ClockAhead { seconds } => {
            let days = (seconds.unsigned_abs() + 43_200) / 86_400;
            fill("clock-ahead", &[("days", &days.to_string())])
        }
        Reason::Portal => fill("portal", &[]),
        Reason::OnlyTrustedHere => fill("only-trusted-here", &[]),
    }
}

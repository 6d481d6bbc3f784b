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

/// What a verdict rests on. What several places outside saw alike is said once; `own` tells the
/// user's own computer from them.
#[must_use]
pub fn reasons(words: &Words, reasons: &[Reason], own: impl Fn(&str) -> bool) -> Vec<String> {
    let mut groups: Vec<(Reason, Vec<String>)> = Vec::new();
    for reason in reasons {
        let mut alike = reason.clone();
        let vantage = alike.vantage_mut().map(std::mem::take).filter(|it| !own(it));
        match (groups.iter_mut().find(|it| it.0 == alike && !it.1.is_empty()), vantage) {
            (Some(group), Some(vantage)) => group.1.push(vantage),
            (_, vantage) => groups.push((alike, vantage.into_iter().collect())),
        }
    }
    let place = |names: &[String]| place(words, names.is_empty(), &names.join(", "));
    groups.iter().map(|(alike, names)| reason(words, alike, &place(names))).collect()
}

/// One of them, as seen from a place. Failures are named by the stop of the road, as it is drawn.
fn reason(words: &Words, reason: &Reason, place: &str) -> String {
    let fill =
        |key: &str, values: &[(&str, &str)]| words.fill(&format!("network.reason.{key}"), values);
    let at = |key: &str| fill(key, &[("place", place)]);
    match reason {
        Reason::Works { .. } => at("works"),
        Reason::OtherPort { .. } => at("other-port"),
        Reason::Patchy { .. } => at("patchy"),
        Reason::Ipv6Broken { .. } => at("ipv6-broken"),
        Reason::Untested { .. } => at("untested"),
        Reason::SeenOnce { .. } => at("seen-once"),
        Reason::NoCanary { .. } => at("no-canary"),
        Reason::Fails { stage, code, .. } => {
            let stop = words.text(&format!("network.line.{}", stage.road().key()));
            let code = words.text(&format!("network.code.{}", code.key()));
            fill("fails", &[("place", place), ("stage", stop), ("code", code)])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::english;

    #[test]
    fn what_several_places_saw_alike_is_said_once() {
        let works = |vantage: &str| Reason::Works { vantage: vantage.to_owned() };
        let once = |vantage: &str| Reason::SeenOnce { vantage: vantage.to_owned() };
        let all = [works("local"), works("a"), once("b"), works("c"), Reason::Portal, once("d")];
        let said = reasons(&english(), &all, |it| it == "local");
        let starts = ["Your computer: it", "From outside (a, c): it", "From outside (b, d): s"];
        assert_eq!(said.len(), 4, "{said:?}");
        for (said, start) in said.iter().zip(starts) {
            assert!(said.starts_with(start), "{said}");
        }
    }
}

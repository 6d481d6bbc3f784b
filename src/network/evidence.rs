//! A verdict as evidence for the engine, in keys of the knowledge.

use super::{Finding, Stage, Verdict};

/// The observation that a network check answers. Everything in one: its measurements hang
/// together, so several observations would count the same thing more than once.
pub const OBSERVATION: &str = "network-check";

/// Observation and answer keys. None where the check tells the faults apart no better than before.
#[must_use]
pub fn evidence(finding: &Finding) -> Vec<(&'static str, &'static str)> {
    answer(finding).map(|answer| (OBSERVATION, answer)).into_iter().collect()
}

fn answer(finding: &Finding) -> Option<&'static str> {
    Some(match finding.verdict {
        Verdict::Works | Verdict::WorksHere => "works",
        Verdict::ServerUp => "server-up",
        Verdict::UseOtherPort => "other-port",
        Verdict::PortBlocked => "port-blocked",
        Verdict::BlockedOnTheWay | Verdict::NotFromHere => "not-from-here",
        Verdict::Refused => "refused-here",
        Verdict::ProbableOutage | Verdict::Outage if finding.stage == Some(Stage::Cert) => {
            "server-certificate"
        }
        Verdict::ProbableOutage | Verdict::Outage | Verdict::Overloaded => "server-down",
        Verdict::NameFailsHere => "name-fails-here",
        Verdict::EncryptionStripped | Verdict::Intercepted => "intercepted",
        Verdict::ClockWrong => "clock-wrong",
        Verdict::AddressRefused => "address-refused",
        Verdict::Hijacked => "portal",
        Verdict::Partial | Verdict::Ipv6AtProvider | Verdict::Ipv6AtYou => "some-addresses",
        // a name of the catalogue that is gone is our error, not the user's
        Verdict::WrongName | Verdict::Undecided | Verdict::CouldNotTest => return None,
    })
}

//! The verdict for the terminal.

use crate::network::{Egress, Finding, Reason, Report, Verdict};

/// The verdict, what it rests on, and which settings work.
pub(super) fn closing(report: &Report, finding: &Finding) -> String {
    let mut lines = vec![String::new(), sentence(finding.verdict).to_owned()];
    lines.extend(finding.reasons.iter().map(|it| format!("  - {}", because(it))));
    let own = |host: &str| report.targets.iter().any(|it| it.host == host);
    for (host, port, mode) in finding.working().iter().filter(|(host, ..)| own(host)) {
        lines.push(format!("Works from here: {host}, port {port}, {}", mode.key()));
    }
    lines.join("\n")
}

fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Works => "Network and server are fine: look at password, account or message.",
        Verdict::WorksHere => {
            "The server works from here: look at settings, password, account or message."
        }
        Verdict::UseOtherPort => {
            "Port 587 does not work from here, 465 does: use 465 with SSL/TLS."
        }
        Verdict::PortBlocked => {
            "This network or this computer's firewall blocks the port: other providers are not \
             reached on it either."
        }
        Verdict::BlockedOnTheWay => "Something between here and this provider is in the way.",
        Verdict::NotFromHere => "The server works from outside, not from here.",
        Verdict::Refused => "The connection is refused here only: security software or a block.",
        Verdict::ProbableOutage => "The server probably is down: two networks see the same.",
        Verdict::Outage => "The server is down: three networks or more see the same.",
        Verdict::Undecided => {
            "It does not work from here. One place alone cannot tell whether the server is down; \
             try another network, for instance a phone's."
        }
        Verdict::Partial => "Some addresses of the server work and some do not.",
        Verdict::ServerUp => "The server works from outside; this network was not tested.",
        Verdict::NameFailsHere => "The server's name is not found here: DNS or VPN.",
        Verdict::WrongName => "The server's name is not found anywhere.",
        Verdict::EncryptionStripped => {
            "Something here takes the encryption away: do not send a password."
        }
        Verdict::Intercepted => {
            "Something here answers with a certificate of its own: antivirus or a proxy."
        }
        Verdict::ClockWrong => "This computer's clock is wrong.",
        Verdict::Ipv6AtProvider => "The server's IPv6 addresses do not work; IPv4 does.",
        Verdict::Ipv6AtYou => "IPv6 does not work from here; IPv4 does.",
        Verdict::AddressRefused => "The server refuses this network's address.",
        Verdict::Overloaded => "The server has no room now.",
        Verdict::Hijacked => {
            "Something else answers in the server's place: a sign-in page of this network?"
        }
        Verdict::CouldNotTest => {
            "Could not test: nothing was learnt about the server. Is this computer online?"
        }
    }
}

fn because(reason: &Reason) -> String {
    match reason {
        Reason::Works { vantage } => format!("{vantage}: works"),
        Reason::OtherPort { vantage } => format!("{vantage}: 587 fails, 465 works"),
        Reason::Ipv6Broken { vantage } => format!("{vantage}: IPv6 does not work, IPv4 does"),
        Reason::Patchy { vantage } => format!("{vantage}: works at some addresses only"),
        Reason::Fails { vantage, stage, code } => {
            format!("{vantage}: fails at {} ({})", stage.key(), code.key())
        }
        Reason::Untested { vantage } => format!("{vantage}: could not test"),
        Reason::SeenOnce { vantage } => format!("{vantage}: seen only once"),
        Reason::NoCanary { vantage, .. } => {
            format!("{vantage}: may not get out on the port itself")
        }
        Reason::Control { port, egress } => match egress {
            Egress::Ok => format!("other providers are reached on port {port}"),
            Egress::Blocked => format!("no other provider is reached on port {port}"),
            Egress::Unknown => format!("other providers could not be tested on port {port}"),
        },
        Reason::ClockAhead { seconds } => format!("the clock is off by {seconds} s"),
        Reason::Portal => "a sign-in page answers in place of the internet".to_owned(),
        Reason::OnlyTrustedHere => "only this computer trusts the certificate".to_owned(),
    }
}

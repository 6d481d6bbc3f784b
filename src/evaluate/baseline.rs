//! The printed guide's fixed order, followed by the same simulated users in the same cost units.

use crate::evaluate::case::Case;
use crate::evaluate::guided::Outcome;
use crate::knowledge::Knowledge;

/// One piece of advice of the guide.
enum Advice {
    /// The product's own action of this id: its seconds and its repairs.
    Action(&'static str),
    /// Something only the guide does: seconds, and the faults it repairs.
    Extra(&'static str, f64, &'static [&'static str]),
}

use Advice::{Action, Extra};

/// The guide, in its order (shared/cases/README.md §3). Seconds of extras are estimates for an
/// unhurried 70-year-old, like those of the knowledge; credit is given generously.
const GUIDE: &[Advice] = &[
    // Check the password and web sign-in.
    Extra("web-sign-in", 180.0, &["account.locked", "account.deactivated"]),
    Action("retype-password"),
    // Check host and port.
    Action("use-right-server"),
    // Check TLS and sign-in for sending.
    Action("switch-encryption"),
    Action("turn-on-sign-in"),
    // Remove and re-add the account.
    Extra("remove-re-add", 1800.0, &["client.corrupt-account", "settings.smtp-credentials"]),
    // VPN, antivirus, firewall, other network.
    Action("vpn-off"),
    Action("pause-mail-shield"),
    Action("other-network"),
    // Webmail against app, service status.
    Extra("webmail-and-status", 300.0, &[]),
    Action("wait-outage"),
    // Sending limits and message size.
    Action("wait-limit"),
    Extra("split-message", 300.0, &["policy.too-many-recipients", "policy.message-too-large"]),
    // Certificate, date, updates.
    Extra(
        "certificate-date-updates",
        900.0,
        &["tls.certificate", "tls.clock", "client.outdated", "client.update-regression"],
    ),
    // Router and DNS.
    Extra("router-and-dns", 600.0, &["network.router", "network.dns"]),
];

/// Follows the guide from its first line until something works or support is contacted.
#[must_use]
pub fn follow_guide(kb: &Knowledge, case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    for advice in GUIDE {
        let (name, seconds, works) = carry_out(kb, case, advice);
        outcome.repairs += 1;
        outcome.seconds += seconds;
        outcome.path.push(name.to_owned());
        if works {
            outcome.solved = true;
            return outcome;
        }
    }
    outcome.seconds += kb.constants.support_seconds;
    outcome
}

fn carry_out(kb: &Knowledge, case: &Case, advice: &Advice) -> (&'static str, f64, bool) {
    match advice {
        Extra(name, seconds, faults) => {
            (name, *seconds, faults.iter().any(|fault| case.has(fault)))
        }
        Action(key) => {
            let action = kb.action_by_key(key).map(|id| kb.action(id));
            let works = action.is_some_and(|action| {
                let repairs =
                    |(fault, chance): &(_, f64)| *chance >= 0.5 && case.has(&kb.fault(*fault).key);
                action.repairs.iter().any(repairs)
            });
            (key, action.map_or(0.0, |action| action.seconds), works)
        }
    }
}

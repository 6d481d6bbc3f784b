//! Whether a vantage gets out on a port at all, by looking at other large providers.
//!
//! For the user's computer this is the control, for a public vantage its canary: many hosts block
//! mail ports, and a blocked vantage must not blame the provider.

use std::collections::BTreeMap;

use super::distinct::distinct;
use super::keyed::keyed;
use super::{Outcome, Stage, Target};

keyed! {
    /// Whether a vantage reaches others on a port.
    pub enum Egress {
        /// At least one other provider greets.
        Ok = "ok",
        /// None of two or more does.
        Blocked = "blocked",
        /// Too few could be looked at.
        Unknown = "unknown",
    } else Unknown
}

/// So many providers must fail before a port counts as blocked.
const ENOUGH: usize = 2;

/// What the controls say, for each port that has any.
#[must_use]
pub fn egress(controls: &[Target]) -> BTreeMap<u16, Egress> {
    let mut found = BTreeMap::new();
    for port in distinct(controls.iter().map(|it| it.port)) {
        found.insert(port, on(controls, port));
    }
    found
}

fn on(controls: &[Target], port: u16) -> Egress {
    let of_port = || controls.iter().filter(move |it| it.port == port);
    if of_port().any(|it| it.outcome_as_control() == Outcome::Works) {
        return Egress::Ok;
    }
    // a name that does not resolve says nothing about the port
    let failed = |it: &&Target| match it.outcome_as_control() {
        Outcome::Fails(stage, _) => stage != Stage::Dns,
        Outcome::Works | Outcome::Untested => false,
    };
    let hosts = distinct(of_port().filter(failed).map(|it| it.host.as_str()));
    if hosts.len() >= ENOUGH { Egress::Blocked } else { Egress::Unknown }
}

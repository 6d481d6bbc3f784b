//! The providers of the lab: what each one's server does, seen from here and from three places
//! outside. Every verdict comes up; those about an outage at a second look, ten seconds later.

use super::cast::Part::{self, *};

/// What is around the user's computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Around {
    /// Other providers answer.
    Others,
    /// No other provider answers on any port.
    Blocked,
    /// A sign-in page answers in place of the internet.
    Portal,
    /// Other computers have another time.
    OtherTime,
    /// There is nobody to compare with, here or outside.
    Nobody,
}

impl Around {
    /// Every one.
    pub const ALL: [Around; 5] =
        [Around::Others, Around::Blocked, Around::Portal, Around::OtherTime, Around::Nobody];
}

/// Places outside, each in a network of its own.
pub const OUTSIDE: [&str; 3] = ["north", "east", "south"];

/// Here and outside.
pub const PLACES: usize = 1 + OUTSIDE.len();

/// A provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Its name; its id is `lab-` and this.
    pub name: &'static str,
    /// What its server does, seen from here.
    pub here: Part,
    /// The same, seen from outside.
    pub outside: [Part; OUTSIDE.len()],
    /// What is around here.
    pub around: Around,
}

/// The same from everywhere.
const fn same(name: &'static str, part: Part) -> Scene {
    Scene { name, here: part, outside: [part; OUTSIDE.len()], around: Around::Others }
}

/// Fine from outside.
const fn here(name: &'static str, here: Part, around: Around) -> Scene {
    Scene { name, here, outside: [Healthy; OUTSIDE.len()], around }
}

/// Everybody.
pub const ALL: [Scene; 30] = [
    same("healthy", Healthy),
    same("silent", Silent),
    same("refusing", Refusing),
    same("busy", Busy),
    same("rejecting", Rejecting),
    same("no-starttls", NoStarttls),
    same("expired", Expired),
    same("untrusted", Untrusted),
    same("wrong-name", WrongName),
    same("slow", Slow),
    same("html", Html),
    same("patchy", Patchy),
    same("broken-ipv6", BrokenIpv6),
    same("nameless", Nameless),
    here("other-port", OtherPort, Around::Others),
    here("port-blocked", Unreachable, Around::Blocked),
    here("blocked", Unreachable, Around::Others),
    here("not-from-here", Silent, Around::Nobody),
    here("refused-here", Refusing, Around::Others),
    here("banned", Rejecting, Around::Others),
    here("no-name-here", Nameless, Around::Others),
    here("stripped", NoStarttls, Around::Others),
    here("intercepted", Untrusted, Around::Others),
    here("other-time", Expired, Around::OtherTime),
    here("no-ipv6-here", BrokenIpv6, Around::Others),
    here("portal", Html, Around::Portal),
    here("untested-here", Translated, Around::Others),
    Scene { outside: [Refusing; OUTSIDE.len()], ..same("works-here", Healthy) },
    Scene { outside: [Refusing, Refusing, Rejecting], ..same("two-agree", Refusing) },
    Scene { around: Around::Nobody, ..same("nobody-looks", NoNameServer) },
];

impl Scene {
    /// Id in the catalogue.
    #[must_use]
    pub fn id(&self) -> String {
        format!("lab-{}", self.name)
    }

    /// Name of its server; `.test` never leads anywhere (RFC 6761 §6.2).
    #[must_use]
    pub fn host(&self) -> String {
        format!("{}.test", self.name)
    }

    /// What its server does, here first.
    #[must_use]
    pub fn parts(&self) -> [Part; PLACES] {
        let [north, east, south] = self.outside;
        [self.here, north, east, south]
    }
}

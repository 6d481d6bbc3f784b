//! Measuring: from a provider of the catalogue to a stream of [`Event`]s, stage by stage.
//!
//! A probe looks up, connects, listens and shakes hands. It never signs in and never names a
//! sender. Which servers it looks at comes from the catalogue ([`catalogue`]), never from a user's
//! text; an address that no public server has is a finding and is never connected. How long and
//! how much it listens is a value ([`Limits`]), and so are the roots it trusts and the [`World`] it
//! looks at, so that tests and a lab need no switch that a public server could be talked into.

pub mod certificate;

pub mod catalogue;

mod dialogue;

pub mod lab;

mod limits;

pub mod http;

pub mod rcode;

mod schedule;

pub mod surroundings;

pub mod smtp;

mod teller;

mod tls;

pub mod trust;

pub mod world;

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use crate::knowledge::Beacon;
use crate::network::{Event, Kind, Mode, Vantage};

pub use dialogue::{Way, dialogue};
pub use limits::{Limits, Size};
pub use teller::Teller;
pub use trust::Roots;
pub use world::{Routes, World};

/// A server to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// It belongs to another provider and is looked at only up to the greeting.
    pub control: bool,
    /// Its ports, in the order of their weight.
    pub doors: Vec<Door>,
}

/// A port of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// TCP port.
    pub port: u16,
    /// How encryption may start there, the likeliest first; tried one after the other.
    pub modes: Vec<Mode>,
    /// Looked at for comparison; not once the other ports of an address stay silent.
    pub aside: bool,
}

/// How a probe names itself to servers (RFC 5321 §4.1.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hello {
    /// By its address, as mail apps do (RFC 5321 §4.1.3).
    Literal,
    /// By a name of its own with a page that says who asks.
    Name(String),
}

/// Everything a probe goes by.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How long and how much it listens.
    pub limits: Limits,
    /// What it looks at.
    pub world: World,
    /// Whom it asks about certificates.
    pub roots: Roots,
    /// How it names itself.
    pub hello: Hello,
    /// Address families to which there is a route.
    pub routes: Routes,
    /// Connections at a time to one address of a server.
    pub per_address: usize,
    /// Connections at a time, whatever runs with this setup.
    pub sockets: Arc<Semaphore>,
    /// Who is asked about the clock and the network; nobody, unless the program is the user's own.
    pub beacons: Vec<Beacon>,
}

/// So many connections at a time, in all.
const SOCKETS: usize = 64;

impl Setup {
    /// For a user's computer.
    #[must_use]
    pub fn local() -> Setup {
        Setup {
            limits: Limits::default(),
            world: World::Internet,
            roots: Roots::local(),
            hello: Hello::Literal,
            routes: Routes::here(),
            per_address: 2,
            sockets: Arc::new(Semaphore::new(SOCKETS)),
            beacons: Vec::new(),
        }
    }

    /// The same, asking these about the clock and the network too.
    #[must_use]
    pub fn with_beacons(self, beacons: &[Beacon]) -> Setup {
        Setup { beacons: beacons.to_vec(), ..self }
    }

    /// For a public vantage that names itself so.
    #[must_use]
    pub fn public(hello: String) -> Setup {
        Setup { roots: Roots::public(), hello: Hello::Name(hello), ..Setup::local() }
    }

    /// The user's own computer as a vantage; what only others can measure is open.
    #[must_use]
    pub fn local_vantage(&self) -> Vantage {
        Vantage {
            id: "local".to_owned(),
            kind: Kind::Local,
            network: "local".to_owned(),
            egress: std::collections::BTreeMap::new(),
            v6: self.routes.v6,
            clock_ahead: None,
            portal: None,
        }
    }
}

/// Looks at all servers at once and tells what happens as it happens; feed it to
/// [`Progress`](crate::network::Progress). Whoever drops the receiver ends the probe.
///
/// Must be called within a tokio runtime.
#[must_use]
pub fn run(servers: Vec<Server>, setup: Arc<Setup>) -> mpsc::Receiver<Event> {
    let (events, receiver) = mpsc::channel(256);
    tokio::spawn(schedule::run(servers, setup, events));
    receiver
}

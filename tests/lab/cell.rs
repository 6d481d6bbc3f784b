//! The cells of the matrix: each row with every peer that can play it, in its modes and families.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use outbox_doctor::network::{Family, Here, Ipv6, Mode, Outcome, Report, Status, Target, finding};
use outbox_doctor::probe::{Roots, Routes};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::certificates::{self, Authority};
use crate::isolation::{Isolation, OWN};
use crate::look::{report, setup, small_world};
use crate::manner::{Manner, Paper};
use crate::matrix::{By, Fault, MATRIX, Row};
use crate::servers::{self, Running, Server};
use crate::table::Line;
use crate::wall::{self, Rule};
use crate::{HOST, before, proxy, scripted};

/// Looks at a time: more only make each other wait on two cores.
const AT_ONCE: usize = 40;

/// Nobody listens there.
const DISCARD: u16 = 9;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    Real(Server),
    Scripted,
}

impl Peer {
    pub fn name(self) -> &'static str {
        match self {
            Peer::Real(server) => server.name(),
            Peer::Scripted => "scripted",
        }
    }

    fn plays(self, row: &Row) -> bool {
        let manner = manner(row);
        match self {
            Peer::Real(server) => {
                server.plays(manner) && (server.shakes_hands() || !row.needs_handshake())
            }
            Peer::Scripted => scripted::plays(manner),
        }
    }
}

/// Everything that runs.
pub struct Lab {
    pub authority: Authority,
    pub roots: Roots,
    /// Whether rules and names can be set; else why not.
    pub network: Result<(), String>,
    servers: Vec<(Server, Result<Running, String>)>,
    walls: AtomicU16,
    /// The kernel takes one change of its rules at a time.
    mason: Mutex<()>,
}

impl Lab {
    pub async fn open(isolation: Isolation) -> Arc<Lab> {
        let authority = Authority::new();
        let papers = Path::new(OWN).join("papers");
        let mut servers = Vec::new();
        match isolation.servers {
            Ok(()) => {
                certificates::write_all(&authority, &papers);
                let mut starting = JoinSet::new();
                for server in Server::ALL {
                    let papers = papers.clone();
                    starting.spawn(async move { (server, servers::start(server, &papers).await) });
                }
                servers = starting.join_all().await;
            }
            Err(reason) => servers.extend(Server::ALL.map(|it| (it, Err(reason.clone())))),
        }
        let network = isolation.network.and_then(|()| wall::prepare());
        let (walls, mason) = (AtomicU16::new(1), Mutex::default());
        Arc::new(Lab { roots: authority.roots(), authority, network, servers, walls, mason })
    }

    /// Where the lab's own peers listen: everywhere in a network of its own, else on loopback.
    pub fn listening(&self, family: Family) -> IpAddr {
        match (family, &self.network) {
            (Family::V4, Ok(())) => Ipv4Addr::UNSPECIFIED.into(),
            (Family::V6, Ok(())) => Ipv6Addr::UNSPECIFIED.into(),
            _ => home(family),
        }
    }

    /// Where a peer plays a manner.
    async fn place(&self, peer: Peer, manner: Manner, entry: Mode, family: Family) -> SocketAddr {
        let port = match peer {
            Peer::Real(server) => server.port(manner, entry),
            Peer::Scripted => {
                let at = self.listening(family);
                scripted::start(&self.authority, manner, entry, at).await.port()
            }
        };
        SocketAddr::new(home(family), port)
    }

    /// An address behind this rule.
    async fn behind(&self, rule: Rule, family: Family, other: u16) -> Result<IpAddr, String> {
        let [v4, v6] = wall::addresses(self.walls.fetch_add(1, Ordering::Relaxed));
        let address = if family == Family::V4 { v4 } else { v6 };
        {
            let _one = self.mason.lock().unwrap();
            rule.raise(address, other)?;
        }
        if rule.has_address() {
            wall::settle(address).await?;
        }
        Ok(address)
    }
}

fn home(family: Family) -> IpAddr {
    match family {
        Family::V4 => Ipv4Addr::LOCALHOST.into(),
        Family::V6 => Ipv6Addr::LOCALHOST.into(),
    }
}

#[derive(Clone, Copy)]
struct Cell {
    row: &'static Row,
    peer: Peer,
    mode: Mode,
    family: Family,
}

/// Runs every row that the words choose.
pub async fn matrix(lab: &Arc<Lab>, words: &[String]) -> Vec<Line> {
    let chosen =
        |row: &&Row| words.is_empty() || words.iter().any(|it| row.name.contains(it.as_str()));
    let mut lines = Vec::new();
    let (mut looks, places) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for row in MATRIX.iter().filter(chosen) {
        let mut line = Line { name: row.name, expected: row.expect.to_string(), ..Line::default() };
        let able: Vec<_> = peers(lab).into_iter().filter(|(peer, _)| peer.plays(row)).collect();
        assert!(able.len() >= 2, "{}: one peer alone proves nothing", row.name);
        for peer in able {
            match &peer {
                (peer, Err(reason)) => line.skip(peer.name(), reason),
                (peer, _) if needs_network(row) && lab.network.is_err() => {
                    line.skip(peer.name(), lab.network.as_ref().err().map_or("", |it| it));
                }
                (peer, _) => {
                    for cell in cells(row, *peer) {
                        let (lab, places, at) = (Arc::clone(lab), Arc::clone(&places), lines.len());
                        looks.spawn(async move {
                            let _place = places.acquire().await;
                            (at, cell, cell.run(&lab).await)
                        });
                    }
                }
            }
        }
        lines.push(line);
    }
    while let Some(done) = looks.join_next().await {
        let (at, cell, result) = done.unwrap();
        lines[at].note(cell.peer.name(), cell.family, result.is_ok());
        if let Err(why) = result {
            println!("\nFAILED: {}: {}", cell.name(), why);
        }
    }
    lines
}

/// Each with why it cannot take part.
fn peers(lab: &Lab) -> Vec<(Peer, Result<(), String>)> {
    let real = lab.servers.iter().map(|(server, running)| {
        (Peer::Real(*server), running.as_ref().map(|_| ()).map_err(Clone::clone))
    });
    real.chain([(Peer::Scripted, Ok(()))]).collect()
}

fn manner(row: &Row) -> Manner {
    if let Fault::Server(manner) = row.fault { manner } else { Manner::GOOD }
}

fn needs_network(row: &Row) -> bool {
    matches!(row.fault, Fault::Network(_) | Fault::Hijack(_) | Fault::Ipv6(_))
}

fn cells(row: &'static Row, peer: Peer) -> impl Iterator<Item = Cell> {
    let families: &[Family] = match row.fault {
        Fault::Ipv6(_) => &[Family::V6],
        _ => &[Family::V4, Family::V6],
    };
    row.modes.iter().flat_map(move |mode| {
        families.iter().map(move |family| Cell { row, peer, mode: *mode, family: *family })
    })
}

impl Cell {
    fn name(&self) -> String {
        let family = u8::from(self.family);
        format!("{} / {} / {} / IPv{family}", self.row.name, self.peer.name(), self.mode.key())
    }

    async fn run(&self, lab: &Lab) -> Result<(), String> {
        let places = self.places(lab).await?;
        let manner = manner(self.row);
        let _held = before::prepare(manner, places[0]).await?;
        let routes = match self.row.fault {
            Fault::Network(Rule::NoRoute) => Routes::here(),
            Fault::Ipv6(Rule::NoRoute) => Routes { v4: true, ..Routes::here() },
            _ => Routes { v4: true, v6: true },
        };
        let world = small_world(&places);
        let setup = setup(self.row.patience, world, lab.roots.clone(), routes);
        let report = report(HOST, self.mode, setup).await;
        self.check(&report).map_err(|why| {
            let whole = serde_json::to_string_pretty(&report).unwrap_or_default();
            format!("{why}\n{whole}")
        })
    }

    /// What the host's name leads to.
    async fn places(&self, lab: &Lab) -> Result<Vec<SocketAddr>, String> {
        let (mode, family) = (self.mode, self.family);
        let entry = if self.row.fault == Fault::OtherMode { other(mode) } else { mode };
        let place = lab.place(self.peer, manner(self.row), entry, family).await;
        let behind = async |rule: Rule, port: u16| {
            lab.behind(rule, family, port).await.map(|it| SocketAddr::new(it, place.port()))
        };
        let found = match self.row.fault {
            // servers count what comes from one address, and so must not count other looks
            Fault::Server(Manner::Full | Manner::Hasty) if lab.network.is_ok() => {
                behind(Rule::Open, 0).await?
            }
            Fault::Server(_) | Fault::OtherMode => place,
            Fault::Way(fault) => {
                let at = lab.listening(family);
                let proxy = proxy::put_before(place, at, entry, fault).await;
                SocketAddr::new(place.ip(), proxy.port())
            }
            Fault::Network(Rule::Closed) => {
                SocketAddr::new(behind(Rule::Closed, 0).await?.ip(), DISCARD)
            }
            Fault::Network(rule) => behind(rule, 0).await?,
            Fault::Hijack(by) => behind(Rule::Redirect, self.hijacker(lab, by).await).await?,
            Fault::Ipv6(rule) => {
                let good = lab.place(self.peer, Manner::GOOD, entry, Family::V4).await;
                return Ok(vec![behind(rule, 0).await?, good]);
            }
        };
        Ok(vec![found])
    }

    async fn hijacker(&self, lab: &Lab, by: By) -> u16 {
        match by {
            By::Portal => scripted::portal(lab.listening(self.family)).await.port(),
            By::OtherMail => {
                let wrong = Manner::Shows(Paper::WrongName);
                lab.place(self.peer, wrong, self.mode, self.family).await.port()
            }
        }
    }

    fn check(&self, report: &Report) -> Result<(), String> {
        let of = |family| report.targets.iter().find(|it| it.family == Some(family));
        let Some(target) = of(self.family) else { return Err("no target".to_owned()) };
        self.row.expect.check(target)?;
        if !matches!(self.row.fault, Fault::Ipv6(_)) {
            return Ok(());
        }
        let good = of(Family::V4).is_some_and(|it: &Target| it.outcome() == Outcome::Works);
        let here = finding::situation_of(std::slice::from_ref(report)).here;
        let ipv6 = match self.row.expect.status {
            Status::CouldNotTest => Ipv6::Untested,
            _ => Ipv6::Broken,
        };
        let told = here == Here::Works { ipv6, genuine: true };
        if good && told { Ok(()) } else { Err(format!("IPv4 works, IPv6 does not: {here:?}")) }
    }
}

fn other(mode: Mode) -> Mode {
    match mode {
        Mode::Starttls => Mode::Tls,
        Mode::Tls => Mode::Starttls,
    }
}

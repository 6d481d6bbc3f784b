//! Listeners that count who comes, and a world that leads to them.
#![allow(dead_code, reason = "each test uses its part")]

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use outbox_doctor::network::Mode;
use outbox_doctor::probe::world::Lab as Map;
use outbox_doctor::probe::{Door, Limits, Routes, Server, Setup, World};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What it does with whoever connects.
#[derive(Clone, Copy)]
pub enum Manner {
    /// Says nothing, until told to close.
    Tarpit,
    /// Closes at once.
    Close,
}

/// When each connection came.
#[derive(Clone, Default)]
pub struct Visits(Arc<Mutex<Vec<Instant>>>);

impl Visits {
    pub fn all(&self) -> Vec<Instant> {
        self.0.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.all().len()
    }
}

/// A world in the making.
#[derive(Default)]
pub struct Counted {
    pub map: Map,
    pub visits: Vec<Visits>,
}

impl Counted {
    /// Takes in all of another world; named one by one, so that a new field is not forgotten.
    pub fn join(&mut self, other: &Map) {
        let Map { names, doors, aliases, silent } = other.clone();
        self.map.names.extend(names);
        self.map.doors.extend(doors);
        self.map.aliases.extend(aliases);
        self.map.silent.extend(silent);
    }

    /// A server at these addresses with one way through each of these ports.
    pub async fn server(
        &mut self,
        host: &str,
        at: &[IpAddr],
        manner: Manner,
        release: &watch::Receiver<bool>,
    ) -> Server {
        let doors = [(587, Mode::Starttls), (465, Mode::Tls)];
        for address in at {
            for (port, _) in doors {
                let (place, visits) = listen(*address, manner, release.clone()).await;
                self.map.doors.insert((*address, port), place.port());
                self.visits.push(visits);
            }
        }
        self.map.names.insert(host.to_owned(), Ok(at.to_vec()));
        let door = |(port, mode)| Door { port, modes: vec![mode], aside: false };
        Server { host: host.to_owned(), control: false, doors: doors.map(door).to_vec() }
    }

    pub fn setup(self, limits: Limits, like: Setup) -> Setup {
        let routes = Routes { v4: true, v6: true };
        Setup { limits, world: World::Lab(self.map), routes, ..like }
    }
}

/// Closes on everybody and counts them.
pub fn count(listener: TcpListener) -> Visits {
    let visits = Visits::default();
    let counted = visits.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.0.lock().unwrap().push(Instant::now());
        }
    });
    visits
}

pub async fn listen(
    ip: IpAddr,
    manner: Manner,
    release: watch::Receiver<bool>,
) -> (SocketAddr, Visits) {
    let listener = TcpListener::bind((ip, 0)).await.unwrap();
    let place = listener.local_addr().unwrap();
    let visits = Visits::default();
    let counted = visits.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.0.lock().unwrap().push(Instant::now());
            let mut release = release.clone();
            tokio::spawn(async move {
                if matches!(manner, Manner::Tarpit) {
                    let _told = release.wait_for(|it| *it).await;
                }
                drop(stream);
            });
        }
    });
    (place, visits)
}

/// Waits that long for the other side, and no longer.
pub fn patience(greeting: Duration) -> Limits {
    let total = greeting * 2;
    Limits { greeting, other_mode: greeting, reply: greeting, total, ..Limits::default() }
}

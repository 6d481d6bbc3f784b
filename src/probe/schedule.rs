//! Who is looked at when: servers and addresses at once, few connections at a time to each.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::dialogue::{Way, dialogue};
use super::teller::{Ended, Noted, Teller};
use super::{Door, Hello, Server, Setup, world};
use crate::network::special::{Special, special};
use crate::network::{Code, Event, Family, Measurement, Mode, Moment, Stage, Status, Target};

/// More addresses than a mail server has; the rest are left out.
const ADDRESSES: usize = 8;
/// Numbers of targets: server, address, way.
const PER_SERVER: usize = 1000;
const PER_ADDRESS: usize = 20;

/// Looks at all servers; ends early once nobody listens.
pub(super) async fn run(servers: Vec<Server>, setup: Arc<Setup>, events: mpsc::Sender<Event>) {
    let mut tasks = JoinSet::new();
    for (at, server) in servers.into_iter().enumerate() {
        let visit = Visit {
            server,
            first: at * PER_SERVER,
            setup: Arc::clone(&setup),
            events: events.clone(),
        };
        tasks.spawn(visit.run());
    }
    tokio::select! {
        () = async { while tasks.join_next().await.is_some() {} } => {}
        () = events.closed() => {}
    }
    let _gone = events.send(Event::Done { finished: now() }).await;
}

pub(super) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// One server.
struct Visit {
    server: Server,
    first: usize,
    setup: Arc<Setup>,
    events: mpsc::Sender<Event>,
}

impl Visit {
    async fn run(self) {
        let begun = Instant::now();
        let found = self.setup.world.look_up(&self.server.host, self.setup.limits.dns).await;
        let took = begun.elapsed();
        let visit = Arc::new(self);
        match found {
            Err(code) => visit.nowhere(code, took).await,
            Ok(addresses) => visit.everywhere(addresses, took).await,
        }
    }

    /// The name leads nowhere: every way fails at once.
    async fn nowhere(&self, code: Code, took: Duration) {
        let dns = self.dns(Status::Failed, Some(code), took);
        for (number, (port, mode)) in (self.first..).zip(self.ways()) {
            self.announce(number, (port, mode), None, dns.clone()).await;
        }
    }

    async fn everywhere(self: Arc<Self>, addresses: Vec<IpAddr>, took: Duration) {
        let mut tasks = JoinSet::new();
        let kept = addresses.into_iter().take(ADDRESSES);
        for (first, address) in (self.first..).step_by(PER_ADDRESS).zip(kept) {
            tasks.spawn(Arc::clone(&self).at(address, first, took));
        }
        while tasks.join_next().await.is_some() {}
    }

    /// One address: its ports at once, as far as the limit on connections allows.
    async fn at(self: Arc<Self>, address: IpAddr, first: usize, took: Duration) {
        let refused = self.setup.world.place(address, 0).is_none();
        let dns = match (refused, special(address)) {
            (false, _) => self.dns(Status::Ok, None, took),
            (true, Some(Special::Nat64)) => {
                self.dns(Status::CouldNotTest, Some(Code::DnsSpecialAddress), took)
            }
            (true, _) => self.dns(Status::Failed, Some(Code::DnsSpecialAddress), took),
        };
        for (number, way) in (first..).zip(self.ways()) {
            self.announce(number, way, Some(address), dns.clone()).await;
        }
        if !refused {
            self.open_doors(address, first).await;
        }
    }

    /// In the order of their weight, as connections become free.
    async fn open_doors(self: Arc<Self>, address: IpAddr, first: usize) {
        let house = Arc::new(House { address, ..House::default() });
        let permits = Arc::new(Semaphore::new(self.setup.per_address));
        let mut tasks = JoinSet::new();
        let mut number = first;
        for door in self.server.doors.clone() {
            let modes = door.modes.len();
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            if !(door.aside && house.is_silent()) {
                let (visit, house) = (Arc::clone(&self), Arc::clone(&house));
                tasks.spawn(async move {
                    visit.open(&house, &door, number).await;
                    drop(permit);
                });
            }
            number += modes;
        }
        while tasks.join_next().await.is_some() {}
    }

    /// One port: a mode after the other, because a server speaks only one. Where connecting
    /// failed, it failed for every mode.
    async fn open(&self, house: &House, door: &Door, first: usize) {
        let Ok(_permit) = self.setup.sockets.acquire().await else { return };
        let mut known = Known::Nothing;
        for (number, mode) in (first..).zip(&door.modes) {
            let teller = Teller::new(number, self.events.clone(), self.setup.limits);
            if let Known::Closed(tcp) = &known {
                teller.tell(tcp.clone()).await;
                continue;
            }
            let works = matches!(known, Known::Works);
            match self.knock(house, door.port, *mode, works, &teller).await {
                Ok(true) => known = Known::Works,
                Ok(false) => {}
                Err(tcp) => known = Known::Closed(tcp),
            }
        }
    }

    /// Connects and talks. Whether the way works, or how connecting failed.
    async fn knock(
        &self,
        house: &House,
        port: u16,
        mode: Mode,
        other_works: bool,
        teller: &Teller,
    ) -> Result<bool, Measurement> {
        let limits = self.setup.limits;
        let work = self.connect(house.address, port);
        let stream = teller.try_stage(Stage::Tcp, limits.tcp, Code::TcpTimeout, work).await;
        house.note(&stream);
        let stream = stream?;
        let way = Way {
            host: self.server.host.clone(),
            mode,
            greeting: if other_works { limits.other_mode } else { limits.greeting },
            control: self.server.control,
            hello: self.hello(&stream),
            roots: self.setup.roots.clone(),
        };
        Ok(dialogue(stream, &way, teller).await)
    }

    async fn connect(&self, address: IpAddr, port: u16) -> Ended<TcpStream> {
        let Some(place) = self.setup.world.place(address, port) else {
            return Err(Code::DnsSpecialAddress.into());
        };
        if self.setup.world.is_silent(address) {
            std::future::pending::<()>().await; // until the limit
        }
        match world::connect(place, self.setup.routes).await {
            Ok(stream) => Ok((stream, Noted::default())),
            Err((status, code)) => {
                let blind = status == Status::CouldNotTest;
                Err(Box::new(Noted { code: Some(code), blind, ..Noted::default() }))
            }
        }
    }

    /// RFC 5321 §4.1.3: whoever has no name gives his address.
    fn hello(&self, stream: &TcpStream) -> String {
        match (&self.setup.hello, stream.local_addr().map(|it| it.ip())) {
            (Hello::Name(name), _) => name.clone(),
            (Hello::Literal, Ok(IpAddr::V4(address))) => format!("[{address}]"),
            (Hello::Literal, Ok(IpAddr::V6(address))) => format!("[IPv6:{address}]"),
            (Hello::Literal, Err(_)) => "[127.0.0.1]".to_owned(),
        }
    }

    /// Every way through every door, in order.
    fn ways(&self) -> impl Iterator<Item = (u16, Mode)> {
        let doors = self.server.doors.iter();
        doors.flat_map(|door| door.modes.iter().map(|mode| (door.port, *mode)))
    }

    fn dns(&self, status: Status, code: Option<Code>, took: Duration) -> Measurement {
        let slow = status == Status::Ok && took > self.setup.limits.slow;
        let status = if slow { Status::Slow } else { status };
        let ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        Measurement { ms, ..Measurement::new(Stage::Dns, status, code) }
    }

    async fn announce(
        &self,
        number: usize,
        (port, mode): (u16, Mode),
        address: Option<IpAddr>,
        dns: Measurement,
    ) {
        let family = address.map(|it| if it.is_ipv4() { Family::V4 } else { Family::V6 });
        let failed_stage = (dns.status == Status::Failed).then_some(Stage::Dns);
        let host = self.server.host.clone();
        let stages = vec![dns];
        let target = Target { host, port, mode, address, family, stages, failed_stage };
        let control = self.server.control;
        let _gone = self.events.send(Event::Target { number, control, target }).await;
    }
}

/// What is known of a port from its first mode.
enum Known {
    Nothing,
    Works,
    Closed(Measurement),
}

/// What is known of an address from its first ports.
struct House {
    address: IpAddr,
    answers: AtomicBool,
    silent: AtomicBool,
}

impl Default for House {
    fn default() -> House {
        let address = Ipv4Addr::UNSPECIFIED.into();
        House { address, answers: AtomicBool::new(false), silent: AtomicBool::new(false) }
    }
}

impl House {
    fn note(&self, connected: &Result<TcpStream, Measurement>) {
        match connected {
            Ok(_) => self.answers.store(true, Ordering::Relaxed),
            Err(tcp) if tcp.code == Some(Code::TcpTimeout) => {
                self.silent.store(true, Ordering::Relaxed);
            }
            Err(_) => {}
        }
    }

    fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed) && !self.answers.load(Ordering::Relaxed)
    }
}

//! One look of the probe at places of this lab, and whether it said what it must.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use outbox_doctor::network::{Measurement, Mode, Outcome, Progress, Report, Status, Target};
use outbox_doctor::probe::{
    self, Door, Hello, Limits, Roots, Routes, Server, Setup, Size, World, world,
};

use crate::HOST;
use crate::matrix::{Expect, Patience};

pub fn limits(patience: Patience) -> Limits {
    let seconds = Duration::from_secs;
    let long = Limits {
        dns: seconds(10),
        tcp: seconds(8),
        greeting: seconds(20),
        other_mode: seconds(5),
        reply: seconds(20),
        quit: seconds(10),
        slow: seconds(15),
        total: seconds(60),
        size: Size::default(),
    };
    match patience {
        Patience::Long => long,
        Patience::Short => {
            Limits { tcp: seconds(3), greeting: seconds(4), reply: seconds(4), ..long }
        }
        Patience::Brisk => Limits { slow: Duration::from_millis(500), ..long },
    }
}

pub fn setup(patience: Patience, world: World, roots: Roots, routes: Routes) -> Setup {
    let limits = limits(patience);
    Setup { limits, world, roots, routes, hello: Hello::Literal, ..Setup::public(String::new()) }
}

/// A world in which the host has these addresses, and its port is really another.
pub fn small_world(places: &[SocketAddr]) -> World {
    let addresses: Vec<IpAddr> = places.iter().map(SocketAddr::ip).collect();
    World::Lab(world::Lab {
        names: [(HOST.to_owned(), Ok(addresses))].into(),
        doors: places.iter().map(|it| ((it.ip(), PORT), it.port())).collect(),
        ..world::Lab::default()
    })
}

const PORT: u16 = 587;

pub async fn report(host: &str, mode: Mode, setup: Setup) -> Report {
    let doors = vec![Door { port: PORT, modes: vec![mode], aside: false }];
    let server = Server { host: host.to_owned(), control: false, doors };
    let setup = Arc::new(setup);
    let mut events = probe::run(vec![server], Arc::clone(&setup));
    let mut progress = Progress::default();
    while let Some(event) = events.recv().await {
        progress.apply(event);
    }
    progress.report(setup.local_vantage(), "lab")
}

impl Expect {
    /// What the report says differently of this target.
    pub fn check(&self, target: &Target) -> Result<(), String> {
        let Some(seen) = target.at(self.stage) else { return Err("no such stage".to_owned()) };
        let outcome = match (self.status, self.code) {
            (Status::Failed, Some(code)) => Outcome::Fails(self.stage, code),
            (Status::CouldNotTest, _) => Outcome::Untested,
            _ => Outcome::Works,
        };
        let failed = (self.status == Status::Failed).then_some(self.stage);
        let same = [
            seen.status == self.status,
            seen.code == self.code,
            self.reply.is_none() || seen.smtp.as_ref().map(|it| it.code) == self.reply,
            target.outcome() == outcome,
            target.failed_stage == failed,
            target.stages.iter().map(|it| it.stage).eq(target.mode.stages().iter().copied()),
        ];
        if same.iter().all(|it| *it) {
            Ok(())
        } else {
            Err(format!("expected {self}, saw {}: {:?}", told(seen), target.outcome()))
        }
    }
}

impl std::fmt::Display for Expect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let code = self.code.map(|it| format!(" {}", it.key())).unwrap_or_default();
        let reply = self.reply.map(|it| format!(" {it}")).unwrap_or_default();
        write!(f, "{} {}{code}{reply}", self.stage.key(), self.status.key())
    }
}

fn told(seen: &Measurement) -> String {
    let (status, code) = (seen.status, seen.code);
    let reply = seen.smtp.as_ref().map(|it| it.code);
    Expect { stage: seen.stage, status, code, reply }.to_string()
}

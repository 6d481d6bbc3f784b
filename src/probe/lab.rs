//! A small world of broken mail servers on loopback, so that anybody can watch what the probe says
//! of each without the internet. Nothing but code can build it: no request and no file leads here,
//! and in it no name leads to the internet.
//!
//! Each provider is seen from here and from three places outside, which differ in what names lead
//! to; so every verdict can be watched.

mod authority;

mod cast;

mod peer;

mod scenes;

mod stage;

use std::io;
use std::time::Duration;

use tokio::task::AbortHandle;

use super::{Door, Hello, Limits, Roots, Routes, Server, Setup, World};
use crate::knowledge::Beacon;
use crate::network::standing::{SUBMISSION, SUBMISSIONS};
use crate::network::{Kind, Mode, Vantage};
use authority::Authority;
use cast::Part;
use scenes::{Around, OUTSIDE, PLACES, Scene};
use stage::Stage;

/// The world and what may be asked of it; its servers end when it is dropped.
pub struct Lab {
    /// Looks at this world only, from here, with nobody to ask about the time.
    pub setup: Setup,
    /// Id and servers.
    pub providers: Vec<(String, Vec<Server>)>,
    /// Healthy servers of nobody in particular.
    pub controls: Vec<Server>,
    /// The same providers from here, by what is around.
    pub here: Vec<View>,
    /// The same from outside, by the name of the place.
    pub outside: Vec<(&'static str, Vec<View>)>,
    peers: Vec<AbortHandle>,
}

/// Some of the providers, from one place, with what there is to compare with.
pub struct View {
    /// Looks from there.
    pub setup: Setup,
    /// That place.
    pub vantage: Vantage,
    /// Id and servers.
    pub providers: Vec<(String, Vec<Server>)>,
    /// Other providers' servers.
    pub controls: Vec<Server>,
}

/// Patience fit for a demonstration.
fn limits() -> Limits {
    let seconds = Duration::from_secs;
    Limits {
        tcp: seconds(3),
        greeting: seconds(4),
        other_mode: seconds(2),
        reply: seconds(3),
        slow: seconds(2),
        total: seconds(20),
        ..Limits::default()
    }
}

/// Other providers that answer, and others that do not.
const ANSWERING: [&str; 2] = ["control-1.test", "control-2.test"];
const MUTE: [&str; 2] = ["control-3.test", "control-4.test"];
/// Hosts that are asked for the time and for a sign-in page: two, since one is not believed.
const CLOCKS: [&str; 2] = ["clock-1.test", "clock-2.test"];
const PORTALS: [&str; 2] = ["portal-1.test", "portal-2.test"];
/// Years away from any clock that is right.
const LONG_AGO: &str = "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 2022 08:49:37 GMT\r\n\r\n";
const SIGN_IN: &str = "HTTP/1.1 302 Found\r\nLocation: http://192.168.0.1/sign-in\r\n\r\n";

impl Lab {
    /// Starts the servers. Needs a tokio runtime.
    ///
    /// # Errors
    /// A loopback address cannot be listened on, or a certificate not made.
    pub async fn open() -> io::Result<Lab> {
        let own = Authority::new().map_err(io::Error::other)?;
        let mut stage = Stage::new(&own)?;
        for scene in scenes::ALL {
            stage.play(&scene.host(), &scene.parts()).await?;
        }
        for (hosts, part) in [(ANSWERING, Part::Ipv4Only), (MUTE, Part::Unreachable)] {
            for host in hosts {
                stage.play(host, &[part; PLACES]).await?;
            }
        }
        for (hosts, says) in [(CLOCKS, LONG_AGO), (PORTALS, SIGN_IN)] {
            for host in hosts {
                stage.beacon(host, says).await?;
            }
        }
        Ok(Lab::of(&own, stage))
    }

    fn of(own: &Authority, mut stage: Stage<'_>) -> Lab {
        let peers = std::mem::take(&mut stage.peers);
        let trusted = own.verifier();
        let mut worlds = stage.worlds().map(|world| Setup {
            limits: limits(),
            world: World::Lab(world),
            roots: Roots { platform: trusted.clone(), mozilla: trusted.clone() },
            routes: Routes { v4: true, v6: true },
            ..Setup::local()
        });
        let setup = worlds.next().unwrap_or_else(Setup::local);
        let outside = OUTSIDE.into_iter().zip(worlds).map(|(name, setup)| {
            let setup = Setup { hello: Hello::Name(format!("{name}.test")), ..setup };
            (name, views(&setup, &away(&setup, name)))
        });
        Lab {
            outside: outside.collect(),
            providers: scenes::ALL.iter().map(provider).collect(),
            controls: servers(&ANSWERING),
            here: views(&setup, &setup.local_vantage()),
            setup,
            peers,
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.peers.iter().for_each(AbortHandle::abort);
    }
}

/// A place outside, in a network of its own.
fn away(setup: &Setup, name: &str) -> Vantage {
    let (id, network) = (name.to_owned(), name.to_owned());
    Vantage { id, network, kind: Kind::Public, ..setup.local_vantage() }
}

/// What is seen from one place, by what is around the user.
fn views(setup: &Setup, vantage: &Vantage) -> Vec<View> {
    let view = |around: Around| {
        let of = |it: &&Scene| it.around == around;
        let (controls, beacons): (&[&str], &[&str]) = match (around, vantage.kind) {
            (Around::Nobody, _) => (&[], &[]),
            (Around::Blocked, Kind::Local) => (&MUTE, &[]),
            (Around::Portal, Kind::Local) => (&ANSWERING, &PORTALS),
            (Around::OtherTime, Kind::Local) => (&ANSWERING, &CLOCKS),
            _ => (&ANSWERING, &[]),
        };
        View {
            setup: setup.clone().with_beacons(&asked(beacons)),
            vantage: vantage.clone(),
            providers: scenes::ALL.iter().filter(of).map(provider).collect(),
            controls: servers(controls),
        }
    };
    Around::ALL.into_iter().map(view).collect()
}

fn provider(scene: &Scene) -> (String, Vec<Server>) {
    (scene.id(), vec![server(scene.host(), false)])
}

fn servers(controls: &[&str]) -> Vec<Server> {
    controls.iter().map(|host| server((*host).to_owned(), true)).collect()
}

fn asked(hosts: &[&str]) -> Vec<Beacon> {
    let beacon = |host: &&str| Beacon { host: (*host).to_owned(), path: "/".to_owned() };
    hosts.iter().map(beacon).collect()
}

fn server(host: String, control: bool) -> Server {
    let door = |port, modes: &[Mode]| Door { port, modes: modes.to_vec(), aside: false };
    let both: &[Mode] = if control { &[Mode::Starttls] } else { &[Mode::Starttls, Mode::Tls] };
    let doors = vec![door(SUBMISSION, both), door(SUBMISSIONS, &[Mode::Tls])];
    Server { host, control, doors }
}

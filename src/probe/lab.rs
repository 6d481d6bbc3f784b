//! A small world of broken mail servers on loopback, so that anybody can watch what the probe says
//! of each without the internet. Nothing but code can build it: no request and no file leads here,
//! and in it no name leads to the internet.

mod authority;

mod cast;

mod peer;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use super::{Door, Limits, Roots, Routes, Server, Setup, World, world};
use crate::network::Mode;
use crate::network::standing::{SUBMISSION, SUBMISSIONS};
use authority::Authority;
use cast::{Part, Role};

/// The world and what may be asked of it; its servers end when it is dropped.
pub struct Lab {
    /// Looks at this world only.
    pub setup: Setup,
    /// Id and servers.
    pub providers: Vec<(String, Vec<Server>)>,
    /// Healthy servers of nobody in particular.
    pub controls: Vec<Server>,
    peers: Vec<AbortHandle>,
}

/// Connections to all of its servers at a time.
const CONNECTIONS: usize = 64;

/// Patience fit for a demonstration.
fn limits() -> Limits {
    let seconds = Duration::from_secs;
    Limits {
        tcp: seconds(3),
        greeting: seconds(8),
        other_mode: seconds(2),
        reply: seconds(3),
        slow: seconds(2),
        total: seconds(20),
        ..Limits::default()
    }
}

impl Lab {
    /// Starts the servers. Needs a tokio runtime.
    ///
    /// # Errors
    /// A loopback address cannot be listened on, or a certificate not made.
    pub async fn open() -> io::Result<Lab> {
        let own = Authority::new().map_err(io::Error::other)?;
        let stranger = Authority::new().map_err(io::Error::other)?;
        let mut stage = Stage::default();
        let (mut providers, mut controls) = (Vec::new(), Vec::new());
        for (number, part) in (1..).zip(cast::ALL) {
            let host = part.host();
            let role = part.role(&own, &stranger).map_err(io::Error::other)?;
            stage.enter(&host, Ipv4Addr::new(127, 0, 25, number), &role).await?;
            match part {
                Part::Control(_) => controls.push(server(host, true)),
                _ => providers.push((part.id(), vec![server(host, false)])),
            }
        }
        let roots = own.verifier();
        let setup = Setup {
            limits: limits(),
            world: World::Lab(stage.world),
            roots: Roots { platform: roots.clone(), mozilla: roots },
            routes: Routes { v4: true, v6: true },
            ..Setup::local()
        };
        Ok(Lab { setup, providers, controls, peers: stage.peers })
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.peers.iter().for_each(AbortHandle::abort);
    }
}

fn server(host: String, control: bool) -> Server {
    let door = |port, modes: &[Mode]| Door { port, modes: modes.to_vec(), aside: false };
    let both: &[Mode] = if control { &[Mode::Starttls] } else { &[Mode::Starttls, Mode::Tls] };
    let doors = vec![door(SUBMISSION, both), door(SUBMISSIONS, &[Mode::Tls])];
    Server { host, control, doors }
}

struct Stage {
    world: world::Lab,
    peers: Vec<AbortHandle>,
    room: Arc<Semaphore>,
}

impl Default for Stage {
    fn default() -> Stage {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        Stage { world: world::Lab::default(), peers: Vec::new(), room }
    }
}

impl Stage {
    /// Both ports of a server, and IPv6 where it has that.
    async fn enter(&mut self, host: &str, v4: Ipv4Addr, role: &Role) -> io::Result<()> {
        let v6 = role.v6.then_some(IpAddr::V6(Ipv6Addr::LOCALHOST));
        let addresses: Vec<IpAddr> = std::iter::once(v4.into()).chain(v6).collect();
        for address in &addresses {
            self.door(*address, SUBMISSION, role.clear.as_ref()).await?;
            self.door(*address, SUBMISSIONS, role.secure.as_ref()).await?;
        }
        self.world.names.insert(host.to_owned(), Ok(addresses));
        Ok(())
    }

    /// Without a script nobody listens there.
    async fn door(
        &mut self,
        ip: IpAddr,
        port: u16,
        script: Option<&peer::Script>,
    ) -> io::Result<()> {
        let listener = match TcpListener::bind(SocketAddr::new(ip, 0)).await {
            // a computer without IPv6, or with 127.0.0.1 alone, has a smaller lab
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => return Ok(()),
            other => other?,
        };
        let real = listener.local_addr()?.port();
        self.world.doors.insert((ip, port), real);
        if let Some(script) = script {
            let room = Arc::clone(&self.room);
            let task = tokio::spawn(peer::run(listener, Arc::clone(script), room));
            self.peers.push(task.abort_handle());
        }
        Ok(())
    }
}

//! Puts the parts on loopback: for each an address, its ports, and what its name leads to.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use super::authority::Authority;
use super::cast::{Part, Role};
use super::peer::{self, Script, Step};
use super::scenes::PLACES;
use crate::network::Code;
use crate::network::standing::{SUBMISSION, SUBMISSIONS};
use crate::probe::surroundings::PORT;
use crate::probe::world;

/// Connections to all of its servers at a time.
const CONNECTIONS: usize = 64;

/// What a name leads to.
type Found = Result<Vec<IpAddr>, Code>;

/// Everything that stands so far.
pub struct Stage<'a> {
    /// The servers.
    pub peers: Vec<AbortHandle>,
    own: &'a Authority,
    stranger: Authority,
    /// Addresses are the same from everywhere; names are not.
    ground: world::Lab,
    names: [BTreeMap<String, Found>; PLACES],
    room: Arc<Semaphore>,
    houses: u16,
}

impl Stage<'_> {
    /// An empty one, where this authority is trusted.
    ///
    /// # Errors
    /// No key could be made.
    pub fn new(own: &Authority) -> io::Result<Stage<'_>> {
        Ok(Stage {
            peers: Vec::new(),
            own,
            stranger: Authority::new().map_err(io::Error::other)?,
            ground: world::Lab::default(),
            names: Default::default(),
            room: Arc::new(Semaphore::new(CONNECTIONS)),
            houses: 0,
        })
    }

    /// The world as each place sees it.
    pub fn worlds(self) -> impl Iterator<Item = world::Lab> {
        let ground = self.ground;
        self.names.into_iter().map(move |names| world::Lab { names, ..ground.clone() })
    }

    /// A server of this name: what it does from each place.
    ///
    /// # Errors
    /// An address cannot be listened on, or a certificate not made.
    pub async fn play(&mut self, host: &str, parts: &[Part; PLACES]) -> io::Result<()> {
        let mut played: Vec<(Part, Found)> = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            let found = match played.iter().find(|it| it.0 == *part) {
                Some((_, found)) => found.clone(),
                None => self.enter(host, *part).await?,
            };
            played.push((*part, found.clone()));
            if let Some(names) = self.names.get_mut(place) {
                names.insert(host.to_owned(), found);
            }
        }
        Ok(())
    }

    /// A host that says this to whoever asks over HTTP; seen from everywhere.
    ///
    /// # Errors
    /// An address cannot be listened on.
    pub async fn beacon(&mut self, host: &str, says: &'static str) -> io::Result<()> {
        let script: Script =
            Arc::from([Step::Hear("Connection:"), Step::Hear("\r"), Step::Say(says)]);
        let address = self.v4();
        let there = self.door(address, PORT, Some(&script)).await?;
        let found = if there { vec![address] } else { vec![] };
        for names in &mut self.names {
            names.insert(host.to_owned(), Ok(found.clone()));
        }
        Ok(())
    }

    async fn enter(&mut self, host: &str, part: Part) -> io::Result<Found> {
        let role = part.role(host, self.own, &self.stranger).map_err(io::Error::other)?;
        let (v4, v6) = (self.v4(), self.v6());
        let addresses = match part {
            Part::Nameless => return Ok(Err(Code::DnsNotFound)),
            Part::NoNameServer => return Ok(Err(Code::DnsTimeout)),
            // RFC 6052 §2.1: 192.0.2.1 behind the well-known prefix
            Part::Translated => vec![Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x201).into()],
            Part::Unreachable => self.silent(v4),
            Part::Healthy => [self.house(v4, &role).await?, self.house(v6, &role).await?].concat(),
            Part::BrokenIpv6 => [self.house(v4, &role).await?, self.silent(v6)].concat(),
            Part::Patchy => {
                let closed = self.v4();
                [self.house(v4, &role).await?, self.house(closed, &Role::default()).await?].concat()
            }
            _ => self.house(v4, &role).await?,
        };
        Ok(Ok(addresses))
    }

    /// The next address: of the loopback network, so that every server has one of its own.
    fn v4(&mut self) -> IpAddr {
        self.houses += 1;
        let [high, low] = self.houses.to_be_bytes();
        Ipv4Addr::new(127, 25, high, low).into()
    }

    /// The IPv6 address beside the last one. Loopback has one only, so it is one of those for
    /// documentation (RFC 3849), which is in truth `::1`.
    fn v6(&self) -> IpAddr {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, self.houses).into()
    }

    fn silent(&mut self, address: IpAddr) -> Vec<IpAddr> {
        self.ground.silent.insert(address);
        vec![address]
    }

    /// Both ports of a server. A computer without IPv6 has a smaller lab: no address.
    async fn house(&mut self, address: IpAddr, role: &Role) -> io::Result<Vec<IpAddr>> {
        let clear = self.door(address, SUBMISSION, role.clear.as_ref()).await?;
        let secure = self.door(address, SUBMISSIONS, role.secure.as_ref()).await?;
        Ok(if clear && secure { vec![address] } else { vec![] })
    }

    /// Whether there could be one. Without a script nobody listens there.
    async fn door(&mut self, ip: IpAddr, port: u16, script: Option<&Script>) -> io::Result<bool> {
        let Some(listener) = self.listen(ip).await? else { return Ok(false) };
        self.ground.doors.insert((ip, port), listener.local_addr()?.port());
        if let Some(script) = script {
            let task =
                tokio::spawn(peer::run(listener, Arc::clone(script), Arc::clone(&self.room)));
            self.peers.push(task.abort_handle());
        }
        Ok(true)
    }

    /// At the address itself, or at the one that stands in for it on this computer.
    async fn listen(&mut self, ip: IpAddr) -> io::Result<Option<TcpListener>> {
        let home: IpAddr =
            if ip.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        for real in [ip, home] {
            match TcpListener::bind(SocketAddr::new(real, 0)).await {
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {}
                Err(error) => return Err(error),
                Ok(listener) => {
                    if real != ip {
                        self.ground.aliases.insert(ip, real);
                    }
                    return Ok(Some(listener));
                }
            }
        }
        Ok(None)
    }
}

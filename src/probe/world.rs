//! Names, addresses and connections: the internet, or a small world built for a test or a lab.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::rcode;
use crate::network::special::special;
use crate::network::{Code, Status};

/// What a probe looks at.
#[derive(Clone, Debug)]
pub enum World {
    /// The system's resolver, and public addresses only.
    Internet,
    /// These names and addresses only, special ones too.
    Lab(Lab),
}

/// A small world. Nothing in it leads to the internet, and nothing but code can build one.
#[derive(Clone, Debug, Default)]
pub struct Lab {
    /// What each name leads to.
    pub names: BTreeMap<String, Result<Vec<IpAddr>, Code>>,
    /// Where a port of an address really is; other ports of the same address are themselves.
    pub doors: BTreeMap<(IpAddr, u16), u16>,
    /// Where an address really is; others are themselves.
    pub aliases: BTreeMap<IpAddr, IpAddr>,
    /// Addresses at which nobody ever answers, as behind a firewall that drops.
    pub silent: BTreeSet<IpAddr>,
}

impl World {
    /// The addresses of a name, in the resolver's order, each once.
    ///
    /// # Errors
    /// The code of why there are none.
    pub(super) async fn look_up(&self, host: &str, limit: Duration) -> Result<Vec<IpAddr>, Code> {
        let mut found = match self {
            World::Lab(lab) => lab.names.get(host).cloned().unwrap_or(Err(Code::DnsNotFound))?,
            World::Internet => resolve(host, limit).await?,
        };
        let mut known = BTreeSet::new();
        found.retain(|it| known.insert(*it));
        if found.is_empty() { Err(Code::DnsNoAddress) } else { Ok(found) }
    }

    /// Where to connect; nowhere if the address is no public server's.
    #[must_use]
    pub fn place(&self, address: IpAddr, port: u16) -> Option<SocketAddr> {
        match self {
            World::Internet => special(address).is_none().then(|| SocketAddr::new(address, port)),
            World::Lab(lab) => {
                let known = lab.doors.keys().any(|(own, _)| *own == address);
                let port = lab.doors.get(&(address, port)).copied().unwrap_or(port);
                let real = lab.aliases.get(&address).copied().unwrap_or(address);
                (known || lab.silent.contains(&address)).then(|| SocketAddr::new(real, port))
            }
        }
    }

    /// Whether nobody ever answers there; on the internet, only trying tells.
    #[must_use]
    pub fn is_silent(&self, address: IpAddr) -> bool {
        matches!(self, World::Lab(lab) if lab.silent.contains(&address))
    }
}

/// As mail apps do; only if that fails, the name server is asked why.
async fn resolve(host: &str, limit: Duration) -> Result<Vec<IpAddr>, Code> {
    match timeout(limit, tokio::net::lookup_host((host, 0))).await {
        Ok(Ok(found)) => Ok(found.map(|it| it.ip()).collect()),
        Ok(Err(_)) => Err(rcode::why(host).await),
        Err(_) => Err(Code::DnsTimeout),
    }
}

/// Address families to which there is a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routes {
    /// IPv4.
    pub v4: bool,
    /// IPv6.
    pub v6: bool,
}

impl Routes {
    /// Those of this computer. Nothing is sent: connecting a datagram socket only asks the system.
    #[must_use]
    pub fn here() -> Routes {
        let leads = |own: IpAddr, there: IpAddr| {
            UdpSocket::bind((own, 0)).is_ok_and(|it| it.connect((there, 53)).is_ok())
        };
        Routes {
            v4: leads(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(8, 0, 0, 1).into()),
            v6: leads(
                Ipv6Addr::UNSPECIFIED.into(),
                Ipv6Addr::new(0x2600, 0, 0, 0, 0, 0, 0, 1).into(),
            ),
        }
    }
}

/// Connects.
///
/// # Errors
/// Whether that says something about the server, and the code.
pub(super) async fn connect(
    place: SocketAddr,
    routes: Routes,
) -> Result<TcpStream, (Status, Code)> {
    let error = match TcpStream::connect(place).await {
        Ok(stream) => return Ok(stream),
        Err(error) => error,
    };
    let routed = if place.is_ipv6() { routes.v6 } else { routes.v4 };
    Err(match why(&error) {
        Code::TcpForbidden if is_by_router(&error, place) => (Status::Failed, Code::TcpUnreachable),
        Code::TcpUnreachable | Code::TcpFailed if !routed => {
            (Status::CouldNotTest, Code::TcpNoRoute)
        }
        code => (Status::Failed, code),
    })
}

/// On Linux, EACCES is what a route that prohibits gives, and also what comes of a router's word
/// that an IPv6 address is administratively prohibited (RFC 4443 §3.1, code 1). The route can be
/// asked, without sending anything.
fn is_by_router(error: &io::Error, place: SocketAddr) -> bool {
    const EACCES: i32 = 13;
    let ambiguous = cfg!(target_os = "linux") && error.raw_os_error() == Some(EACCES);
    let own: IpAddr = Ipv6Addr::UNSPECIFIED.into();
    ambiguous
        && place.is_ipv6()
        && UdpSocket::bind((own, 0)).is_ok_and(|it| it.connect(place).is_ok())
}

/// Errors that have a kind of their own in Rust; a `blackhole` route says EINVAL on Linux.
fn why(error: &io::Error) -> Code {
    match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => Code::TcpRefused,
        io::ErrorKind::TimedOut => Code::TcpTimeout,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::InvalidInput => Code::TcpUnreachable,
        io::ErrorKind::PermissionDenied => Code::TcpForbidden,
        _ => Code::TcpFailed,
    }
}

//! Where a server listens.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 4096;

/// Listens on the loopback addresses of a port: IPv4 always, IPv6 where there is one, because
/// browsers may resolve `localhost` to either.
///
/// # Errors
/// The port is taken or may not be used.
pub fn loopback(port: u16) -> io::Result<Vec<TcpListener>> {
    let first = address((Ipv4Addr::LOCALHOST, port).into())?;
    let chosen = first.local_addr()?.port();
    let second = address((Ipv6Addr::LOCALHOST, chosen).into());
    Ok(std::iter::once(first).chain(second.ok()).collect())
}

/// Listens there. Needs a tokio runtime.
///
/// # Errors
/// The address is taken, or is not this computer's.
pub fn address(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    #[cfg(unix)] // on Windows this would let two programs share the port
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

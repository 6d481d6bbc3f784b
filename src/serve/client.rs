//! Who asks: an IPv4 address, or an IPv6 network of 64 bits, which one household has to itself.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Whoever counts as one client. It is compared and never written anywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Client(IpAddr);

impl Client {
    /// The client at an address.
    ///
    /// ```
    /// use outbox_doctor::serve::Client;
    /// let client = |text: &str| Client::at(text.parse().unwrap());
    /// assert!(client("2600:1:2:3::1") == client("2600:1:2:3:ffff::9"));
    /// assert!(client("2600:1:2:3::1") != client("2600:1:2:4::1"));
    /// assert!(client("::ffff:9.8.7.6") == client("9.8.7.6"));
    /// ```
    #[must_use]
    pub fn at(address: IpAddr) -> Client {
        Client(match address.to_canonical() {
            IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from(u128::from(it) >> 64 << 64)),
            v4 => v4,
        })
    }
}

/// The forwarding header; `Forwarded` (RFC 7239) is not read, because proxies pass on what they
/// do not know.
const FORWARDED: &str = "x-forwarded-for";

/// Whether a proxy of ours stands at an address.
#[must_use]
pub fn is_trusted(address: IpAddr, proxies: &[IpNet]) -> bool {
    proxies.iter().any(|it| it.contains(&address.to_canonical()))
}

/// The nearest hop that is no proxy of ours. Everything to the left of it is hearsay. A hop that
/// cannot be read ends the search at the proxy that wrote it.
#[must_use]
pub fn client(peer: SocketAddr, headers: &HeaderMap, proxies: &[IpNet]) -> Client {
    let mut nearest = peer.ip();
    let lines: Vec<_> = headers.get_all(FORWARDED).iter().collect();
    let hops = lines.iter().rev().filter_map(|it| it.to_str().ok());
    for hop in hops.flat_map(|it| it.rsplit(',')) {
        match (is_trusted(nearest, proxies), address(hop.trim())) {
            (true, Some(address)) => nearest = address,
            _ => break,
        }
    }
    Client::at(nearest)
}

/// With a port or without.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| hop.parse().map(|it: SocketAddr| it.ip()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED, line.parse().unwrap());
        }
        let found = client(SocketAddr::new(peer.parse().unwrap(), 9), &headers, &proxies);
        assert_eq!(found.0, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
    }

    #[test]
    fn only_hops_told_by_our_own_proxies_count() {
        check("9.9.9.9", &[], "9.9.9.9");
        check("9.9.9.9", &["1.2.3.4"], "9.9.9.9");
        check("10.0.0.1", &["1.2.3.4"], "1.2.3.4");
        check("::ffff:10.0.0.1", &["1.2.3.4"], "1.2.3.4");
        check("10.0.0.1", &["6.6.6.6, 1.2.3.4"], "1.2.3.4");
        check("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.9.9.9"], "1.2.3.4");
        check("10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.9.9.9"], "1.2.3.4");
        check("10.0.0.1", &["1.2.3.4:5678"], "1.2.3.4");
        check("2001:db8::1", &["[2600:1:2:3:4::1]:99"], "2600:1:2:3::");
        check("10.0.0.1", &["6.6.6.6, unknown"], "10.0.0.1");
        check("10.0.0.1", &["10.3.0.1"], "10.3.0.1");
    }
}

//! Addresses that no public mail server has. A probe never connects to them: a name that leads
//! there is a finding about the name, and following it would be reaching into somebody's network.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is no public server's: the blocks of the IANA special-purpose registries
/// (RFC 6890), multicast, and every form in which an IPv6 address carries an IPv4 one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// Not globally reachable, or reserved.
    Reserved,
    /// An IPv4 address in IPv6 clothing: mapped, compatible, 6to4 or Teredo.
    Embedded,
    /// Made up by a network without IPv4 (RFC 6147): a fact about the network, not the server.
    Nat64,
}

const V4: [([u8; 4], u32); 19] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([192, 175, 48, 0], 24),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4), // multicast, RFC 5771
    ([240, 0, 0, 0], 4),
    ([255, 255, 255, 255], 32),
];

const EMBEDDED: [([u16; 8], u32); 4] = [
    ([0, 0, 0, 0, 0, 0, 0, 0], 96),      // compatible, RFC 4291 §2.5.5.1
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), // mapped, RFC 4291 §2.5.5.2
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), // Teredo, RFC 4380
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4, RFC 3056
];

const NAT64: [([u16; 8], u32); 2] = [
    ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96), // RFC 6052
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), // RFC 8215
];

/// Within 2000::/3, the only block that is handed out to networks (RFC 4291 §2.4).
const V6: [([u16; 8], u32); 4] = [
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    ([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

const GLOBAL: ([u16; 8], u32) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What is special about an address; nothing about a public server's.
///
/// ```
/// use outbox_doctor::network::special::{Special, special};
/// assert_eq!(special("98.97.96.95".parse().unwrap()), None);
/// assert_eq!(special("192.168.1.1".parse().unwrap()), Some(Special::Reserved));
/// assert_eq!(special("::ffff:98.97.96.95".parse().unwrap()), Some(Special::Embedded));
/// ```
#[must_use]
pub fn special(address: IpAddr) -> Option<Special> {
    match address {
        IpAddr::V4(it) => V4.iter().any(|block| in_v4(it, *block)).then_some(Special::Reserved),
        IpAddr::V6(it) if it.is_unspecified() || it.is_loopback() => Some(Special::Reserved),
        IpAddr::V6(it) if within(it, &EMBEDDED) => Some(Special::Embedded),
        IpAddr::V6(it) if within(it, &NAT64) => Some(Special::Nat64),
        IpAddr::V6(it) => {
            let public = in_v6(it, GLOBAL) && !within(it, &V6);
            (!public).then_some(Special::Reserved)
        }
    }
}

fn in_v4(address: Ipv4Addr, (start, bits): ([u8; 4], u32)) -> bool {
    let differs = u32::from(address) ^ u32::from(Ipv4Addr::from(start));
    differs.checked_shr(32 - bits).unwrap_or(0) == 0
}

fn within(address: Ipv6Addr, blocks: &[([u16; 8], u32)]) -> bool {
    blocks.iter().any(|block| in_v6(address, *block))
}

fn in_v6(address: Ipv6Addr, (start, bits): ([u16; 8], u32)) -> bool {
    let differs = u128::from(address) ^ u128::from(Ipv6Addr::from(start));
    differs.checked_shr(128 - bits).unwrap_or(0) == 0
}

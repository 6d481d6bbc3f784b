//! What a network does to connections on their way, by the kernel's own means.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::time::Duration;

use crate::isolation::run;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing; a client that connects to such an address comes from it, and so is nobody else.
    Open,
    /// Packets vanish.
    Drop,
    /// A reset comes back.
    Reset,
    /// Nobody listens behind.
    Closed,
    /// A router says that it is not allowed (RFC 1812 §5.2.7.1, RFC 4443 §3.1).
    AdminProhibited,
    /// A router says that the host cannot be reached.
    HostUnreachable,
    /// This system's routes forbid it.
    Prohibit,
    /// This system's routes swallow it.
    Blackhole,
    /// This system has no route.
    NoRoute,
    /// Another server answers, on this port.
    Redirect,
}

/// Addresses that look public; in the lab's own network they are nobody's.
pub fn addresses(number: u16) -> [IpAddr; 2] {
    let [high, low] = number.to_be_bytes();
    [Ipv4Addr::new(20, 0, high, low).into(), Ipv6Addr::new(0x2620, 0, 0, 0, 0, 0, 1, number).into()]
}

/// The table that the rules stand in.
pub fn prepare() -> Result<(), String> {
    let table = "table inet lab {
        chain in { type filter hook input priority 0; }
        chain nat { type nat hook output priority -100; }
    }";
    run("nft", &[table])?;
    // a kernel sends few messages a second (ICMP), enough for networks and not for this lab
    for limit in ["ipv4/icmp_ratelimit", "ipv4/icmp_msgs_per_sec", "ipv6/icmp/ratelimit"] {
        let file = format!("/proc/sys/net/{limit}");
        let value = if limit.ends_with("per_sec") { "100000" } else { "0" };
        std::fs::write(&file, value).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

/// The kernel finds the way to a new IPv6 address and may lose it again for a moment; waits until it
/// stays. Nothing is sent.
pub async fn settle(address: IpAddr) -> Result<(), String> {
    let own: IpAddr = match address {
        IpAddr::V4(_) => return Ok(()),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let mut in_a_row = 0;
    for _ in 0..500 {
        let found = UdpSocket::bind((own, 0)).is_ok_and(|it| it.connect((address, 9)).is_ok());
        in_a_row = if found { in_a_row + 1 } else { 0 };
        if in_a_row == 20 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(format!("there is no way to {address}"))
}

impl Rule {
    /// Whether the address is one of this system.
    pub fn has_address(self) -> bool {
        !matches!(self, Rule::NoRoute | Rule::Prohibit | Rule::Blackhole)
    }

    /// Puts it before an address; `other` is the port that answers in its place.
    pub fn raise(self, address: IpAddr, other: u16) -> Result<(), String> {
        let (family, length) = if address.is_ipv4() { ("ip", 32) } else { ("ip6", 128) };
        let one = format!("{address}/{length}");
        let nft = |chain: &str, verdict: &str| {
            let rule = format!(
                "add rule inet lab {chain} {family} daddr {address} \
                 tcp flags & (syn | ack) == syn {verdict}"
            );
            run("nft", &[&rule])
        };
        match self {
            Rule::NoRoute => return Ok(()),
            Rule::Prohibit => return run("ip", &["route", "add", "prohibit", &one]).map(|_| ()),
            Rule::Blackhole => return run("ip", &["route", "add", "blackhole", &one]).map(|_| ()),
            _ => run("ip", &["address", "add", &one, "dev", "lo", "nodad"])?,
        };
        match self {
            Rule::Drop => nft("in", "drop"),
            Rule::Reset => nft("in", "reject with tcp reset"),
            Rule::AdminProhibited => nft("in", "reject with icmpx admin-prohibited"),
            Rule::HostUnreachable => nft("in", "reject with icmpx host-unreachable"),
            Rule::Redirect => nft("nat", &format!("redirect to :{other}")),
            _ => Ok(String::new()),
        }
        .map(|_| ())
    }
}

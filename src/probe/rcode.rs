//! Why a name was not found: one question to the system's own name server, of whose answer only
//! the header is read (RFC 1035 §4.1.1). The system's resolver keeps the reason to itself.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::network::Code;

const WAIT: Duration = Duration::from_secs(2);

/// The reason; [`Code::DnsFailed`] where it cannot be learnt.
pub(super) async fn why(host: &str) -> Code {
    let Some(server) = name_server() else { return Code::DnsFailed };
    match timeout(WAIT, ask(server, host)).await {
        Ok(answer) => answer.unwrap_or(Code::DnsFailed),
        Err(_) => Code::DnsTimeout,
    }
}

/// The first one of `/etc/resolv.conf`, where there is such a file.
fn name_server() -> Option<SocketAddr> {
    let text = std::fs::read_to_string("/etc/resolv.conf").ok()?;
    first_server(&text).map(|address| SocketAddr::new(address, 53))
}

/// The first name server that a `resolv.conf` names by a plain address.
#[must_use]
pub fn first_server(text: &str) -> Option<IpAddr> {
    let values = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    values.filter_map(|it| it.trim().parse().ok()).next()
}

async fn ask(server: SocketAddr, host: &str) -> Option<Code> {
    let any: IpAddr = match server.ip() {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await.ok()?;
    socket.connect(server).await.ok()?;
    let id = RandomState::new().build_hasher().finish().to_be_bytes();
    let question = question([id[0], id[1]], host)?;
    socket.send(&question).await.ok()?;
    let mut answer = [0; 512];
    loop {
        let length = socket.recv(&mut answer).await.ok()?;
        if let Some(code) = read(answer.get(..length)?, [id[0], id[1]]) {
            return Some(code);
        }
    }
}

/// A question for the IPv4 addresses of a name (RFC 1035 §4.1); none if it is no name.
#[must_use]
pub fn question(id: [u8; 2], host: &str) -> Option<Vec<u8>> {
    let mut message = vec![id[0], id[1], 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]; // recursion desired
    for label in host.trim_end_matches('.').split('.') {
        let length = u8::try_from(label.len()).ok().filter(|it| (1..=63).contains(it))?;
        message.push(length);
        message.extend(label.as_bytes());
    }
    message.extend([0, 0, 1, 0, 1]); // the root; type A, class IN
    Some(message)
}

/// What the header of an answer to this question says; none if it is another message.
#[must_use]
pub fn read(message: &[u8], id: [u8; 2]) -> Option<Code> {
    let [first, second, flags, codes, ..] = message else { return None };
    if [*first, *second] != id || flags & 0x80 == 0 || message.len() < 12 {
        return None;
    }
    Some(match codes & 0x0f {
        0 => Code::DnsNoAddress,
        2 => Code::DnsServerFailed,
        3 => Code::DnsNotFound,
        5 => Code::DnsRefused,
        _ => Code::DnsFailed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_as_rfc_1035_has_them() {
        let asked = question([7, 9], "a.test.").unwrap_or_default();
        assert_eq!(asked, b"\x07\x09\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01");
        assert_eq!(question([0, 0], "a..b"), None);
        assert_eq!(question([0, 0], &"a".repeat(64)), None);
    }

    #[test]
    fn only_the_answer_to_the_question_is_read() {
        let answer = |codes: u8| [7, 9, 0x81, 0x80 | codes, 0, 1, 0, 0, 0, 0, 0, 0];
        assert_eq!(read(&answer(3), [7, 9]), Some(Code::DnsNotFound));
        assert_eq!(read(&answer(2), [7, 9]), Some(Code::DnsServerFailed));
        assert_eq!(read(&answer(5), [7, 9]), Some(Code::DnsRefused));
        assert_eq!(read(&answer(0), [7, 9]), Some(Code::DnsNoAddress));
        assert_eq!(read(&answer(3), [7, 8]), None, "another question");
        assert_eq!(read(&answer(3)[..11], [7, 9]), None, "cut off");
        assert_eq!(read(&[7, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0], [7, 9]), None, "a question");
    }

    #[test]
    fn the_first_name_server_is_found() {
        let text =
            "# nameserver 9.9.9.9\nsearch x\nnameserver fe80::1%eth0\nnameserver\t10.0.0.1\n";
        assert_eq!(first_server(text), Some(IpAddr::from([10, 0, 0, 1])));
        assert_eq!(first_server(""), None);
    }
}

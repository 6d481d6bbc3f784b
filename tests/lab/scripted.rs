//! The scripted peer in every manner it can play.

use std::net::{IpAddr, SocketAddr};

use outbox_doctor::network::Mode;

use crate::certificates::Authority;
use crate::manner::Manner;
use crate::peer::{Step, peer, send};

pub fn plays(manner: Manner) -> bool {
    !matches!(manner, Manner::QueueFull | Manner::Small | Manner::NoRelay | Manner::WrongPassword)
}

/// Where a new one is.
pub async fn start(authority: &Authority, manner: Manner, entry: Mode, at: IpAddr) -> SocketAddr {
    peer(at, script(authority, manner, entry)).await.address
}

/// A web server that takes everything for a request it does not understand.
pub async fn portal(at: IpAddr) -> SocketAddr {
    let page =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>Sign in</html>\r\n";
    peer(at, vec![send(page)]).await.address
}

fn script(authority: &Authority, manner: Manner, entry: Mode) -> Vec<Step> {
    let early = match manner {
        Manner::Rejecting => vec![send("554 5.7.1 not you\r\n"), Step::Silence],
        Manner::Full | Manner::Hasty => vec![send("421 4.7.0 too many\r\n"), Step::Silence],
        Manner::Sleepy => vec![Step::Wait(3000)],
        _ => vec![],
    };
    let hello = vec![send("220 smtp.test ESMTP\r\n")];
    let (before, after) = match entry {
        Mode::Starttls => ([early, hello, clear(manner)].concat(), encrypted(manner)),
        Mode::Tls => (vec![], [early, hello, encrypted(manner)].concat()),
    };
    let handshake = match manner {
        Manner::OldTls => alert(70),
        Manner::OldTlsVague => alert(40),
        Manner::OldTlsMute => vec![Step::Hear],
        _ => [vec![Step::Tls(authority.identity(manner.paper()).config())], after].concat(),
    };
    [before, handshake].concat()
}

/// A fatal one (RFC 8446 §6).
fn alert(number: u8) -> Vec<Step> {
    vec![Step::Hear, Step::Send(vec![21, 3, 1, 0, 2, 2, number]), Step::Silence]
}

fn clear(manner: Manner) -> Vec<Step> {
    let offer = match manner {
        Manner::NoStarttls => "250-smtp.test\r\n250 AUTH PLAIN\r\n",
        _ => "250-smtp.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n",
    };
    let answer = match manner {
        Manner::NoTls => "454 4.7.0 TLS not available\r\n",
        _ => "220 2.0.0 go ahead\r\n",
    };
    vec![Step::Expect("EHLO ["), send(offer), Step::Expect("STARTTLS"), send(answer)]
}

fn encrypted(manner: Manner) -> Vec<Step> {
    let ways = match manner {
        Manner::NoAuth => "250-smtp.test\r\n250 SIZE 1000\r\n",
        _ => "250-smtp.test\r\n250 AUTH PLAIN LOGIN\r\n",
    };
    vec![Step::Expect("EHLO ["), send(ways), Step::Expect("QUIT"), send("221 2.0.0 bye\r\n")]
}

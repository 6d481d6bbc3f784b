//! Which servers are looked at: those of the knowledge, and a few large ones for comparison.
//! There is no other way in, so nobody can have a probe look at a server of his choice.

use super::{Door, Server};
use crate::knowledge::{Provider, Security};
use crate::network::Mode;
use crate::network::standing::{SUBMISSION, SUBMISSIONS};

/// Where servers hand mail to each other (RFC 5321 §4.5.4.2): for comparison, because many
/// networks block it.
const RELAY: u16 = 25;

/// Other large providers, by the Thunderbird settings database (ispdb, 2026-03). Whoever looks at
/// them opens a connection, reads the greeting and leaves.
const CONTROLS: [(&str, &[u16]); 3] = [
    ("smtp.gmail.com", &[SUBMISSION, SUBMISSIONS]),
    ("smtp.mail.yahoo.com", &[SUBMISSION, SUBMISSIONS]),
    ("smtp.mail.me.com", &[SUBMISSION]),
];

/// The servers of a provider: 587 in both modes, 465, and 25 aside.
///
/// ```
/// use outbox_doctor::{knowledge, network::Mode, probe::catalogue};
/// let kb = knowledge::embedded();
/// let servers = catalogue::servers(&kb.providers[0]);
/// assert_eq!(servers[0].host, "mobile.charter.net");
/// assert_eq!(servers[0].doors[0].modes, [Mode::Tls, Mode::Starttls]);
/// ```
#[must_use]
pub fn servers(provider: &Provider) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    for candidate in &provider.candidates {
        if servers.iter().all(|it| it.host != candidate.host) {
            let host = candidate.host.clone();
            servers.push(Server { doors: doors(provider, &host), host, control: false });
        }
    }
    servers
}

fn doors(provider: &Provider, host: &str) -> Vec<Door> {
    let door = |port, modes: &[Mode]| Door { port, modes: modes.to_vec(), aside: port == RELAY };
    vec![
        door(SUBMISSION, first_choice(provider, host)),
        door(SUBMISSIONS, &[Mode::Tls]),
        door(RELAY, &[Mode::Starttls]),
    ]
}

/// Both modes on 587, the knowledge's first choice first: sources disagree, so measure.
fn first_choice(provider: &Provider, host: &str) -> &'static [Mode] {
    let own = |port: u16, name: &str| port == SUBMISSION && name == host;
    match provider.candidates.iter().find(|it| own(it.port, &it.host)).map(|it| it.security) {
        Some(Security::Tls) => &[Mode::Tls, Mode::Starttls],
        _ => &[Mode::Starttls, Mode::Tls],
    }
}

/// The servers to compare with; none of the provider's own.
#[must_use]
pub fn controls() -> Vec<Server> {
    let door = |port: &u16| {
        let mode = if *port == SUBMISSIONS { Mode::Tls } else { Mode::Starttls };
        Door { port: *port, modes: vec![mode], aside: false }
    };
    let server = |(host, ports): &(&str, &[u16])| Server {
        host: (*host).to_owned(),
        control: true,
        doors: ports.iter().map(door).collect(),
    };
    CONTROLS.iter().map(server).collect()
}

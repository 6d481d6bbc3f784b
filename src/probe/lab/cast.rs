//! The servers of the lab: one part for each thing that commonly goes wrong.

use std::sync::Arc;
use std::time::Duration;

use rcgen::Error;
use rustls::ServerConfig;

use super::authority::Authority;
use super::peer::{Script, Step};

/// What a server does, as seen from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Works, over IPv4 and IPv6.
    Healthy,
    /// Works; has no IPv6.
    Ipv4Only,
    /// Lets one connect and says nothing.
    Silent,
    /// Nobody listens.
    Refusing,
    /// Has no time: 421.
    Busy,
    /// Does not like the caller's address: 554.
    Rejecting,
    /// Offers no encryption.
    NoStarttls,
    /// Its certificate has expired.
    Expired,
    /// Its certificate is by somebody nobody knows.
    Untrusted,
    /// Its certificate is for another name.
    WrongName,
    /// Works, and takes its time.
    Slow,
    /// A web page answers in its place.
    Html,
    /// Works on 465 only.
    OtherPort,
    /// Nobody answers at all.
    Unreachable,
    /// Works at one of two addresses.
    Patchy,
    /// Works over IPv4; over IPv6 nobody answers.
    BrokenIpv6,
    /// Its name does not exist.
    Nameless,
    /// Its name cannot be looked up: the name server says nothing.
    NoNameServer,
    /// Its name leads to an address that only a translator of the own network knows (NAT64).
    Translated,
}

/// What a server does on each port; without a script it refuses.
#[derive(Default)]
pub struct Role {
    /// On 587, in the clear first.
    pub clear: Option<Script>,
    /// On 465.
    pub secure: Option<Script>,
}

const HELLO: &str = "220 lab ESMTP\r\n";
const OFFER: &str = "250-lab\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
const NO_OFFER: &str = "250-lab\r\n250-SIZE 1000\r\n250 AUTH PLAIN LOGIN\r\n";
const WAYS: &str = "250-lab\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000\r\n";
const BUSY: &str = "421 4.7.0 lab too many connections, try again later\r\n";
const REJECTED: &str = "554 5.7.1 lab your address is on a block list\r\n";
const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Sign in to the hotel's network</html>\r\n";

impl Part {
    /// What a server of this name does.
    ///
    /// # Errors
    /// No certificate could be made.
    pub fn role(self, host: &str, own: &Authority, stranger: &Authority) -> Result<Role, Error> {
        let trusted = |until| own.server(host, until).map(|it| works(&it, Duration::ZERO));
        let says = |text| Ok(only(&[Step::Say(text)]));
        match self {
            Part::Healthy | Part::Ipv4Only | Part::Patchy | Part::BrokenIpv6 => trusted(2090),
            Part::OtherPort => Ok(Role { clear: None, ..trusted(2090)? }),
            Part::Slow => Ok(works(&own.server(host, 2090)?, Duration::from_millis(2500))),
            Part::Expired => trusted(2024),
            Part::Untrusted => Ok(works(&stranger.server(host, 2090)?, Duration::ZERO)),
            Part::WrongName => Ok(works(&own.server("other.test", 2090)?, Duration::ZERO)),
            Part::Silent => Ok(only(&[Step::Silence])),
            Part::Busy => says(BUSY),
            Part::Rejecting => says(REJECTED),
            Part::Html => says(PAGE),
            Part::NoStarttls => Ok(Role { secure: None, ..only(&in_the_clear(NO_OFFER)) }),
            Part::Refusing
            | Part::Unreachable
            | Part::Nameless
            | Part::NoNameServer
            | Part::Translated => Ok(Role::default()),
        }
    }
}

/// The same on both ports.
fn only(steps: &[Step]) -> Role {
    let script: Script = Arc::from(steps);
    Role { clear: Some(Arc::clone(&script)), secure: Some(script) }
}

fn in_the_clear(offer: &'static str) -> Vec<Step> {
    vec![Step::Say(HELLO), Step::Hear("EHLO"), Step::Say(offer), Step::Silence]
}

/// A server that passes every stage, if its certificate does, after that pause.
fn works(config: &Arc<ServerConfig>, pause: Duration) -> Role {
    let secure = || Step::Secure(Arc::clone(config));
    let hello = [Step::Wait(pause), Step::Say(HELLO)];
    let ask = [Step::Hear("EHLO"), Step::Say(OFFER), Step::Hear("STARTTLS")];
    let ready = [Step::Say("220 2.0.0 go ahead\r\n"), secure()];
    let rest = [Step::Hear("EHLO"), Step::Say(WAYS), Step::Hear("QUIT"), Step::Say("221 bye\r\n")];
    let clear = [&hello[..], &ask, &ready, &rest].concat();
    let implicit = [&[secure()], &hello[..], &rest].concat();
    Role { clear: Some(Arc::from(clear)), secure: Some(Arc::from(implicit)) }
}

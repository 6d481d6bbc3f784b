//! The fault matrix (issue 4): what is wrong, and what the probe must say of it.

use outbox_doctor::network::{Code, Mode, Stage, Status};

use crate::manner::{Manner, Paper};
use crate::proxy::{Act, Between};
use crate::wall::Rule;

/// Where the fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// In the server itself.
    Server(Manner),
    /// The port speaks the other mode.
    OtherMode,
    /// On the connection's way through a proxy.
    Way(Between),
    /// In the network.
    Network(Rule),
    /// Another server answers: a web server, or a mail server of another name.
    Hijack(By),
    /// Only one of the two families is broken.
    Ipv6(Rule),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Portal,
    OtherMail,
}

/// How patient the probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// The machine may be busy.
    Long,
    /// Silence is expected.
    Short,
    /// The machine may be busy, and half a second is slow.
    Brisk,
}

/// What must be said of a stage, all before it being well but certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    pub stage: Stage,
    pub status: Status,
    pub code: Option<Code>,
    /// The server's own code.
    pub reply: Option<u16>,
}

pub struct Row {
    pub name: &'static str,
    pub fault: Fault,
    pub modes: &'static [Mode],
    pub patience: Patience,
    pub expect: Expect,
}

impl Row {
    /// Whether the probe must come past the handshake.
    pub fn needs_handshake(&self) -> bool {
        let comes = |mode: &Mode| {
            let before = mode.stages().iter().take_while(|it| **it != self.expect.stage);
            before.copied().any(|it| it == Stage::Tls)
        };
        self.expect.status == Status::Slow
            || matches!(self.fault, Fault::Ipv6(_))
            || self.modes.iter().any(comes)
    }
}

const CLEAR: &[Mode] = &[Mode::Starttls];
const IMPLICIT: &[Mode] = &[Mode::Tls];
const BOTH: &[Mode] = &[Mode::Starttls, Mode::Tls];

/// The server is fine.
const WORKS: Expect = Expect { stage: Stage::Auth, status: Status::Ok, code: None, reply: None };

const fn fails(stage: Stage, code: Code) -> Expect {
    Expect { stage, status: Status::Failed, code: Some(code), reply: None }
}

const fn refused(stage: Stage, code: Code, reply: u16) -> Expect {
    Expect { stage, status: Status::Failed, code: Some(code), reply: Some(reply) }
}

const fn slow(stage: Stage) -> Expect {
    Expect { stage, status: Status::Slow, code: None, reply: None }
}

const fn unknown(stage: Stage, code: Code) -> Expect {
    Expect { stage, status: Status::CouldNotTest, code: Some(code), reply: None }
}

const fn row(
    name: &'static str,
    fault: Fault,
    modes: &'static [Mode],
    patience: Patience,
    expect: Expect,
) -> Row {
    Row { name, fault, modes, patience, expect }
}

const fn network(name: &'static str, rule: Rule, code: Code) -> Row {
    row(name, Fault::Network(rule), BOTH, Patience::Short, fails(Stage::Tcp, code))
}

const fn server(name: &'static str, manner: Manner, modes: &'static [Mode], expect: Expect) -> Row {
    row(name, Fault::Server(manner), modes, Patience::Long, expect)
}

const fn paper(name: &'static str, paper: Paper, code: Code) -> Row {
    server(name, Manner::Shows(paper), BOTH, fails(Stage::Cert, code))
}

const fn way(
    name: &'static str,
    at: Stage,
    act: Act,
    modes: &'static [Mode],
    expect: Expect,
) -> Row {
    let patience = match act {
        Act::Late(_) => Patience::Brisk,
        Act::Silence | Act::Drip(_) => Patience::Short,
        _ => Patience::Long,
    };
    row(name, Fault::Way(Between { at, act }), modes, patience, expect)
}

const PAGE: &str = "<!DOCTYPE html>\r\n<html><title>Sign in to the hotel</title></html>\r\n";
const REDIRECT: &str = "HTTP/1.1 302 Found\r\nLocation: http://hotel.test/\r\n\r\n";

#[rustfmt::skip]
pub const MATRIX: &[Row] = {
    use Stage::{Cert, Ehlo, Greeting, Starttls, Tcp, Tls};
    &[
        server("nothing is wrong", Manner::GOOD, BOTH, WORKS),

        network("filtered", Rule::Drop, Code::TcpTimeout),
        network("refused: a reset comes back", Rule::Reset, Code::TcpRefused),
        network("refused: nobody listens", Rule::Closed, Code::TcpRefused),
        network("admin-prohibited by a router", Rule::AdminProhibited, Code::TcpUnreachable),
        network("host unreachable, says a router", Rule::HostUnreachable, Code::TcpUnreachable),
        network("local policy: prohibit", Rule::Prohibit, Code::TcpForbidden),
        network("local policy: blackhole", Rule::Blackhole, Code::TcpUnreachable),
        row("no route to the family", Fault::Network(Rule::NoRoute), BOTH, Patience::Short, unknown(Tcp, Code::TcpNoRoute)),
        row("IPv6 alone: dropped", Fault::Ipv6(Rule::Drop), CLEAR, Patience::Long, fails(Tcp, Code::TcpTimeout)),
        row("IPv6 alone: unreachable", Fault::Ipv6(Rule::HostUnreachable), CLEAR, Patience::Long, fails(Tcp, Code::TcpUnreachable)),
        row("IPv6 alone: no route", Fault::Ipv6(Rule::NoRoute), CLEAR, Patience::Long, unknown(Tcp, Code::TcpNoRoute)),
        row("hijacked by a web server", Fault::Hijack(By::Portal), CLEAR, Patience::Long, fails(Greeting, Code::ReplyHtml)),
        row("hijacked by a web server", Fault::Hijack(By::Portal), IMPLICIT, Patience::Long, fails(Tls, Code::TlsNotTls)),
        row("hijacked by another mail server", Fault::Hijack(By::OtherMail), BOTH, Patience::Long, fails(Cert, Code::CertWrongName)),

        server("no STARTTLS", Manner::NoStarttls, CLEAR, fails(Starttls, Code::StarttlsNotOffered)),
        row("greeting delay, by the server", Fault::Server(Manner::Sleepy), BOTH, Patience::Brisk, slow(Greeting)),
        server("421 busy", Manner::Full, CLEAR, refused(Greeting, Code::ReplyClosing, 421)),
        server("421 rate", Manner::Hasty, CLEAR, refused(Greeting, Code::ReplyClosing, 421)),
        server("554 banner", Manner::Rejecting, CLEAR, refused(Greeting, Code::ReplyRejected, 554)),
        server("554 banner", Manner::Rejecting, IMPLICIT, refused(Greeting, Code::ReplyRejected, 554)),
        server("454 TLS", Manner::NoTls, CLEAR, refused(Starttls, Code::ReplyBusy, 454)),
        row("plaintext to 465", Fault::OtherMode, CLEAR, Patience::Short, fails(Greeting, Code::ReplyTimeout)),
        row("TLS to 587", Fault::OtherMode, IMPLICIT, Patience::Long, fails(Tls, Code::TlsNotTls)),
        server("TLS 1.0 only", Manner::OldTls, BOTH, fails(Tls, Code::TlsVersion)),
        server("TLS 1.0 only, says only that it failed", Manner::OldTlsVague, BOTH, fails(Tls, Code::TlsAlert)),
        server("TLS 1.0 only, hangs up without a word", Manner::OldTlsMute, BOTH, fails(Tls, Code::TlsClosed)),
        server("no AUTH", Manner::NoAuth, BOTH, fails(Stage::Auth, Code::AuthNotOffered)),
        paper("expired", Paper::Expired, Code::CertExpired),
        paper("not valid yet", Paper::NotYetValid, Code::CertNotYetValid),
        paper("wrong name", Paper::WrongName, Code::CertWrongName),
        paper("incomplete chain", Paper::Incomplete, Code::CertUnknownIssuer),
        paper("self-signed", Paper::SelfSigned, Code::CertUnknownIssuer),
        paper("unknown issuer", Paper::Stranger, Code::CertUnknownIssuer),
        server("452 queue full: server fine", Manner::QueueFull, BOTH, WORKS),
        server("552 too big: server fine", Manner::Small, BOTH, WORKS),
        server("relay denied: server fine", Manner::NoRelay, BOTH, WORKS),
        server("535 wrong password: server fine", Manner::WrongPassword, BOTH, WORKS),

        way("greeting delay, on the way", Greeting, Act::Late(3000), CLEAR, slow(Greeting)),
        way("handshake delay, on the way", Tls, Act::Late(3000), IMPLICIT, slow(Tls)),
        way("1 byte a second: greeting", Greeting, Act::Drip(1000), CLEAR, fails(Greeting, Code::ReplyTimeout)),
        way("1 byte a second: EHLO", Ehlo, Act::Drip(1000), CLEAR, fails(Ehlo, Code::ReplyTimeout)),
        way("tarpit: greeting", Greeting, Act::Silence, CLEAR, fails(Greeting, Code::ReplyTimeout)),
        way("tarpit: EHLO", Ehlo, Act::Silence, CLEAR, fails(Ehlo, Code::ReplyTimeout)),
        way("tarpit: STARTTLS", Starttls, Act::Silence, CLEAR, fails(Starttls, Code::ReplyTimeout)),
        way("tarpit: handshake", Tls, Act::Silence, BOTH, fails(Tls, Code::TlsTimeout)),
        way("cut: greeting", Greeting, Act::Cut, CLEAR, fails(Greeting, Code::ReplyClosed)),
        way("cut: EHLO", Ehlo, Act::Cut, CLEAR, fails(Ehlo, Code::ReplyClosed)),
        way("cut: STARTTLS", Starttls, Act::Cut, CLEAR, fails(Starttls, Code::ReplyClosed)),
        way("cut: handshake", Tls, Act::Cut, BOTH, fails(Tls, Code::TlsClosed)),
        way("broken: greeting", Greeting, Act::Reset, CLEAR, fails(Greeting, Code::ReplyReset)),
        way("broken: EHLO", Ehlo, Act::Reset, CLEAR, fails(Ehlo, Code::ReplyReset)),
        way("broken: STARTTLS", Starttls, Act::Reset, CLEAR, fails(Starttls, Code::ReplyReset)),
        way("broken: handshake", Tls, Act::Reset, BOTH, fails(Tls, Code::TlsClosed)),
        way("STARTTLS stripped", Ehlo, Act::Strip("STARTTLS"), CLEAR, fails(Starttls, Code::StarttlsNotOffered)),
        way("STARTTLS answered 454 on the way", Starttls, Act::Say("454 4.7.0 TLS not available\r\n"), CLEAR, refused(Starttls, Code::ReplyBusy, 454)),
        way("STARTTLS answered 502 on the way", Starttls, Act::Say("502 5.5.1 what\r\n"), CLEAR, refused(Starttls, Code::ReplyRejected, 502)),
        way("STARTTLS injection", Starttls, Act::Append("250 AUTH PLAIN\r\n"), CLEAR, refused(Starttls, Code::StarttlsInjected, 220)),
        way("endless 250-", Ehlo, Act::Endless("250-more\r\n"), CLEAR, fails(Ehlo, Code::ReplyTooLong)),
        way("endless line", Greeting, Act::Endless("220 more and more"), CLEAR, fails(Greeting, Code::ReplyTooLong)),
        way("HTML greeting: a page", Greeting, Act::Say(PAGE), CLEAR, fails(Greeting, Code::ReplyHtml)),
        way("HTML greeting: a redirection", Greeting, Act::Say(REDIRECT), CLEAR, fails(Greeting, Code::ReplyHtml)),
        way("a page instead of a handshake", Tls, Act::Say(PAGE), BOTH, fails(Tls, Code::TlsNotTls)),
        way("another protocol's greeting", Greeting, Act::Say("SSH-2.0-OpenSSH_9.2\r\n"), CLEAR, fails(Greeting, Code::ReplyMalformed)),
        way("450 greeting on the way", Greeting, Act::Say("450 4.3.2 later\r\n"), CLEAR, refused(Greeting, Code::ReplyBusy, 450)),
        way("421 greeting on the way", Greeting, Act::Say("421 4.3.2 later\r\n"), CLEAR, refused(Greeting, Code::ReplyClosing, 421)),
        way("554 greeting on the way", Greeting, Act::Say("554 5.7.1 no\r\n"), CLEAR, refused(Greeting, Code::ReplyRejected, 554)),
    ]
};

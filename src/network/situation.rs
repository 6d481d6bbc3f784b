//! What the verdict depends on, and nothing else: few enough cases to try every one.

use super::{Code, Stage};

/// What stands in the way, as far as the verdict tells such things apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The name does not exist, or has no address.
    NoName,
    /// The name cannot be looked up, or leads to an address no public server has.
    NameLookup,
    /// Nobody answers, or the way there is closed.
    Unreachable,
    /// The connection is refused.
    Refused,
    /// Connected, and then silence or the end.
    Silent,
    /// What answers is no mail server.
    Alien,
    /// The server refuses for good, in the place of a greeting.
    Rejected,
    /// The server has no room now, or closes the channel (421).
    Busy,
    /// Encryption is not offered, not to be had, or tampered with.
    Stripped,
    /// The handshake fails.
    Handshake,
    /// A certificate that nobody here trusts, for another name, or broken.
    Untrusted,
    /// A certificate outside its dates.
    Dates,
    /// The dialogue fails after encryption started.
    Dialogue,
    /// No way to sign in is offered.
    NoSignIn,
}

impl Trouble {
    /// Every one.
    pub const ALL: [Trouble; 14] = [
        Trouble::NoName,
        Trouble::NameLookup,
        Trouble::Unreachable,
        Trouble::Refused,
        Trouble::Silent,
        Trouble::Alien,
        Trouble::Rejected,
        Trouble::Busy,
        Trouble::Stripped,
        Trouble::Handshake,
        Trouble::Untrusted,
        Trouble::Dates,
        Trouble::Dialogue,
        Trouble::NoSignIn,
    ];

    /// The trouble that a failed stage and its code amount to.
    #[must_use]
    pub const fn of(stage: Stage, code: Code) -> Trouble {
        match (stage, code) {
            (Stage::Dns, Code::DnsNotFound | Code::DnsNoAddress) => Trouble::NoName,
            (Stage::Dns, _) => Trouble::NameLookup,
            (Stage::Tcp, Code::TcpRefused) => Trouble::Refused,
            (Stage::Tcp, _) => Trouble::Unreachable,
            (Stage::Greeting | Stage::Ehlo, Code::ReplyRejected) => Trouble::Rejected,
            (Stage::Greeting | Stage::Ehlo, Code::ReplyBusy | Code::ReplyClosing) => Trouble::Busy,
            (
                Stage::Greeting | Stage::Ehlo,
                Code::ReplyHtml | Code::ReplyMalformed | Code::ReplyTooLong,
            ) => Trouble::Alien,
            (Stage::Greeting | Stage::Ehlo, _) => Trouble::Silent,
            (Stage::Starttls, _) => Trouble::Stripped,
            (Stage::Tls, _) => Trouble::Handshake,
            (Stage::Cert, Code::CertExpired | Code::CertNotYetValid) => Trouble::Dates,
            (Stage::Cert, _) => Trouble::Untrusted,
            (Stage::EhloTls, _) => Trouble::Dialogue,
            (Stage::Auth | Stage::Quit, _) => Trouble::NoSignIn,
        }
    }

    /// The stage at which it stops a message; what two vantages must share.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Trouble::NoName | Trouble::NameLookup => Stage::Dns,
            Trouble::Unreachable | Trouble::Refused => Stage::Tcp,
            Trouble::Silent | Trouble::Alien | Trouble::Rejected | Trouble::Busy => Stage::Greeting,
            Trouble::Stripped => Stage::Starttls,
            Trouble::Handshake => Stage::Tls,
            Trouble::Untrusted | Trouble::Dates => Stage::Cert,
            Trouble::Dialogue => Stage::EhloTls,
            Trouble::NoSignIn => Stage::Auth,
        }
    }

    /// Whether it is about the name.
    #[must_use]
    pub const fn of_name(self) -> bool {
        matches!(self, Trouble::NoName | Trouble::NameLookup)
    }
}

/// What became of the server's IPv6 addresses where IPv4 works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ipv6 {
    /// They work.
    Fine,
    /// They fail.
    Broken,
    /// There are none, or this vantage has no IPv6.
    Untested,
}

/// What the user's computer saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// No report.
    Absent,
    /// A report in which nothing could be tested.
    Untested,
    /// The submission port works.
    Works {
        /// And over IPv6?
        ipv6: Ipv6,
        /// Mozilla's roots vouch for the certificate too, not this system's alone.
        genuine: bool,
    },
    /// 587 fails, 465 works.
    OtherPort,
    /// Some addresses of one family work and some do not.
    Patchy,
    /// It does not work.
    Fails(Trouble),
}

/// How many public vantages stand behind a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// One network, or seen only once.
    Weak,
    /// Two networks, each twice at least ten seconds apart.
    Two,
    /// Three or more, with at most one that saw otherwise.
    Three,
}

/// What the public vantages saw. A vantage whose canary failed has no say about failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// No report.
    Absent,
    /// None could test.
    Untested,
    /// It works.
    Works {
        /// And over IPv6?
        ipv6: Ipv6,
        /// The very certificate that the user's computer found outside its dates is valid there.
        same_certificate: bool,
    },
    /// Some vantages or addresses work and some do not.
    Split,
    /// It fails, for most in this way.
    Fails(Trouble, Weight),
}

/// Whether other large providers can be reached from here on the submission port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Too few could be looked at.
    Untested,
    /// At least one greets.
    Works,
    /// None of two or more does.
    Fails,
}

/// The user's clock against a trusted server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Not measured.
    Unknown,
    /// Near enough for certificates.
    Right,
    /// Off by more than a certificate forgives.
    Wrong,
}

/// Whether a captive portal answers in place of the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// Not measured.
    Unknown,
    /// None.
    No,
    /// One does.
    Yes,
}

/// All of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The user's computer.
    pub here: Here,
    /// The public vantages.
    pub there: There,
    /// The user's other providers.
    pub control: Control,
    /// The user's clock.
    pub clock: Clock,
    /// The user's network.
    pub portal: Portal,
}

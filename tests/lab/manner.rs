//! How a server is set up: well, or with one thing wrong that servers really have wrong.

/// The certificate it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Good,
    Expired,
    NotYetValid,
    WrongName,
    /// Its issuer's own certificate is not sent along.
    Incomplete,
    /// As `openssl req -x509` makes it: an authority of its own.
    SelfSigned,
    /// By somebody nobody knows.
    Stranger,
}

impl Paper {
    pub const ALL: [Paper; 7] = [
        Paper::Good,
        Paper::Expired,
        Paper::NotYetValid,
        Paper::WrongName,
        Paper::Incomplete,
        Paper::SelfSigned,
        Paper::Stranger,
    ];

    /// Of its file.
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Nothing is wrong but, maybe, its certificate.
    Shows(Paper),
    /// Offers no encryption.
    NoStarttls,
    /// Offers no way to sign in.
    NoAuth,
    /// Greets late.
    Sleepy,
    /// One connection a client at a time.
    Full,
    /// One connection a client in a while.
    Hasty,
    /// Wants nothing to do with anybody.
    Rejecting,
    /// Offers encryption and then cannot.
    NoTls,
    /// TLS 1.0 at most, and the alert says that this is why (RFC 8446 §6.2, `protocol_version`).
    OldTls,
    /// The same, and the alert says only `handshake_failure`, as GnuTLS does to whoever offers no
    /// cipher that TLS 1.0 knows.
    OldTlsVague,
    /// The same, and there is no alert, as Dovecot does.
    OldTlsMute,
    /// No space for mail.
    QueueFull,
    /// Takes small messages only.
    Small,
    /// Takes nothing for others.
    NoRelay,
    /// Takes no password.
    WrongPassword,
}

impl Manner {
    pub const GOOD: Manner = Manner::Shows(Paper::Good);

    pub const ALL: [Manner; 21] = [
        Manner::GOOD,
        Manner::Shows(Paper::Expired),
        Manner::Shows(Paper::NotYetValid),
        Manner::Shows(Paper::WrongName),
        Manner::Shows(Paper::Incomplete),
        Manner::Shows(Paper::SelfSigned),
        Manner::Shows(Paper::Stranger),
        Manner::NoStarttls,
        Manner::NoAuth,
        Manner::Sleepy,
        Manner::Full,
        Manner::Hasty,
        Manner::Rejecting,
        Manner::NoTls,
        Manner::OldTls,
        Manner::OldTlsVague,
        Manner::OldTlsMute,
        Manner::QueueFull,
        Manner::Small,
        Manner::NoRelay,
        Manner::WrongPassword,
    ];

    /// Its place among all.
    pub fn number(self) -> u16 {
        (0..).zip(Manner::ALL).find(|(_, it)| *it == self).map_or(0, |(number, _)| number)
    }

    pub fn paper(self) -> Paper {
        if let Manner::Shows(paper) = self { paper } else { Paper::Good }
    }

    /// What a mail app would say and hear where the probe never goes: proof that the fault is
    /// there. The last reply counts.
    pub fn proof(self) -> Option<(&'static [&'static str], &'static [u16])> {
        match self {
            Manner::QueueFull => Some((&["MAIL FROM:<me@smtp.test>"], &[452])),
            Manner::Small => Some((&["MAIL FROM:<me@smtp.test> SIZE=90000000"], &[552])),
            Manner::NoRelay => {
                Some((&["MAIL FROM:<me@smtp.test>", "RCPT TO:<you@elsewhere.test>"], &[550, 554]))
            }
            Manner::WrongPassword => Some((&["AUTH PLAIN AG1lAHdyb25n"], &[535])),
            _ => None,
        }
    }
}

//! The truth table: every situation has exactly one verdict.

use super::keyed::keyed;
use super::{Clock, Control, Here, Ipv6, Portal, Situation, There, Trouble, Weight};

keyed! {
    /// Is it them, or is it me?
    pub enum Verdict {
        /// Network and server are fine from here and from outside: password, account or message.
        Works = "works",
        /// It works from here; nothing is said about others.
        WorksHere = "works-here",
        /// 587 does not work here, 465 does.
        UseOtherPort = "use-other-port",
        /// This network lets nobody out on this port.
        PortBlocked = "port-blocked",
        /// Others are reached on this port, this provider is not: a list of allowed providers, or
        /// a ban of this address.
        BlockedOnTheWay = "blocked-on-the-way",
        /// The server works from outside and not from here; why, these measurements do not tell.
        NotFromHere = "not-from-here",
        /// Refused here only: security software, or a block.
        Refused = "refused",
        /// Two networks saw it fail at the same stage, twice.
        ProbableOutage = "probable-outage",
        /// Three or more did, with at most one that saw otherwise.
        Outage = "outage",
        /// Seen to fail, and not enough to say why.
        Undecided = "undecided",
        /// Some addresses or vantages work and some do not.
        Partial = "partial",
        /// The server works from outside; this network was not tested.
        ServerUp = "server-up",
        /// The name is found from outside and not from here: DNS or VPN.
        NameFailsHere = "name-fails-here",
        /// The name is found nowhere.
        WrongName = "wrong-name",
        /// Encryption is offered outside and taken away here: send no password.
        EncryptionStripped = "encryption-stripped",
        /// Somebody here answers with a certificate of their own: antivirus or proxy.
        Intercepted = "intercepted",
        /// The certificate is valid; this computer's clock is wrong.
        ClockWrong = "clock-wrong",
        /// The server's IPv6 addresses fail for everyone.
        Ipv6AtProvider = "ipv6-at-provider",
        /// The server's IPv6 addresses fail from here only.
        Ipv6AtYou = "ipv6-at-you",
        /// The server refuses this network's address.
        AddressRefused = "address-refused",
        /// The server says, here and outside, that it has no room.
        Overloaded = "overloaded",
        /// A captive portal or something else answers in the server's place.
        Hijacked = "hijacked",
        /// Nobody could look.
        CouldNotTest = "could-not-test",
    } else Undecided
}

keyed! {
    /// Whose side it is on.
    pub enum Side {
        /// Nobody's: the line is fine.
        Fine = "fine",
        /// Not theirs; from outside alone, the user's is not known.
        NotThem = "not-them",
        /// The provider's.
        Them = "them",
        /// The user's.
        Here = "here",
        /// Not known.
        Unclear = "unclear",
    } else Unclear
}

impl Verdict {
    /// Whose side it is on.
    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Verdict::Works | Verdict::WorksHere => Side::Fine,
            Verdict::ServerUp => Side::NotThem,
            Verdict::ProbableOutage
            | Verdict::Outage
            | Verdict::Overloaded
            | Verdict::Ipv6AtProvider => Side::Them,
            Verdict::Undecided | Verdict::Partial | Verdict::WrongName | Verdict::CouldNotTest => {
                Side::Unclear
            }
            Verdict::UseOtherPort
            | Verdict::PortBlocked
            | Verdict::BlockedOnTheWay
            | Verdict::NotFromHere
            | Verdict::Refused
            | Verdict::NameFailsHere
            | Verdict::EncryptionStripped
            | Verdict::Intercepted
            | Verdict::ClockWrong
            | Verdict::Ipv6AtYou
            | Verdict::AddressRefused
            | Verdict::Hijacked => Side::Here,
        }
    }

    /// Whether it says that the provider is down.
    #[must_use]
    pub const fn blames_provider(self) -> bool {
        matches!(self, Verdict::ProbableOutage | Verdict::Outage | Verdict::Overloaded)
    }
}

impl Situation {
    /// What follows.
    ///
    /// ```
    /// use outbox_doctor::network::*;
    /// let one_vantage = Situation {
    ///     here: Here::Fails(Trouble::Unreachable),
    ///     there: There::Absent,
    ///     control: Control::Works,
    ///     clock: Clock::Unknown,
    ///     portal: Portal::Unknown,
    /// };
    /// assert_eq!(one_vantage.verdict(), Verdict::Undecided);
    /// ```
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.here {
            Here::Works { ipv6, genuine } => self.works_here(ipv6, genuine),
            Here::Patchy => Verdict::Partial,
            Here::OtherPort => match self.there {
                There::Split => Verdict::Partial,
                _ => Verdict::UseOtherPort,
            },
            Here::Absent => self.outside(),
            Here::Untested => match self.portal {
                Portal::Yes => Verdict::Hijacked,
                Portal::No | Portal::Unknown => self.outside(),
            },
            Here::Fails(trouble) => match self.portal {
                Portal::Yes => Verdict::Hijacked,
                Portal::No | Portal::Unknown => self.fails_here(trouble),
            },
        }
    }

    fn works_here(&self, ipv6: Ipv6, genuine: bool) -> Verdict {
        match self.there {
            There::Split => Verdict::Partial,
            There::Absent | There::Untested | There::Fails(..) => Verdict::WorksHere,
            There::Works { .. } if !genuine => Verdict::Intercepted,
            There::Works { ipv6: theirs, .. } => match (ipv6, theirs) {
                (Ipv6::Broken, Ipv6::Broken) => Verdict::Ipv6AtProvider,
                (Ipv6::Broken, Ipv6::Fine) => Verdict::Ipv6AtYou,
                _ => Verdict::Works,
            },
        }
    }

    fn outside(&self) -> Verdict {
        match self.there {
            There::Absent | There::Untested => Verdict::CouldNotTest,
            There::Works { .. } => Verdict::ServerUp,
            There::Split => Verdict::Partial,
            There::Fails(_, Weight::Weak) => Verdict::Undecided,
            There::Fails(Trouble::NoName, _) => Verdict::WrongName,
            There::Fails(Trouble::Busy, _) => Verdict::Overloaded,
            There::Fails(_, Weight::Two) => Verdict::ProbableOutage,
            There::Fails(_, Weight::Three) => Verdict::Outage,
        }
    }

    fn fails_here(&self, trouble: Trouble) -> Verdict {
        match self.there {
            There::Split => Verdict::Partial,
            There::Works { same_certificate, .. } => {
                self.fails_only_here(trouble, same_certificate)
            }
            There::Fails(theirs, _) => self.fails_everywhere(trouble, theirs),
            There::Absent | There::Untested => self.fails_alone(trouble),
        }
    }

    fn fails_only_here(&self, trouble: Trouble, same_certificate: bool) -> Verdict {
        match trouble {
            Trouble::NoName | Trouble::NameLookup => Verdict::NameFailsHere,
            Trouble::Refused => Verdict::Refused,
            Trouble::Alien => Verdict::Hijacked,
            Trouble::Rejected | Trouble::Busy => Verdict::AddressRefused,
            Trouble::Stripped => Verdict::EncryptionStripped,
            Trouble::Untrusted => Verdict::Intercepted,
            Trouble::Dates => self.dates_only_here(same_certificate),
            Trouble::Unreachable => match self.control {
                Control::Fails => Verdict::PortBlocked,
                Control::Works => Verdict::BlockedOnTheWay,
                Control::Untested => Verdict::NotFromHere,
            },
            Trouble::Silent | Trouble::Handshake | Trouble::Dialogue | Trouble::NoSignIn => {
                match self.control {
                    Control::Works => Verdict::BlockedOnTheWay,
                    Control::Fails | Control::Untested => Verdict::NotFromHere,
                }
            }
        }
    }

    /// Either the clock was measured, or the same certificate is valid by another clock.
    fn dates_only_here(&self, same_certificate: bool) -> Verdict {
        match (self.clock, same_certificate) {
            (Clock::Wrong, _) | (Clock::Unknown, true) => Verdict::ClockWrong,
            (Clock::Right, _) | (Clock::Unknown, false) => Verdict::NotFromHere,
        }
    }

    fn fails_everywhere(&self, ours: Trouble, theirs: Trouble) -> Verdict {
        match (ours, theirs) {
            (Trouble::NoName, Trouble::NoName) => return Verdict::WrongName,
            // the server's own words, in two networks
            (Trouble::Busy, Trouble::Busy) => return Verdict::Overloaded,
            _ => {}
        }
        // without any name, this computer has not tested anything
        if ours.of_name() && !matches!(self.control, Control::Works) {
            return self.outside();
        }
        if ours.stage() == theirs.stage() { self.outside() } else { Verdict::Undecided }
    }

    fn fails_alone(&self, trouble: Trouble) -> Verdict {
        match (trouble, self.control) {
            (Trouble::NoName | Trouble::NameLookup, Control::Untested | Control::Fails) => {
                Verdict::CouldNotTest
            }
            // the other providers are the second opinion
            (Trouble::Unreachable, Control::Fails) => Verdict::PortBlocked,
            // other hosts' clocks are
            (Trouble::Dates, _) if self.clock == Clock::Wrong => Verdict::ClockWrong,
            _ => Verdict::Undecided,
        }
    }
}

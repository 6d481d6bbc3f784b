//! One report as a whole: does the provider's server work from there?

use super::distinct::distinct;
use super::{Code, Family, Here, Ipv6, Outcome, Report, Stage, Target, Trouble};

/// Where mail is handed in (RFC 6409 §3.1).
pub const SUBMISSION: u16 = 587;
/// The same with implicit TLS (RFC 8314 §3.3).
pub const SUBMISSIONS: u16 = 465;

/// What a vantage saw of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing could be tested.
    Untested,
    /// The submission port works.
    Works {
        /// And over IPv6?
        ipv6: Ipv6,
        /// Mozilla's roots vouch for the certificate too.
        genuine: bool,
    },
    /// Only the other port works.
    OtherPort,
    /// Some addresses work.
    Patchy,
    /// It fails; the way that came furthest fails so.
    Fails(Stage, Code),
}

impl Standing {
    /// The same as part of a situation.
    #[must_use]
    pub const fn here(self) -> Here {
        match self {
            Standing::Untested => Here::Untested,
            Standing::Works { ipv6, genuine } => Here::Works { ipv6, genuine },
            Standing::OtherPort => Here::OtherPort,
            Standing::Patchy => Here::Patchy,
            Standing::Fails(stage, code) => Here::Fails(Trouble::of(stage, code)),
        }
    }
}

/// What a report says as a whole. Port 25 has no part in it: mail apps do not hand in there.
#[must_use]
pub fn standing(report: &Report) -> Standing {
    let first = port(report, SUBMISSION);
    let other = port(report, SUBMISSIONS);
    let other_works = matches!(other, Standing::Works { .. } | Standing::Patchy);
    match first {
        Standing::Fails(..) if other_works => Standing::OtherPort,
        // some providers have the one port only
        Standing::Untested if of_port(report, SUBMISSION).next().is_none() => other,
        _ => first,
    }
}

fn of_port(report: &Report, port: u16) -> impl Iterator<Item = &Target> {
    report.targets.iter().filter(move |it| it.port == port)
}

fn port(report: &Report, port: u16) -> Standing {
    let places = distinct(of_port(report, port).map(|it| (it.host.as_str(), it.address)));
    let at = |place: &(&str, Option<core::net::IpAddr>)| {
        let ways = of_port(report, port).filter(|it| (it.host.as_str(), it.address) == *place);
        address(&ways.collect::<Vec<_>>())
    };
    let tested: Vec<Place<'_>> = places.iter().filter_map(at).collect();
    summed_up(&tested)
}

/// One address, with the way that came furthest.
struct Place<'a> {
    works: bool,
    best: &'a Target,
}

/// A server speaks one mode on a port, so one that works is enough; it fails if all do.
fn address<'a>(ways: &[&'a Target]) -> Option<Place<'a>> {
    if let Some(best) = ways.iter().find(|it| it.outcome() == Outcome::Works) {
        return Some(Place { works: true, best });
    }
    let unknown = ways.iter().any(|it| it.outcome() == Outcome::Untested);
    let best = furthest(ways.iter().copied())?;
    (!unknown).then_some(Place { works: false, best })
}

/// The first of those that passed most stages.
fn furthest<'a>(targets: impl Iterator<Item = &'a Target>) -> Option<&'a Target> {
    targets.fold(None, |best: Option<&Target>, it| match best {
        Some(best) if best.passed() >= it.passed() => Some(best),
        _ => Some(it),
    })
}

fn summed_up(tested: &[Place<'_>]) -> Standing {
    let family = |it: &&Place<'_>, wanted| it.best.family == Some(wanted);
    let of = |wanted| tested.iter().filter(move |it| family(it, wanted));
    let fails = tested.iter().filter(|it| !it.works).count();
    if tested.is_empty() {
        return Standing::Untested;
    }
    if fails == tested.len() {
        return failure(tested);
    }
    let has_v6 = of(Family::V6).next().is_some();
    let ipv6 = match (fails, has_v6) {
        (0, true) => Ipv6::Fine,
        (0, false) => Ipv6::Untested,
        _ if of(Family::V4).all(|it| it.works) && of(Family::V6).all(|it| !it.works) => {
            Ipv6::Broken
        }
        _ => return Standing::Patchy,
    };
    Standing::Works {
        ipv6,
        genuine: tested.iter().filter(|it| it.works).all(|it| genuine(it.best)),
    }
}

fn failure(tested: &[Place<'_>]) -> Standing {
    match furthest(tested.iter().map(|it| it.best)).map(Target::outcome) {
        Some(Outcome::Fails(stage, code)) => Standing::Fails(stage, code),
        Some(Outcome::Works | Outcome::Untested) | None => Standing::Untested,
    }
}

fn genuine(target: &Target) -> bool {
    target.at(Stage::Cert).is_none_or(|it| it.code != Some(Code::CertOnlyHere))
}

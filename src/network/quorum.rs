//! What several public vantages say together.
//!
//! A failure counts only from a vantage whose canary shows that it gets out on the port, and only
//! once a second look, ten seconds or more apart, saw the same stage fail. Networks are counted,
//! not vantages: two probes behind one router are one witness. (Let's Encrypt's multi-perspective
//! validation counts likewise: a quorum from at least two registries, at most one dissent.)

use super::distinct::distinct;
use super::report::Kind;
use super::standing::{SUBMISSION, Standing, standing};
use super::{Code, Egress, Ipv6, Report, Stage, There, Trouble, Weight};

/// Two looks must lie so many seconds apart.
pub const APART: i64 = 10;

/// One public vantage with its newest report.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'a> {
    /// Its newest report.
    pub report: &'a Report,
    /// What that says.
    pub standing: Standing,
    /// An earlier report says that the same stage failed.
    pub twice: bool,
    /// Whether it gets out on the submission port.
    pub canary: Egress,
}

impl Witness<'_> {
    /// Stage and code of a failure that counts at all.
    #[must_use]
    pub fn failure(&self) -> Option<(Stage, Code)> {
        match (self.standing, self.canary) {
            (Standing::Fails(stage, code), Egress::Ok) => Some((stage, code)),
            _ => None,
        }
    }
}

/// The newest report of each public vantage, in the order of their ids.
#[must_use]
pub fn witnesses(reports: &[Report]) -> Vec<Witness<'_>> {
    let public = || reports.iter().filter(|it| it.vantage.kind == Kind::Public);
    let ids = distinct(public().map(|it| it.vantage.id.as_str()));
    let of_one = |id: &str| public().filter(|it| it.vantage.id == id).collect::<Vec<_>>();
    ids.into_iter().filter_map(|id| witness(&of_one(id))).collect()
}

fn witness<'a>(reports: &[&'a Report]) -> Option<Witness<'a>> {
    let report = *reports.iter().max_by_key(|it| it.finished)?;
    let now = standing(report);
    let twice = reports.iter().any(|earlier| {
        report.finished.since(earlier.finished) >= APART && same_failure(now, standing(earlier))
    });
    let canary = report.vantage.egress.get(&SUBMISSION).copied().unwrap_or(Egress::Unknown);
    Some(Witness { report, standing: now, twice, canary })
}

fn same_failure(one: Standing, other: Standing) -> bool {
    match (one, other) {
        (Standing::Fails(one, _), Standing::Fails(other, _)) => one == other,
        _ => false,
    }
}

/// What they say together. `ours` are the prints of certificates found outside their dates here.
#[must_use]
pub fn there(witnesses: &[Witness<'_>], ours: &[&str]) -> There {
    if witnesses.is_empty() {
        return There::Absent;
    }
    if witnesses.iter().any(|it| matches!(it.standing, Standing::Patchy | Standing::OtherPort)) {
        return There::Split;
    }
    let working = || witnesses.iter().filter(|it| matches!(it.standing, Standing::Works { .. }));
    let (good, bad) = (working().count(), networks(witnesses, |it| it.failure().is_some()));
    match (good, main_trouble(witnesses)) {
        (0, None) => There::Untested,
        (0, Some(trouble)) => There::Fails(trouble, weight(witnesses, trouble, good)),
        (_, None) => works(working(), ours),
        (3.., Some(_)) if bad <= 1 => works(working(), ours),
        (1, Some(trouble)) if weight(witnesses, trouble, good) == Weight::Three => {
            There::Fails(trouble, Weight::Three)
        }
        _ => There::Split,
    }
}

fn works<'a>(working: impl Iterator<Item = &'a Witness<'a>>, ours: &[&str]) -> There {
    let (mut ipv6, mut same_certificate) = (Ipv6::Untested, false);
    for it in working {
        ipv6 = match (it.standing, ipv6) {
            (Standing::Works { ipv6: Ipv6::Fine, .. }, _) => Ipv6::Fine,
            (Standing::Works { ipv6: Ipv6::Broken, .. }, Ipv6::Untested) => Ipv6::Broken,
            _ => ipv6,
        };
        same_certificate |= prints(it.report).any(|print| ours.contains(&print));
    }
    There::Works { ipv6, same_certificate }
}

/// The servers' own certificates in a report.
pub fn prints(report: &Report) -> impl Iterator<Item = &str> {
    let certificates =
        report.targets.iter().filter_map(|it| it.at(Stage::Cert)?.detail.chain.first());
    certificates.map(|it| it.sha256.as_str()).filter(|it| !it.is_empty())
}

/// The trouble at the stage that most networks saw fail; on a tie, the earlier stage.
fn main_trouble(witnesses: &[Witness<'_>]) -> Option<Trouble> {
    let failures = witnesses.iter().filter_map(|it| it.failure());
    let troubles = distinct(failures.map(|(at, why)| Trouble::of(at, why)));
    let backing = |it: &Trouble| {
        let stage = networks(witnesses, |witness| fails_at(witness, it.stage()));
        (stage, networks(witnesses, |witness| fails_so(witness, *it)))
    };
    troubles.into_iter().rev().max_by_key(backing)
}

fn weight(witnesses: &[Witness<'_>], trouble: Trouble, good: usize) -> Weight {
    let stage = trouble.stage();
    let backing = networks(witnesses, |it| it.twice && fails_at(it, stage));
    let elsewhere = witnesses.iter().filter(|it| it.failure().is_some() && !fails_at(it, stage));
    match backing {
        0 | 1 => Weight::Weak,
        3.. if elsewhere.count() + good <= 1 => Weight::Three,
        _ => Weight::Two,
    }
}

fn fails_at(witness: &Witness<'_>, stage: Stage) -> bool {
    witness.failure().is_some_and(|(at, why)| Trouble::of(at, why).stage() == stage)
}

fn fails_so(witness: &Witness<'_>, trouble: Trouble) -> bool {
    witness.failure().is_some_and(|(at, why)| Trouble::of(at, why) == trouble)
}

/// How many networks the vantages stand in of which this holds; those that do not say share one.
fn networks(witnesses: &[Witness<'_>], holds: impl Fn(&Witness<'_>) -> bool) -> usize {
    let standing_in = witnesses.iter().filter(|it| holds(it));
    distinct(standing_in.map(|it| it.report.vantage.network.as_str())).len()
}

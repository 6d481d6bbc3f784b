//! The verdict on any number of reports, with everything it rests on as data.

use serde::Serialize;

use super::quorum::{self, Witness};
use super::report::Kind;
use super::standing::{SUBMISSION, SUBMISSIONS, Standing, standing};
use super::{
    Clock, Code, Control, Egress, Here, Ipv6, Mode, Outcome, Portal, Report, Situation, Stage,
    Target, There, Verdict,
};

/// A clock that is off by more than a day makes certificates look invalid; less rarely matters.
const CLOCK_SECONDS: u64 = 86_400;

/// One thing the verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// The submission port works from there.
    Works {
        /// Which vantage.
        vantage: String,
    },
    /// 587 does not, 465 does.
    OtherPort {
        /// Which vantage.
        vantage: String,
    },
    /// Its IPv4 addresses work, its IPv6 addresses do not.
    Ipv6Broken {
        /// Which vantage.
        vantage: String,
    },
    /// Some addresses work.
    Patchy {
        /// Which vantage.
        vantage: String,
    },
    /// It fails.
    Fails {
        /// Which vantage.
        vantage: String,
        /// At which stage.
        stage: Stage,
        /// Why.
        code: Code,
    },
    /// Nothing could be tested there.
    Untested {
        /// Which vantage.
        vantage: String,
    },
    /// Its failure was not seen twice yet, so it does not count for much.
    SeenOnce {
        /// Which vantage.
        vantage: String,
    },
    /// It does not show that it gets out on the port, so its failure does not count.
    NoCanary {
        /// Which vantage.
        vantage: String,
        /// What the canary shows.
        egress: Egress,
    },
    /// What other providers show from here.
    Control {
        /// On which port.
        port: u16,
        /// What they show.
        egress: Egress,
    },
    /// The computer's clock is off.
    ClockAhead {
        /// By so many seconds; negative if it is behind.
        seconds: i64,
    },
    /// A captive portal answers here.
    Portal,
    /// Only this system trusts the certificate.
    OnlyTrustedHere,
}

impl Reason {
    /// The vantage that it is about, if it is about one.
    pub fn vantage_mut(&mut self) -> Option<&mut String> {
        match self {
            Reason::Works { vantage }
            | Reason::OtherPort { vantage }
            | Reason::Ipv6Broken { vantage }
            | Reason::Patchy { vantage }
            | Reason::Fails { vantage, .. }
            | Reason::Untested { vantage }
            | Reason::SeenOnce { vantage }
            | Reason::NoCanary { vantage, .. } => Some(vantage),
            Reason::Control { .. }
            | Reason::ClockAhead { .. }
            | Reason::Portal
            | Reason::OnlyTrustedHere => None,
        }
    }
}

/// What one vantage saw of one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sight {
    /// Which vantage.
    pub vantage: String,
    /// Works, or not, or not tested.
    pub works: Option<bool>,
    /// Where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Milliseconds of all stages.
    pub ms: u64,
}

/// One way at one address, from everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Server name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How encryption starts.
    pub mode: Mode,
    /// Address, if the name gave one.
    pub address: Option<core::net::IpAddr>,
    /// Newest report of each vantage.
    pub sights: Vec<Sight>,
}

/// The verdict and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Is it them, or is it me?
    pub verdict: Verdict,
    /// Where it fails: here if this computer was tested, else outside.
    pub stage: Option<Stage>,
    /// What it rests on, this computer first.
    pub reasons: Vec<Reason>,
    /// Every way at every address.
    pub seen: Vec<Seen>,
}

impl Finding {
    /// Ways that work, as (host, port, mode), best known first: which settings to use.
    #[must_use]
    pub fn working(&self) -> Vec<(&str, u16, Mode)> {
        let mut ways = Vec::new();
        for it in &self.seen {
            let way = (it.host.as_str(), it.port, it.mode);
            let works = it.sights.iter().any(|sight| sight.works == Some(true));
            let for_apps = [SUBMISSION, SUBMISSIONS].contains(&it.port);
            if works && for_apps && !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }
}

/// The verdict on these reports of one provider, in any order; several of one vantage are looks at
/// different times. Whoever calls makes sure that a report which says `public` comes from a public
/// vantage he knows, and leaves out what is too old.
#[must_use]
pub fn verdict(reports: &[Report]) -> Finding {
    let local = newest_local(reports);
    let witnesses = quorum::witnesses(reports);
    let situation = situation(local, &witnesses);
    Finding {
        verdict: situation.verdict(),
        stage: stage(local, &situation),
        reasons: reasons(local, &witnesses),
        seen: seen(local, &witnesses),
    }
}

/// The situation that these reports amount to.
#[must_use]
pub fn situation_of(reports: &[Report]) -> Situation {
    situation(newest_local(reports), &quorum::witnesses(reports))
}

fn newest_local(reports: &[Report]) -> Option<&Report> {
    reports.iter().filter(|it| it.vantage.kind == Kind::Local).max_by_key(|it| it.finished)
}

fn situation(local: Option<&Report>, witnesses: &[Witness<'_>]) -> Situation {
    let ours = local.map(outdated).unwrap_or_default();
    let vantage = local.map(|it| &it.vantage);
    Situation {
        here: local.map_or(Here::Absent, |it| standing(it).here()),
        there: quorum::there(witnesses, &ours),
        control: match vantage.and_then(|it| it.egress.get(&SUBMISSION)) {
            Some(Egress::Ok) => Control::Works,
            Some(Egress::Blocked) => Control::Fails,
            Some(Egress::Unknown) | None => Control::Untested,
        },
        clock: match vantage.and_then(|it| it.clock_ahead) {
            Some(seconds) if seconds.unsigned_abs() >= CLOCK_SECONDS => Clock::Wrong,
            Some(_) => Clock::Right,
            None => Clock::Unknown,
        },
        portal: match vantage.and_then(|it| it.portal) {
            Some(true) => Portal::Yes,
            Some(false) => Portal::No,
            None => Portal::Unknown,
        },
    }
}

/// Prints of the server certificates that were found outside their dates.
fn outdated(report: &Report) -> Vec<&str> {
    let dates = |it: &&Target| {
        let code = it.at(Stage::Cert).and_then(|it| it.code);
        matches!(code, Some(Code::CertExpired | Code::CertNotYetValid))
    };
    let chains = report.targets.iter().filter(dates).filter_map(|it| it.at(Stage::Cert));
    chains.filter_map(|it| it.detail.chain.first()).map(|it| it.sha256.as_str()).collect()
}

fn stage(local: Option<&Report>, situation: &Situation) -> Option<Stage> {
    match (local.map(standing), situation.there) {
        (Some(Standing::Fails(stage, _)), _) => Some(stage),
        (None | Some(Standing::Untested), There::Fails(trouble, _)) => Some(trouble.stage()),
        _ => None,
    }
}

fn reasons(local: Option<&Report>, witnesses: &[Witness<'_>]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Some(report) = local {
        let standing = standing(report);
        reasons.extend(said(report, standing));
        if matches!(standing, Standing::Works { genuine: false, .. }) {
            reasons.push(Reason::OnlyTrustedHere);
        }
        reasons.extend(surroundings(report));
    }
    for it in witnesses {
        reasons.extend(said(it.report, it.standing));
        let vantage = it.report.vantage.id.clone();
        let fails = matches!(it.standing, Standing::Fails(..));
        if fails && it.canary != Egress::Ok {
            reasons.push(Reason::NoCanary { vantage, egress: it.canary });
        } else if fails && !it.twice {
            reasons.push(Reason::SeenOnce { vantage });
        }
    }
    reasons
}

fn said(report: &Report, standing: Standing) -> Vec<Reason> {
    let vantage = report.vantage.id.clone();
    let broken = matches!(standing, Standing::Works { ipv6: Ipv6::Broken, .. });
    let too = broken.then(|| Reason::Ipv6Broken { vantage: vantage.clone() });
    let first = match standing {
        Standing::Untested => Reason::Untested { vantage },
        Standing::Works { .. } => Reason::Works { vantage },
        Standing::OtherPort => Reason::OtherPort { vantage },
        Standing::Patchy => Reason::Patchy { vantage },
        Standing::Fails(stage, code) => Reason::Fails { vantage, stage, code },
    };
    std::iter::once(first).chain(too).collect()
}

fn surroundings(report: &Report) -> Vec<Reason> {
    let vantage = &report.vantage;
    // the verdict rests on this port alone
    let control = vantage.egress.get(&SUBMISSION);
    let control = control.map(|egress| Reason::Control { port: SUBMISSION, egress: *egress });
    let mut reasons: Vec<Reason> = control.into_iter().collect();
    let off = vantage.clock_ahead.filter(|it| it.unsigned_abs() >= CLOCK_SECONDS);
    reasons.extend(off.map(|seconds| Reason::ClockAhead { seconds }));
    reasons.extend((vantage.portal == Some(true)).then_some(Reason::Portal));
    reasons
}

fn seen(local: Option<&Report>, witnesses: &[Witness<'_>]) -> Vec<Seen> {
    let mut ways: Vec<Seen> = Vec::new();
    for report in local.into_iter().chain(witnesses.iter().map(|it| it.report)) {
        for target in &report.targets {
            let sight = sight(report, target);
            match ways.iter_mut().find(|it| same_way(it, target)) {
                Some(way) => way.sights.push(sight),
                None => ways.push(Seen {
                    host: target.host.clone(),
                    port: target.port,
                    mode: target.mode,
                    address: target.address,
                    sights: vec![sight],
                }),
            }
        }
    }
    ways
}

fn same_way(way: &Seen, target: &Target) -> bool {
    (way.host.as_str(), way.port, way.mode, way.address)
        == (target.host.as_str(), target.port, target.mode, target.address)
}

fn sight(report: &Report, target: &Target) -> Sight {
    let (works, stage, code) = match target.outcome() {
        Outcome::Works => (Some(true), None, None),
        Outcome::Untested => (None, None, None),
        Outcome::Fails(stage, code) => (Some(false), Some(stage), Some(code)),
    };
    let ms = target.stages.iter().map(|it| u64::from(it.ms)).sum();
    Sight { vantage: report.vantage.id.clone(), works, stage, code, ms }
}

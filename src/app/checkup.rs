//! The network check while it runs: who is asked, and what they have told so far. It is no part of
//! the case; what comes of it goes there as reports.

use std::rc::Rc;

use yew::Reducible;

use super::past::ServerPast;
use crate::network::{Event, Finding, Kind, Progress, Report, Site, Target, Vantage, verdict};

/// A probe that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// For people; also tells its reports from others'.
    pub name: String,
    /// Where it answers; empty for the page's own origin.
    pub origin: String,
    /// The program on the user's own computer, which serves this page.
    pub local: bool,
}

impl From<Site> for Probe {
    fn from(site: Site) -> Probe {
        Probe { name: site.name, origin: site.origin, local: false }
    }
}

/// A provider that probes can look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Id in the catalogue.
    pub id: String,
    /// Its address domains.
    pub domains: Vec<String>,
}

/// How asking one probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With a whole report.
    Whole,
    /// Cut off; what was seen is kept.
    Partial,
    /// The device is offline, so it was not asked.
    Offline,
    /// No connection: a network, an extension or a permission.
    Unreachable,
    /// No answer in time.
    Slow,
    /// It has too much to do, or was asked too often.
    Busy,
    /// Its answer is none of ours.
    Unreadable,
}

impl Ended {
    /// In wording keys.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Ended::Whole => "whole",
            Ended::Partial => "partial",
            Ended::Offline => "offline",
            Ended::Unreachable => "unreachable",
            Ended::Slow => "slow",
            Ended::Busy => "busy",
            Ended::Unreadable => "unreadable",
        }
    }
}

/// What a probe tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// All it knows: at first what is old or partial, at last the whole.
    Report(Box<Report>),
    /// What happens.
    Event(Event),
}

/// One probe being asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Which.
    pub probe: Probe,
    /// None while it is under way.
    pub ended: Option<Ended>,
    progress: Progress,
    vantage: Option<Vantage>,
    known: Option<Report>,
}

impl Look {
    fn new(probe: &Probe) -> Look {
        Look {
            probe: probe.clone(),
            ended: None,
            progress: Progress::default(),
            vantage: None,
            known: None,
        }
    }

    /// The way as far as it is known.
    #[must_use]
    pub fn targets(&self) -> Vec<Target> {
        match &self.known {
            Some(report) if self.ended == Some(Ended::Whole) => report.targets.clone(),
            _ => self.progress.own().map(|(_, it)| it.clone()).collect(),
        }
    }

    /// Ways that are over, and all of them.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let over = self.progress.own().filter(|(number, _)| self.progress.is_over(*number));
        (over.count(), self.progress.own().count())
    }

    /// What it amounts to now. A look that was cut off says what it saw; its failures that it did
    /// not see to the end count as not tested.
    #[must_use]
    pub fn report(&self, provider: &str) -> Option<Report> {
        let seen = self.progress.own().next().is_some();
        match (&self.known, &self.vantage) {
            (Some(report), _) if self.ended == Some(Ended::Whole) || !seen => {
                (!report.targets.is_empty()).then(|| report.clone())
            }
            (_, Some(vantage)) if seen => Some(self.progress.report(vantage.clone(), provider)),
            _ => None,
        }
    }

    /// A report of another provider or another kind of place is none of ours. Whoever is asked gives
    /// the name, so that no two probes are taken for one.
    fn hear(&mut self, told: Told, provider: &str) {
        match told {
            Told::Event(event) => self.progress.apply(event),
            Told::Report(mut report) => {
                let kind = if self.probe.local { Kind::Local } else { Kind::Public };
                if report.provider != provider || report.vantage.kind != kind {
                    self.ended = Some(Ended::Unreadable);
                    return;
                }
                if !self.probe.local {
                    report.vantage.id.clone_from(&self.probe.name);
                }
                self.vantage = Some(report.vantage.clone());
                self.known = Some(*report);
            }
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Which provider is looked at.
    pub provider: String,
    /// By every probe there is.
    pub looks: Vec<Look>,
    /// It takes longer than usual.
    pub late: bool,
}

impl Run {
    /// Whether nothing more comes.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.looks.iter().all(|it| it.ended.is_some())
    }

    /// What came of it so far.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        self.looks.iter().filter_map(|it| it.report(&self.provider)).collect()
    }

    /// What follows from it so far.
    #[must_use]
    pub fn finding(&self) -> Finding {
        verdict(&self.reports())
    }
}

/// Everything about checking that is not the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkup {
    /// Who can be asked.
    pub probes: Vec<Probe>,
    /// What can be looked at, where a probe said so.
    pub offers: Vec<Offer>,
    /// The provider that was chosen; empty if none was.
    pub provider: String,
    /// The check under way, or the last one.
    pub run: Option<Run>,
    /// How many checks were begun.
    pub number: u32,
    /// Each server's past, by probe.
    pub pasts: Vec<(String, Vec<ServerPast>)>,
}

/// What happens to a check.
pub enum Note {
    /// The page is served by the program on this computer, which can look at these, and so can
    /// these others; if it names none, those of the build can.
    Local(Vec<Offer>, Vec<Probe>),
    /// A provider was chosen.
    Choose(String),
    /// A check of a provider begins.
    Begin(String),
    /// A probe tells something: number of the check, number of the probe.
    Heard(u32, usize, Told),
    /// A probe tells nothing more.
    Ended(u32, usize, Ended),
    /// A check takes longer than usual.
    Late(u32),
    /// The user does not wait for the rest.
    Enough,
    /// What a probe saw before.
    Past(u32, String, Vec<ServerPast>),
}

impl Checkup {
    /// With these public probes.
    #[must_use]
    pub fn new(probes: Vec<Probe>) -> Checkup {
        Checkup { probes, ..Checkup::default() }
    }

    /// The check that is under way.
    #[must_use]
    pub fn running(&self) -> Option<&Run> {
        self.run.as_ref().filter(|it| !it.is_over())
    }

    fn look(&mut self, run: u32, at: usize) -> Option<(&mut Look, &str)> {
        let current = self.run.as_mut().filter(|_| run == self.number)?;
        let look = current.looks.get_mut(at).filter(|it| it.ended.is_none())?;
        Some((look, &current.provider))
    }

    fn take(&mut self, note: Note) {
        match note {
            Note::Local(offers, outside) => {
                self.offers = offers;
                self.probes.retain(|it| !it.local && outside.is_empty());
                self.probes.extend(outside);
                let (name, origin) = (String::new(), String::new());
                self.probes.insert(0, Probe { name, origin, local: true });
            }
            Note::Choose(provider) => self.provider = provider,
            Note::Begin(provider) => {
                self.number += 1;
                self.pasts.clear();
                self.provider.clone_from(&provider);
                let looks = self.probes.iter().map(Look::new).collect();
                self.run = Some(Run { provider, looks, late: false });
            }
            Note::Heard(run, at, told) => {
                if let Some((look, provider)) = self.look(run, at) {
                    look.hear(told, provider);
                }
            }
            Note::Ended(run, at, how) => {
                if let Some((look, _)) = self.look(run, at) {
                    look.end(how);
                }
            }
            Note::Late(run) if run == self.number => {
                self.run.iter_mut().for_each(|it| it.late = true);
            }
            Note::Enough => {
                let looks = self.run.iter_mut().flat_map(|it| &mut it.looks);
                looks.filter(|it| it.ended.is_none()).for_each(|it| it.end(Ended::Slow));
            }
            Note::Past(run, name, past) if run == self.number => self.pasts.push((name, past)),
            Note::Late(_) | Note::Past(..) => {}
        }
    }
}

impl Look {
    /// A look that was cut off and saw something is partial.
    fn end(&mut self, how: Ended) {
        let old = self.known.as_ref().is_some_and(|it| !it.targets.is_empty());
        let saw = old || (self.progress.own().next().is_some() && self.vantage.is_some());
        let cut = matches!(how, Ended::Slow | Ended::Unreachable | Ended::Unreadable);
        self.ended = Some(if cut && saw { Ended::Partial } else { how });
    }
}

impl Reducible for Checkup {
    type Action = Note;

    fn reduce(self: Rc<Self>, note: Note) -> Rc<Self> {
        let mut checkup = (*self).clone();
        checkup.take(note);
        Rc::new(checkup)
    }
}

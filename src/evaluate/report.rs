//! Scores of many cases, as text and as JSON.

use std::fmt;

use serde::Serialize;

use crate::evaluate::baseline::follow_guide;
use crate::evaluate::case::Case;
use crate::evaluate::guided::{Intake, Outcome, guide};
use crate::knowledge::Knowledge;

/// How sessions went: shares of one, counts per session, minutes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Share solved before contacting support.
    pub solved: f64,
    /// Repairs tried in solved sessions, the one that worked included.
    pub repairs_mean: f64,
    /// Its median.
    pub repairs_median: f64,
    /// Its 90th percentile.
    pub repairs_p90: f64,
    /// Questions asked, all sessions.
    pub questions_mean: f64,
    /// The user's minutes, all sessions.
    pub minutes_mean: f64,
    /// Its median.
    pub minutes_median: f64,
}

impl Scores {
    fn of(outcomes: &[Outcome]) -> Scores {
        let solved: Vec<&Outcome> = outcomes.iter().filter(|it| it.solved).collect();
        let repairs = sorted(solved.iter().map(|it| count(it.repairs)));
        let minutes = sorted(outcomes.iter().map(|it| it.seconds / 60.0));
        Scores {
            solved: count(solved.len()) / count(outcomes.len()).max(1.0),
            repairs_mean: mean(&repairs),
            repairs_median: quantile(&repairs, 0.5),
            repairs_p90: quantile(&repairs, 0.9),
            questions_mean: mean(&sorted(outcomes.iter().map(|it| count(it.questions)))),
            minutes_mean: mean(&minutes),
            minutes_median: quantile(&minutes, 0.5),
        }
    }
}

/// One case's result, for finding out where it went wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// Case id.
    pub id: String,
    /// The case's faults.
    pub faults: Vec<String>,
    /// What the intake read, as `observation=answer`, signs by their name.
    pub evidence: Vec<String>,
    /// The three likeliest faults by intake.
    pub top: Vec<String>,
    /// Steps of the guided session.
    pub path: Vec<String>,
    /// It was solved before contacting support.
    pub solved: bool,
}

/// What the engine is told of a case before it ranks the faults.
pub type Reader = fn(&Knowledge, &Case) -> Intake;

/// Scores of a set of cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// What was read.
    pub name: String,
    /// Cases read.
    pub cases: usize,
    /// Cases scored: not of low confidence, first fault not `other`.
    pub scored: usize,
    /// Share with one of the case's faults first.
    pub top1: f64,
    /// Share with one of the case's faults among the first three.
    pub top3: f64,
    /// Share with the case's first fault first.
    pub strict_top1: f64,
    /// Share with the case's first fault among the first three.
    pub strict_top3: f64,
    /// Share of error texts in which at least one signature is recognised.
    pub recognised: f64,
    /// Guided by the engine.
    pub guided: Scores,
    /// Following the printed guide.
    pub baseline: Scores,
    /// Every scored case.
    pub results: Vec<CaseResult>,
}

impl Report {
    /// Scores a set of cases, each with the knowledge to judge it by, as the engine is told of them.
    #[must_use]
    pub fn of<'a>(name: &str, cases: &[(&'a Case, &'a Knowledge)], intake: Reader) -> Report {
        let all = cases.iter().copied();
        let scored: Vec<(&Case, &Knowledge)> = all.filter(|(case, _)| case.scored()).collect();
        let guided: Vec<Outcome> = scored.iter().map(|(case, kb)| guide(kb, case)).collect();
        let baseline: Vec<Outcome> =
            scored.iter().map(|(case, kb)| follow_guide(kb, case)).collect();
        let results = scored
            .iter()
            .zip(&guided)
            .map(|((case, kb), it)| result(&intake(kb, case), kb, case, it))
            .collect();
        let report = Report {
            name: name.to_owned(),
            cases: cases.len(),
            scored: scored.len(),
            guided: Scores::of(&guided),
            baseline: Scores::of(&baseline),
            results,
            ..Report::default()
        };
        report.with_intake(&scored, intake)
    }

    fn with_intake(mut self, scored: &[(&Case, &Knowledge)], intake: Reader) -> Report {
        let share = |hits: usize, of: usize| count(hits) / count(of).max(1.0);
        let read: Vec<Intake> = scored.iter().map(|(case, kb)| intake(kb, case)).collect();
        let hits = |most: usize, hit: &dyn Fn(&Case, &str) -> bool| {
            let found = scored.iter().zip(&read).filter(|((case, kb), it)| {
                it.ranking.iter().take(most).any(|id| hit(case, &kb.fault(*id).key))
            });
            share(found.count(), scored.len())
        };
        self.top1 = hits(1, &|case, fault| case.has(fault));
        self.top3 = hits(3, &|case, fault| case.has(fault));
        self.strict_top1 = hits(1, &|case, fault| case.leads_with(fault));
        self.strict_top3 = hits(3, &|case, fault| case.leads_with(fault));
        let with_text =
            scored.iter().zip(&read).filter(|((case, _), _)| !case.error_text.is_empty());
        let recognised = with_text.clone().filter(|(_, it)| it.recognised);
        self.recognised = share(recognised.count(), with_text.count());
        self
    }
}

fn result(read: &Intake, kb: &Knowledge, case: &Case, outcome: &Outcome) -> CaseResult {
    CaseResult {
        id: case.id.clone(),
        faults: case.faults.clone(),
        evidence: read.evidence.clone(),
        top: read.ranking.iter().take(3).map(|id| kb.fault(*id).key.clone()).collect(),
        path: outcome.path.clone(),
        solved: outcome.solved,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases and steps are small")]
fn count(n: usize) -> f64 {
    n as f64
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len()).max(1.0)
}

/// The smallest value that at least this share of the values does not exceed (nearest rank).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank within a small slice"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * count(sorted.len())).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        writeln!(f, "{}: {} cases, {} scored", self.name, self.cases, self.scored)?;
        writeln!(
            f,
            "  intake    top-1 {}, top-3 {} (strict {} / {}); error texts recognised {}",
            percent(self.top1),
            percent(self.top3),
            percent(self.strict_top1),
            percent(self.strict_top3),
            percent(self.recognised),
        )?;
        for (name, it) in [("guided", &self.guided), ("baseline", &self.baseline)] {
            writeln!(
                f,
                "  {name:9} solved {}; repairs mean {:.2}, median {}, p90 {}; questions {:.1}; minutes mean {:.1}, median {:.1}",
                percent(it.solved),
                it.repairs_mean,
                it.repairs_median,
                it.repairs_p90,
                it.questions_mean,
                it.minutes_mean,
                it.minutes_median,
            )?;
        }
        let ratio = self.guided.minutes_mean / self.baseline.minutes_mean.max(f64::MIN_POSITIVE);
        writeln!(f, "  minutes   guided / baseline {ratio:.2}")
    }
}

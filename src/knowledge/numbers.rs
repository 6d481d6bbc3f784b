//! Probabilities: the experts' numbers, moved by what real cases say.
//!
//! Dirichlet smoothing: an expert's row counts as so many cases (`row-strength`), the priors all
//! together as so many (`prior-strength`), and real cases are added. Without cases the experts'
//! numbers stand.

use std::collections::BTreeMap;

use super::files::Files;
use super::model::{Constants, Fault};
use super::source::{Fitted, Kind, Model, Observation, Told};

/// The id of the leak: the fault that the knowledge does not name.
pub const UNKNOWN: &str = "unknown";

/// Everything that rows and priors are made of.
pub struct Numbers {
    model: Model,
    fitted: Fitted,
    told: BTreeMap<String, Told>,
}

impl Numbers {
    /// Collects the constants and counts of the files.
    #[must_use]
    pub fn of(files: &Files) -> Numbers {
        let model = files.files.iter().find_map(|file| file.content.model.clone());
        let fitted = files.files.iter().find_map(|file| file.content.fitted.clone());
        let told = files.files.iter().flat_map(|file| &file.content.told);
        Numbers {
            model: model.unwrap_or_default(),
            fitted: fitted.unwrap_or_default(),
            told: told.map(|(key, row)| (key.get_ref().clone(), row.clone())).collect(),
        }
    }

    /// Constants of the decision model.
    #[must_use]
    pub fn constants(&self) -> Constants {
        Constants {
            support_seconds: self.model.support_seconds,
            floor: self.model.floor,
            unsure: self.model.unsure,
            term_step: super::terms::step(&self.model),
            carry_out: self.model.carry_out,
            mention: self.model.mention,
            settings_check_seconds: self.model.settings_check_seconds,
        }
    }

    /// Prior of the leak.
    #[must_use]
    pub fn leak(&self) -> f64 {
        self.model.unknown_prior
    }

    /// Scales the experts' weights to one with the leak, then moves them by the cases.
    pub fn scale(&self, faults: &mut [Fault]) {
        let total: f64 = faults.iter().map(|fault| fault.prior).sum();
        let strength = self.model.prior_strength;
        let counted: f64 = faults.iter().map(|fault| self.cases(&fault.key)).sum();
        for fault in faults {
            let share =
                (strength * fault.prior / total + self.cases(&fault.key)) / (strength + counted);
            fault.prior = (1.0 - self.model.unknown_prior) * share;
        }
    }

    /// Cases of a fault.
    fn cases(&self, fault: &str) -> f64 {
        self.fitted.fault.get(fault).copied().unwrap_or(0.0)
    }

    /// P(answer | fault), indexed `[answer][fault]`; for signs P(seen | fault).
    #[must_use]
    pub fn likelihood(&self, it: &Observation, faults: &[Fault]) -> Vec<Vec<f64>> {
        let rows = faults.iter().map(|fault| self.row(it, &fault.key)).collect::<Vec<_>>();
        let mut likelihood = transposed(&rows);
        if it.given.keys().all(|fault| fault.get_ref() != UNKNOWN) {
            likelihood.iter_mut().for_each(|answer| leak(answer, faults));
        }
        likelihood
    }

    /// P(the text says this | fault), indexed alike; empty for signs, and for checks, which no text
    /// stands for.
    #[must_use]
    pub fn told(
        &self,
        it: &Observation,
        likelihood: &[Vec<f64>],
        faults: &[Fault],
    ) -> Vec<Vec<f64>> {
        if matches!(it.kind, Kind::Sign | Kind::Check) {
            return Vec::new();
        }
        let told = |(answer, row): (usize, &Vec<f64>)| {
            let mut told: Vec<f64> = faults
                .iter()
                .zip(row)
                .map(|(fault, p)| self.told_cell(it, answer, &fault.key, *p))
                .collect();
            leak(&mut told, faults);
            told
        };
        likelihood.iter().enumerate().map(told).collect()
    }

    fn told_cell(&self, it: &Observation, answer: usize, fault: &str, p: f64) -> f64 {
        let rows = self.fitted.told.get(it.id.get_ref());
        let count = rows.and_then(|rows| rows.get(fault)?.get(answer).copied()).unwrap_or(0.0);
        let strength = self.model.row_strength;
        let floor = self.model.floor * self.model.mention;
        let expert = self.unasked(it, answer, fault).unwrap_or(self.model.mention * p);
        ((strength * expert + count) / (strength + self.cases(fault))).max(floor)
    }

    /// What the experts say of an answer that is given unasked, if they do.
    fn unasked(&self, it: &Observation, answer: usize, fault: &str) -> Option<f64> {
        let key = format!("{}={}", it.id.get_ref(), it.answers.get(answer)?);
        let told = self.told.get(&key)?;
        Some(told.given.get(fault).copied().unwrap_or(told.default))
    }

    /// The row of one fault: the expert's, moved by the cases, floored.
    fn row(&self, it: &Observation, fault: &str) -> Vec<f64> {
        let given = it.given.iter().find(|(id, _)| id.get_ref() == fault);
        let expert = given.map_or(it.default.get_ref(), |(_, row)| row.get_ref());
        let strength = self.model.row_strength;
        if it.kind == Kind::Sign {
            let rows = self.fitted.told.get(it.id.get_ref());
            let seen = rows.and_then(|rows| rows.get(fault)?.first().copied()).unwrap_or(0.0);
            let expert = expert.first().copied().unwrap_or(0.0);
            let p = (strength * expert + seen) / (strength + self.cases(fault));
            return vec![p.max(self.model.floor)];
        }
        let rows = self.fitted.stated.get(it.id.get_ref());
        let counts = rows.and_then(|rows| rows.get(fault));
        let count = |at: usize| counts.and_then(|it| it.get(at).copied()).unwrap_or(0.0);
        let moved = expert.iter().enumerate().map(|(at, p)| strength * p + count(at));
        let moved: Vec<f64> = moved.collect();
        normalised(&normalised(&moved).iter().map(|p| p.max(self.model.floor)).collect::<Vec<_>>())
    }
}

fn normalised(row: &[f64]) -> Vec<f64> {
    let total: f64 = row.iter().sum();
    row.iter().map(|p| p / total).collect()
}

/// `[fault][answer]` to `[answer][fault]`.
fn transposed(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let answers = rows.first().map_or(0, Vec::len);
    (0..answers).map(|at| rows.iter().filter_map(|row| row.get(at).copied()).collect()).collect()
}

/// Unless a row says otherwise, the leak sees every answer at its base rate
/// (shared/decisions.md §2).
fn leak(likelihood: &mut [f64], faults: &[Fault]) {
    let Some((unknown, named)) = likelihood.split_last_mut() else { return };
    let mass: f64 = faults.iter().rev().skip(1).map(|fault| fault.prior).sum();
    let joint: f64 = named.iter().zip(faults).map(|(p, fault)| p * fault.prior).sum();
    *unknown = joint / mass;
}

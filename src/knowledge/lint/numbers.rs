//! Numbers: each in its range, each row a distribution.

use super::super::files::{Files, Parsed};
use super::super::finding::Finding;
use super::super::source::{Action, Fault, File, Kind, Observation};
use super::place::{Place, entries};

/// How far a row's sum may be from one: authors round to three places, floats to sixteen.
const ROUNDING: f64 = 0.001 + 1e-9;

/// The model's constants are in the ranges for which the policy was tried out.
pub fn constants(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &files.files {
        let Some(model) = &file.content.model else {
            continue;
        };
        findings.extend(within(file, "unknown-prior", model.unknown_prior, 0.01, 0.2));
        findings.extend(within(file, "floor", model.floor, 0.001, 0.05));
        findings.extend(within(file, "unsure", model.unsure, 0.0, 0.6));
        findings.extend(within(file, "carry-out", model.carry_out, 0.5, 0.99));
        findings.extend(within(file, "term-weight", model.term_weight, 0.0, 1.0));
        findings.extend(within(file, "mention", model.mention, 0.01, 1.0));
        let seconds = [
            ("prior-strength", model.prior_strength),
            ("row-strength", model.row_strength),
            ("support-seconds", model.support_seconds),
            ("settings-check-seconds", model.settings_check_seconds),
        ];
        let bad = seconds.into_iter().filter(|(_, value)| !positive(*value));
        findings.extend(bad.map(|(name, value)| {
            constant(file, name, format!("{name} is `{value}`, not above 0"))
        }));
    }
    findings
}

fn within(file: &Parsed<File>, name: &str, value: f64, low: f64, high: f64) -> Option<Finding> {
    let message = format!("{name} is `{value}`, not from {low} to {high}");
    (!(low..=high).contains(&value)).then(|| constant(file, name, message))
}

fn constant(file: &Parsed<File>, name: &str, message: String) -> Finding {
    let line = file.text.find(&format!("\n{name}")).map_or(0, |newline| newline + 1);
    file.finding(line, "model", message)
}

/// A fault with no weight could never be found.
pub fn priors(files: &Files) -> Vec<Finding> {
    let bad = entries::<Fault>(files).filter(|(_, fault)| !positive(*fault.prior.get_ref()));
    let message = |value: &f64| format!("the prior is `{value}`, not above 0");
    bad.map(|(place, fault)| place.at(&fault.prior, message(fault.prior.get_ref()))).collect()
}

/// Every row holds one probability for each answer and they sum to one; a sign has one number.
///
/// A probability of 0 or 1 says that evidence can never be mistaken, so it needs a reason.
pub fn rows(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, observation) in entries::<Observation>(files) {
        let named = observation.given.iter();
        let named = named.map(|(fault, row)| (format!("the row of `{}`", fault.get_ref()), row));
        let default = [("the default row".to_owned(), &observation.default)];
        for (name, row) in default.into_iter().chain(named) {
            let wrong = wrong_row(observation, row.get_ref());
            findings.extend(wrong.map(|wrong| place.at(row, format!("{name} {wrong}"))));
        }
    }
    findings
}

fn wrong_row(observation: &Observation, row: &[f64]) -> Option<String> {
    let sign = observation.kind == Kind::Sign;
    let answers = if sign { 1 } else { observation.answers.len() };
    let total: f64 = row.iter().sum();
    let reason = observation.certain_because.as_deref().unwrap_or("").trim();
    let certain = row.iter().find(|p| **p <= 0.0 || **p >= 1.0).filter(|_| reason.is_empty());
    if row.len() != answers {
        Some(format!("has {}, not {answers}", numbers(row.len())))
    } else if let Some(p) = row.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(format!("has `{p}`, which is no probability"))
    } else if !sign && (total - 1.0).abs() > ROUNDING {
        Some(format!("sums to {total:.3}, not 1"))
    } else {
        certain.map(|p| format!("has `{p}`; say why in `certain-because`, or be less certain"))
    }
}

fn numbers(count: usize) -> String {
    if count == 1 { "1 number".to_owned() } else { format!("{count} numbers") }
}

/// A repair may fail and may be carried out wrongly; one that never works is not listed.
pub fn repairs(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, action) in entries::<Action>(files) {
        for (fault, chance) in &action.repairs {
            let value = chance.get_ref();
            if !positive(*value) || *value >= 1.0 {
                let fault = fault.get_ref();
                let message =
                    format!("the chance to repair `{fault}` is `{value}`, not between 0 and 1");
                findings.push(place.at(chance, message));
            }
        }
    }
    findings
}

/// Everything the user is asked to do takes time, or the plan would do all of it for nothing.
pub fn seconds(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, observation) in entries::<Observation>(files) {
        if !matches!(observation.kind, Kind::Sign | Kind::Context) {
            findings.extend(takes_time(&place, observation.seconds));
        }
    }
    for (place, action) in entries::<Action>(files) {
        findings.extend(takes_time(&place, *action.seconds.get_ref()));
        let risk = action.risk_seconds;
        let bad = !(risk == 0.0 || positive(risk));
        findings.extend(bad.then(|| place.finding(format!("`risk-seconds` is `{risk}`, below 0"))));
    }
    findings
}

fn takes_time(place: &Place<'_>, seconds: f64) -> Option<Finding> {
    (!positive(seconds)).then(|| place.finding(format!("`seconds` is `{seconds}`, not above 0")))
}

/// Above zero; neither infinite nor "not a number", both of which TOML can write.
fn positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

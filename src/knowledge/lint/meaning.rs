//! Meaning: whether the diagnosis can reach every fault and mend it.

use std::collections::BTreeMap;

use super::super::files::Files;
use super::super::finding::Finding;
use super::super::source::{Action, Fault, Kind, Observation, Signature};
use super::place::{Place, entries};

/// What some action must reach for every fault: more often mended than not.
const MENDED: f64 = 0.5;
/// What two rows must differ by somewhere, or no sum of evidence tells the faults apart in time.
const APART: f64 = 0.02;

/// Every fault has an action that usually repairs it, or finding it would help nobody.
pub fn repaired(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, fault) in entries::<Fault>(files) {
        let chances = entries::<Action>(files).filter_map(|(_, action)| {
            let chance = action.repairs.get(fault.id.get_ref().as_str())?;
            Some((*chance.get_ref(), action.id.get_ref().as_str()))
        });
        match chances.max_by(|one, other| one.0.total_cmp(&other.0)) {
            None => findings.push(place.finding("no action repairs it")),
            Some((chance, action)) if chance < MENDED => {
                let best = format!("the best is `{action}` with {chance}");
                findings.push(
                    place.finding(format!("no action repairs it with {MENDED} or more; {best}")),
                );
            }
            Some(_) => {}
        }
    }
    findings
}

/// Every two faults are told apart by some observation; otherwise they are one fault.
pub fn separated(files: &Files) -> Vec<Finding> {
    let faults: Vec<(Place<'_>, &Fault)> = entries::<Fault>(files).collect();
    let observations: Vec<&Observation> = entries(files).map(|(_, it)| it).collect();
    let mut findings = Vec::new();
    for (position, (place, fault)) in faults.iter().enumerate() {
        let id = fault.id.get_ref();
        let earlier = faults.iter().take(position).map(|(_, other)| other.id.get_ref());
        let alike = earlier.filter(|other| !observations.iter().any(|it| apart(it, id, other)));
        findings.extend(
            alike.map(|other| place.finding(format!("no observation separates it from `{other}`"))),
        );
    }
    findings
}

fn apart(observation: &Observation, one: &str, other: &str) -> bool {
    let (one, other) = (row(observation, one), row(observation, other));
    one.iter().zip(other).any(|(p, q)| (p - q).abs() >= APART - f64::EPSILON)
}

fn row<'a>(observation: &'a Observation, fault: &str) -> &'a [f64] {
    observation.given.get(fault).unwrap_or(&observation.default).get_ref()
}

/// An observation that every fault answers alike costs the user time and tells nothing.
pub fn telling(files: &Files) -> Vec<Finding> {
    let all = entries::<Observation>(files);
    let idle = all.filter(|(_, it)| it.given.values().all(|row| row == &it.default));
    idle.map(|(place, _)| place.finding("it tells nothing: every fault has the default row"))
        .collect()
}

/// What each kind of observation has: a sign no answers, the others at least two different ones.
pub fn shaped(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, it) in entries::<Observation>(files) {
        let mut wrong = Vec::new();
        match (it.kind, it.answers.len()) {
            (Kind::Sign, 1..) => wrong.push("a sign has no answers: it is seen or not".to_owned()),
            (Kind::Question | Kind::Setting | Kind::Context | Kind::Check, 0..2) => {
                wrong.push("it needs two answers or more".to_owned());
            }
            _ => {}
        }
        wrong.extend(repeated(&it.answers).map(|it| format!("the answer `{it}` stands twice")));
        match (it.kind, it.field) {
            (Kind::Setting, None) => wrong.push("a setting needs a `field`".to_owned()),
            (Kind::Sign | Kind::Question | Kind::Context | Kind::Check, Some(_)) => {
                wrong.push("only a setting has a `field`".to_owned());
            }
            _ => {}
        }
        wrong.extend(seen_from_outside(it));
        findings.extend(wrong.into_iter().map(|message| place.finding(message)));
    }
    findings
}

/// A look from outside has answers of its own, all of them the check's.
fn seen_from_outside(it: &Observation) -> Vec<String> {
    match (it.kind, it.outside.len()) {
        (Kind::Check, 0) => vec!["a check needs `outside`: what a look from there says".to_owned()],
        (Kind::Check, _) => {
            let lacking = it.outside.iter().filter(|key| !it.answers.contains(key.get_ref()));
            lacking.map(|key| format!("it has no answer `{}`", key.get_ref())).collect()
        }
        (_, 0) => Vec::new(),
        _ => vec!["only a check has `outside`".to_owned()],
    }
}

/// No text stands for a measurement: a check is answered by probes alone.
pub fn measured(files: &Files) -> Vec<Finding> {
    let observations = entries::<Observation>(files);
    let checks = observations.filter(|(_, it)| it.kind == Kind::Check);
    let checks: Vec<&str> = checks.map(|(_, it)| it.id.get_ref().as_str()).collect();
    let mut findings = Vec::new();
    for (place, signature) in entries::<Signature>(files) {
        let subject = |it: &str| it.split('=').next().map(|id| id.trim().to_owned());
        let named = signature.means.iter().filter_map(|it| subject(it.get_ref()));
        let wrong = named.filter(|id| checks.contains(&id.as_str()));
        findings.extend(wrong.map(|id| place.finding(format!("`{id}` is measured, not read"))));
    }
    findings
}

fn repeated(answers: &[String]) -> impl Iterator<Item = &String> {
    let before = |position| answers.iter().take(position);
    answers
        .iter()
        .enumerate()
        .filter(move |(at, it)| before(*at).any(|other| other == *it))
        .map(|(_, it)| it)
}

/// A field is read by one observation, or what the user reads off would count twice.
pub fn fields(files: &Files) -> Vec<Finding> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut findings = Vec::new();
    for (place, observation) in entries::<Observation>(files) {
        let Some(field) = observation.field.map(|field| field.key()) else {
            continue;
        };
        if let Some(line) = first.get(field) {
            findings.push(place.finding(format!("the field `{field}` is already read in {line}")));
        } else {
            first.insert(field, place.line());
        }
    }
    findings
}

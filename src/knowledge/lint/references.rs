//! References: an id that leads nowhere would quietly be left out by the compiler.

use std::collections::BTreeMap;

use super::super::compile::answers;
use super::super::files::Files;
use super::super::finding::Finding;
use super::super::numbers::UNKNOWN;
use super::super::source::{Action, App, Fault, Kind, Observation, Signature};
use super::place::{entries, names};
use super::suggest::unknown;

/// Rows and repairs name faults that exist; a row may also name `unknown`, a repair may not.
pub fn faults(files: &Files) -> Vec<Finding> {
    let mut known = names::<Fault>(files);
    let mut findings = Vec::new();
    for (place, action) in entries::<Action>(files) {
        let dangling = action.repairs.keys().filter(|it| !known.contains(it.get_ref()));
        findings.extend(dangling.map(|it| match it.get_ref().as_str() {
            UNKNOWN => {
                place.at(it, "nothing is known to repair `unknown`; only faults are repaired")
            }
            text => place.at(it, unknown("fault", text, &known)),
        }));
    }
    known.push(UNKNOWN.to_owned());
    for (place, observation) in entries::<Observation>(files) {
        let dangling = observation.given.keys().filter(|it| !known.contains(it.get_ref()));
        let message = |text: &str| unknown("fault", text, &known);
        findings.extend(dangling.map(|it| place.at(it, message(it.get_ref()))));
    }
    findings
}

/// An observation is asked in apps that exist.
pub fn apps(files: &Files) -> Vec<Finding> {
    let known = names::<App>(files);
    let mut findings = Vec::new();
    for (place, observation) in entries::<Observation>(files) {
        let dangling = observation.apps.iter().filter(|it| !known.contains(it.get_ref()));
        findings.extend(dangling.map(|it| place.at(it, unknown("app", it.get_ref(), &known))));
    }
    findings
}

/// What a signature means and what an action waits for are answers that can be given.
pub fn conditions(files: &Files) -> Vec<Finding> {
    let known = Observations::of(files);
    let mut findings = Vec::new();
    for (place, signature) in entries::<Signature>(files) {
        let wrong = signature.means.iter().filter_map(|it| Some((it, known.wrong(it.get_ref())?)));
        findings.extend(wrong.map(|(it, message)| place.at(it, message)));
    }
    for (place, action) in entries::<Action>(files) {
        let all = action.unless.iter().chain(&action.only_if);
        let wrong = all.filter_map(|it| Some((it, known.wrong(it.get_ref())?)));
        findings.extend(wrong.map(|(it, message)| place.at(it, message)));
    }
    findings
}

/// Observations with their kinds and answers.
struct Observations(BTreeMap<String, (Kind, Vec<String>)>);

impl Observations {
    fn of(files: &Files) -> Observations {
        let all = entries::<Observation>(files);
        Observations(all.map(|(_, it)| (it.id.get_ref().clone(), (it.kind, answers(it)))).collect())
    }

    /// What is wrong with `observation=answer` or with a sign alone.
    fn wrong(&self, condition: &str) -> Option<String> {
        let (id, answer) = match condition.split_once('=') {
            Some((id, answer)) => (id.trim(), Some(answer.trim())),
            None => (condition.trim(), None),
        };
        let Some((kind, answers)) = self.0.get(id) else {
            let known: Vec<&String> = self.0.keys().collect();
            return Some(unknown("observation", id, &known));
        };
        match answer {
            None if *kind == Kind::Sign => None,
            None => Some(format!("`{id}` needs an answer, such as `{id}={}`", answers.first()?)),
            Some(answer) if answers.iter().any(|it| it == answer) => None,
            Some(answer) => Some(unknown(&format!("answer of `{id}`:"), answer, answers)),
        }
    }
}

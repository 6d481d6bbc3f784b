//! Ids: what every reference, wording key and hand-off rests on.

use std::collections::BTreeMap;

use super::super::compile::stage_of;
use super::super::files::Files;
use super::super::finding::{Finding, line_of};
use super::super::numbers::UNKNOWN;
use super::super::source::{
    Action, App, Beacon, Fault, Kind, Observation, Procedure, Provider, Signature,
};
use super::place::{Entry, Place, entries};

/// Ids are kebab-case, so that they can be wording keys, parts of links and spoken aloud.
///
/// Faults have dots (`settings.auth-off`), signs start with `sign.` and nothing else does, so a
/// reader can tell from an id what it is.
pub fn spelled(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, fault) in entries::<Fault>(files) {
        let id = fault.id.get_ref();
        findings.extend(id.split('.').any(|part| !kebab(part)).then(|| spelling(&place, id)));
        let taken = "the id `unknown` is the model's own, for what no fault names";
        findings.extend((id == UNKNOWN).then(|| place.finding(taken)));
    }
    for (place, observation) in entries::<Observation>(files) {
        findings.extend(observation_spelled(&place, observation));
    }
    findings.extend(plain::<Action>(files));
    findings.extend(plain::<Signature>(files));
    findings.extend(plain::<App>(files));
    findings.extend(plain::<Provider>(files));
    findings.extend(plain::<Beacon>(files));
    findings
}

fn plain<T: Entry>(files: &Files) -> Vec<Finding> {
    let misspelt = entries::<T>(files).filter(|(_, entry)| !kebab(&entry.name()));
    misspelt.map(|(place, entry)| spelling(&place, &entry.name())).collect()
}

fn observation_spelled(place: &Place<'_>, observation: &Observation) -> Vec<Finding> {
    let id = observation.id.get_ref();
    let sign = id.strip_prefix("sign.");
    let mut findings = Vec::new();
    match (observation.kind, sign) {
        (Kind::Sign, None) => findings.push(place.finding("the id of a sign starts with `sign.`")),
        (Kind::Question | Kind::Setting | Kind::Context | Kind::Check, Some(_)) => {
            findings.push(place.finding("only the id of a sign starts with `sign.`"));
        }
        _ => {}
    }
    let parts = observation.answers.iter().map(String::as_str).chain([sign.unwrap_or(id)]);
    findings.extend(parts.filter(|part| !kebab(part)).map(|part| spelling(place, part)));
    findings
}

fn spelling(place: &Place<'_>, id: &str) -> Finding {
    place.finding(format!("the id `{id}` is not kebab-case, such as `turn-on-sign-in`"))
}

fn kebab(text: &str) -> bool {
    text.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    })
}

/// An id names one entry of its kind: the compiler would quietly take one of two.
pub fn unique(files: &Files) -> Vec<Finding> {
    let mut findings = unique_in::<Fault>(files);
    findings.extend(unique_in::<Observation>(files));
    findings.extend(unique_in::<Action>(files));
    findings.extend(unique_in::<Signature>(files));
    findings.extend(unique_in::<App>(files));
    findings.extend(unique_in::<Procedure>(files));
    findings.extend(unique_in::<Provider>(files));
    findings
}

fn unique_in<T: Entry>(files: &Files) -> Vec<Finding> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut findings = Vec::new();
    for (place, entry) in entries::<T>(files) {
        let name = entry.name();
        if let Some(line) = first.get(&name) {
            let message = format!("the {} `{name}` is already in {line}", T::KIND);
            findings.push(place.finding(message));
        } else {
            first.insert(name, place.line());
        }
    }
    findings
}

/// A fault's stage is the file it stands in, so in any other file it would have none.
pub fn faults_on_the_road(files: &Files) -> Vec<Finding> {
    let strays = entries::<Fault>(files).filter(|(place, _)| stage_of(place.file()).is_none());
    strays
        .map(|(place, _)| {
            let file = place.file();
            place.finding(format!("a fault stands in its stage's file, which {file} is not"))
        })
        .collect()
}

/// The constants stand in one place, or two files could disagree on them.
pub fn one_model(files: &Files) -> Vec<Finding> {
    let mut having = files.files.iter().filter(|file| file.content.model.is_some());
    let Some(first) = having.next() else {
        let message = "no file has a [model] section".to_owned();
        return vec![Finding { file: "model.toml".into(), line: 0, key: "model".into(), message }];
    };
    let offset = |text: &str| text.find("[model]").unwrap_or(0);
    let line = format!("{}:{}", first.name, line_of(&first.text, offset(&first.text)));
    let message = format!("the [model] section is already in {line}");
    having.map(|file| file.finding(offset(&file.text), "model", message.clone())).collect()
}

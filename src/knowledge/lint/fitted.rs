//! Counts of real cases must belong to the knowledge they stand beside.

use std::collections::BTreeMap;

use super::super::compile::{answers, each};
use super::super::files::{Files, Parsed};
use super::super::finding::Finding;
use super::super::source::{File, Fitted};

/// Counts name only faults and observations that exist, one number an answer. After an id or an
/// answer has changed, old counts would silently be lost.
pub fn counts(files: &Files) -> Vec<Finding> {
    let rows: BTreeMap<&str, usize> = each(files, |file| &file.observation)
        .map(|(_, it)| (it.id.get_ref().as_str(), answers(it).len()))
        .collect();
    let faults: Vec<&str> =
        each(files, |file| &file.fault).map(|(_, it)| it.id.get_ref().as_str()).collect();
    let mut findings = Vec::new();
    for file in &files.files {
        if let Some(fitted) = &file.content.fitted {
            findings.extend(unknown_faults(file, fitted, &faults));
            findings.extend(wrong_rows(file, fitted, &rows));
        }
    }
    findings
}

fn unknown_faults<'a>(
    file: &'a Parsed<File>,
    fitted: &'a Fitted,
    faults: &'a [&str],
) -> impl Iterator<Item = Finding> + 'a {
    let rows = fitted.stated.values().chain(fitted.told.values()).flat_map(BTreeMap::keys);
    let mut named: Vec<&String> = fitted.fault.keys().chain(rows).collect();
    named.sort();
    named.dedup();
    named.into_iter().filter(|fault| !faults.contains(&fault.as_str())).map(|fault| {
        stale(file, fault, format!("counts for the unknown fault `{fault}`; fit again"))
    })
}

fn wrong_rows(file: &Parsed<File>, fitted: &Fitted, known: &BTreeMap<&str, usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (observation, rows) in fitted.stated.iter().chain(&fitted.told) {
        let wanted = known.get(observation.as_str());
        if rows.values().any(|row| Some(&row.len()) != wanted) {
            let message =
                format!("counts that do not fit the answers of `{observation}`; fit again");
            findings.push(stale(file, observation, message));
        }
    }
    findings
}

fn stale(file: &Parsed<File>, id: &str, message: String) -> Finding {
    file.finding(file.text.find(id).unwrap_or(0), "fitted", message)
}

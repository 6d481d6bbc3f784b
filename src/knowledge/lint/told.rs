//! What people say unasked: each entry names an answer, faults and probabilities that exist.

use std::collections::BTreeMap;

use toml::Spanned;

use super::super::compile::each;
use super::super::files::{Files, Parsed};
use super::super::finding::Finding;
use super::super::source::{Fault, File, Kind, Told};
use super::place::entries;

/// Every `[told."observation=answer"]` fits the observations and faults, and has a source.
pub fn told(files: &Files) -> Vec<Finding> {
    let answers: BTreeMap<&str, &[String]> = each(files, |file| &file.observation)
        .filter(|(_, it)| !matches!(it.kind, Kind::Sign | Kind::Check))
        .map(|(_, it)| (it.id.get_ref().as_str(), it.answers.as_slice()))
        .collect();
    let faults: Vec<&str> =
        entries::<Fault>(files).map(|(_, it)| it.id.get_ref().as_str()).collect();
    let mut findings = Vec::new();
    for file in &files.files {
        for (key, told) in &file.content.told {
            findings.extend(unknown(&answers, key.get_ref()).map(|it| finding(file, key, it)));
            findings.extend(wrong(&faults, told).map(|it| finding(file, key, it)));
        }
    }
    findings
}

fn finding(file: &Parsed<File>, key: &Spanned<String>, message: String) -> Finding {
    file.finding(key.span().start, format!("told.{}", key.get_ref()), message)
}

fn unknown(answers: &BTreeMap<&str, &[String]>, key: &str) -> Option<String> {
    let known = key.split_once('=').is_some_and(|(observation, answer)| {
        answers.get(observation).is_some_and(|list| list.iter().any(|it| it == answer))
    });
    (!known).then(|| format!("`{key}` is not `observation=answer` of a question or setting"))
}

fn wrong(faults: &[&str], told: &Told) -> Option<String> {
    let unknown = told.given.keys().find(|fault| !faults.contains(&fault.as_str()));
    let numbers = told.given.values().chain([&told.default]);
    let outside = numbers.copied().find(|p| !(*p > 0.0 && *p < 1.0));
    if let Some(fault) = unknown {
        Some(format!("there is no fault `{fault}`"))
    } else if let Some(p) = outside {
        Some(format!("`{p}` is not above 0 and below 1"))
    } else {
        told.source.trim().is_empty().then(|| "no source; at least the word `estimate`".to_owned())
    }
}

//! Sources: every fact and number says what it rests on.

use super::super::files::Files;
use super::super::finding::Finding;
use super::super::source::{
    Action, App, Beacon, Fault, Observation, Procedure, Provider, Signature,
};
use super::place::{Entry, entries};

/// A source names a year, a number or a link that can be looked up, or owns up to an `estimate`.
pub fn named(files: &Files) -> Vec<Finding> {
    let mut findings = of_kind::<Fault>(files);
    findings.extend(of_kind::<Observation>(files));
    findings.extend(of_kind::<Action>(files));
    findings.extend(of_kind::<Signature>(files));
    findings.extend(of_kind::<App>(files));
    findings.extend(of_kind::<Procedure>(files));
    findings.extend(of_kind::<Provider>(files));
    findings.extend(of_kind::<Beacon>(files));
    for file in &files.files {
        let wrong = file.content.model.as_ref().and_then(|model| wrong(&model.source));
        let offset = file.text.find("[model]").unwrap_or(0);
        findings.extend(wrong.map(|message| file.finding(offset, "model", message)));
    }
    findings
}

fn of_kind<T: Entry>(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, entry) in entries::<T>(files) {
        let wrong = entry.sources().into_iter().filter_map(wrong);
        findings.extend(wrong.map(|message| place.finding(message)));
    }
    findings
}

fn wrong(source: &str) -> Option<String> {
    let mut words = source.split(|letter: char| !letter.is_alphabetic());
    let owned_up = words.any(|word| word.eq_ignore_ascii_case("estimate"));
    if source.trim().is_empty() {
        Some("the source is empty".to_owned())
    } else if owned_up || source.contains("://") || source.contains(|it: char| it.is_ascii_digit())
    {
        None
    } else {
        Some(format!("the source `{source}` has no year, number or link, nor the word `estimate`"))
    }
}

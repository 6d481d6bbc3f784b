//! Everything that can be wrong with the knowledge, found at once.
//!
//! One module per kind of rule. A rule looks at all files and returns what it found; rules know
//! nothing of each other, so one mistake may be reported by two of them, never by none.

mod beacons;
mod fitted;
mod ids;
mod keys;
mod markup;
mod meaning;
mod numbers;
mod place;
mod providers;
pub mod reading;
mod references;
mod safety;
mod signatures;
mod sources;
mod steps;
pub mod suggest;
mod terms;
mod told;
mod wording;

use super::files::Files;
use super::finding::Finding;
use wording::Language;

type Rule = fn(&Files) -> Vec<Finding>;
type WordingRule = fn(&Files, &[Language]) -> Vec<Finding>;

/// Rules over numbers and structure.
const STRUCTURE: [Rule; 28] = [
    ids::spelled,
    ids::unique,
    ids::faults_on_the_road,
    ids::one_model,
    references::faults,
    references::apps,
    references::conditions,
    numbers::constants,
    numbers::priors,
    numbers::rows,
    numbers::repairs,
    numbers::seconds,
    fitted::counts,
    terms::terms,
    told::told,
    meaning::repaired,
    meaning::separated,
    meaning::telling,
    meaning::shaped,
    meaning::measured,
    meaning::fields,
    sources::named,
    signatures::patterns,
    signatures::ambiguous,
    steps::complete,
    providers::candidates,
    providers::domains,
    beacons::beacons,
];

/// Rules over the wording, together with what it words.
const WORDING: [WordingRule; 9] = [
    steps::resolved,
    steps::used,
    keys::missing,
    keys::unknown,
    keys::filled,
    markup::balanced,
    safety::links,
    safety::phone_numbers,
    reading::level,
];

/// Every finding, sorted by file and line; empty when the knowledge is valid.
///
/// ```
/// use outbox_doctor::knowledge::{files::Files, lint::lint};
/// let findings = lint(&Files::default());
/// assert_eq!(findings[0].to_string(), "en:0: no wording in `en`");
/// assert_eq!(findings[1].to_string(), "model.toml:0: model: no file has a [model] section");
/// ```
#[must_use]
pub fn lint(files: &Files) -> Vec<Finding> {
    let (languages, mut findings) = wording::languages(files);
    findings.extend(STRUCTURE.iter().flat_map(|rule| rule(files)));
    findings.extend(WORDING.iter().flat_map(|rule| rule(files, &languages)));
    findings.sort();
    findings.dedup();
    findings
}

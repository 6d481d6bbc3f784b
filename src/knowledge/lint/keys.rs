//! Keys of the wording: whatever the program asks for is there, in every language, and no more.

use super::super::files::Files;
use super::super::finding::Finding;
use super::super::model::{Risk, Stage};
use super::super::source::{Action, Fault, Kind, Observation, Signature};
use super::place::{Place, entries};
use super::suggest::did_you_mean;
use super::wording::{ENGLISH, Language, Text};

/// Sections whose keys the screens choose for themselves.
const FREE: [&str; 3] = ["ui", "value", "network"];
/// The section of the step lists, whose keys `steps` judges.
const TASKS: &str = "task";
/// What stands in a step where the value is not known; see `guidance`.
const VALUES: [&str; 4] = ["value.host", "value.user-name", "value.domain", "value.none"];

/// A key and the entry that needs it, if it is an entry that does.
struct Need<'a> {
    key: String,
    place: Option<Place<'a>>,
    required: bool,
}

/// Every key that the program asks for exists, or the user would read nothing there.
///
/// Languages other than English have all of its keys besides.
pub fn missing(files: &Files, languages: &[Language]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let needs = needs(files);
    for language in languages {
        let lacking = |key: &str| !language.texts.contains_key(key);
        let message = |key: &str| format!("`{}` has no `{key}`", language.name);
        for need in needs.iter().filter(|need| need.required && lacking(&need.key)) {
            findings.push(match &need.place {
                Some(place) => place.finding(message(&need.key)),
                None => whole(language.name, &need.key, message(&need.key)),
            });
        }
        let english = languages.iter().filter(|other| other.name == ENGLISH);
        let texts = english.flat_map(|english| english.texts.values());
        let other = texts.filter(|it| open(it) && lacking(&it.key) && !needed(&needs, &it.key));
        findings.extend(other.map(|text| text.finding(message(&text.key))));
    }
    findings
}

fn whole(language: &str, key: &str, message: String) -> Finding {
    Finding { file: language.to_owned(), line: 0, key: key.to_owned(), message }
}

/// A key that nothing asks for is a misspelt one or a left-over; no other language adds keys.
pub fn unknown(files: &Files, languages: &[Language]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let english = languages.iter().find(|language| language.name == ENGLISH);
    let needs = needs(files);
    for language in languages {
        let lacking: Vec<&str> = needs
            .iter()
            .map(|need| need.key.as_str())
            .filter(|key| !language.texts.contains_key(*key))
            .collect();
        for text in language.texts.values() {
            let in_english = english.is_some_and(|it| it.texts.contains_key(&text.key));
            if open(text) && !in_english {
                findings.push(text.finding(format!("`{ENGLISH}` has no `{}`", text.key)));
            } else if !open(text) && !needed(&needs, &text.key) {
                let meant = did_you_mean(&text.key, &lacking);
                findings.push(text.finding(format!("nothing asks for `{}`{meant}", text.key)));
            }
        }
    }
    findings
}

/// Whether the key is not for this module to judge.
fn open(text: &Text<'_>) -> bool {
    FREE.contains(&text.section()) || text.section() == TASKS
}

fn needed(needs: &[Need<'_>], key: &str) -> bool {
    needs.iter().any(|need| need.key == key)
}

/// Every text says something; steps are a list, and everything but them and the screens is one text.
pub fn filled(_: &Files, languages: &[Language]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in languages.iter().flat_map(|language| language.texts.values()) {
        let steps = text.section() == TASKS;
        if steps && !text.list {
            findings.push(text.finding("steps are a list"));
        } else if text.list && !steps && !FREE.contains(&text.section()) {
            findings.push(text.finding("it is one text, not a list"));
        }
        if text.items.is_empty() {
            findings.push(text.finding("the list is empty"));
        }
        let empty = text.items.iter().filter(|(_, item)| item.trim().is_empty());
        findings.extend(empty.map(|(offset, _)| text.at(*offset, "the text is empty")));
    }
    findings
}

/// Every key that the program asks for.
fn needs(files: &Files) -> Vec<Need<'_>> {
    let mut needs: Vec<Need<'_>> = VALUES.into_iter().map(general).collect();
    let stages = Stage::ROAD.map(|stage| format!("stage.{}", stage.key()));
    needs.extend(stages.into_iter().map(general));
    needs.extend(["fault.unknown.title", "fault.unknown.explain"].map(general));
    for (place, it) in entries::<Fault>(files) {
        let keys = ["title", "explain"].map(|part| format!("fault.{}.{part}", it.id.get_ref()));
        needs.extend(keys.map(|key| of(&place, key, true)));
    }
    for (place, it) in entries::<Observation>(files) {
        let keys = of_observation(it).into_iter();
        needs.extend(keys.map(|key| of(&place, key, true)));
    }
    for (place, it) in entries::<Action>(files) {
        let key = |part: &str| format!("action.{}.{part}", it.id.get_ref());
        needs.push(of(&place, key("title"), true));
        needs.push(of(&place, key("why"), true));
        needs.push(of(&place, key("undo"), it.risk != Risk::None));
        needs.push(of(&place, key("precaution"), it.risk == Risk::LosesData));
    }
    for (place, it) in entries::<Signature>(files).filter(|(_, it)| !it.shown.is_empty()) {
        let key = format!("signature.{}.means", it.id.get_ref());
        needs.push(of(&place, key, true));
    }
    needs
}

fn of_observation(it: &Observation) -> Vec<String> {
    let key = |part: &str| format!("observation.{}.{part}", it.id.get_ref());
    if it.kind == Kind::Sign {
        return vec![key("seen")];
    }
    let because = it.answers.iter().map(|answer| key(&format!("because.{answer}")));
    if it.kind == Kind::Context {
        return because.collect();
    }
    let answers = it.answers.iter().map(|answer| key(&format!("answer.{answer}")));
    [key("question"), key("how")].into_iter().chain(answers).chain(because).collect()
}

fn general<'a>(key: impl Into<String>) -> Need<'a> {
    Need { key: key.into(), place: None, required: true }
}

fn of<'a>(place: &Place<'a>, key: String, required: bool) -> Need<'a> {
    Need { key, place: Some(place.clone()), required }
}

//! Everything that the printed guide says, that apps and servers show, and that an app can be led
//! through is in the knowledge.
#![allow(clippy::unwrap_used, reason = "test code stops at surprises")]

use std::fs;

use outbox_doctor::{intake, knowledge};

/// Ids in backticks behind the word for their kind, as in "faults `a`, `b`; actions `c`".
fn named(line: &str) -> Vec<(&'static str, String)> {
    let mut kind = "";
    let mut found = Vec::new();
    for (at, part) in line.split('`').enumerate() {
        if at % 2 == 1 {
            found.push((kind, part.to_owned()));
        } else {
            for word in part.split(|c: char| !c.is_alphabetic()) {
                kind = match word {
                    "fault" | "faults" => "fault",
                    "observation" | "observations" => "observation",
                    "action" | "actions" => "action",
                    _ => kind,
                };
            }
        }
    }
    found
}

#[test]
fn every_id_of_the_guides_coverage_exists() {
    let kb = knowledge::embedded();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide-coverage.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let ids: Vec<_> = rows.flat_map(named).collect();
    assert!(ids.len() > 60, "only {} ids", ids.len());
    for (kind, id) in ids {
        let known = match kind {
            "fault" => kb.fault_by_key(&id).is_some(),
            "observation" => kb.observation_by_key(&id).is_some(),
            "action" => kb.action_by_key(&id).is_some(),
            _ => false,
        };
        assert!(known, "docs/guide-coverage.md: there is no {kind} `{id}`");
    }
}

/// Codes in every spelling and literal texts of `shared/facts`, as `kind<tab>text`.
#[test]
fn every_code_and_message_is_recognised() {
    let kb = knowledge::embedded();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/facts.tsv");
    let lines = fs::read_to_string(path).unwrap();
    let texts: Vec<&str> =
        lines.lines().filter_map(|line| Some(line.split_once('\t')?.1)).collect();
    assert!(texts.len() > 1000, "only {} texts", texts.len());
    for text in texts {
        assert!(!intake::read(&kb, text).found.is_empty(), "{text:?} is not recognised");
    }
}

#[test]
fn every_app_has_steps_for_every_task() {
    let kb = knowledge::embedded();
    let actions = kb.actions.iter().map(|it| it.key.as_str());
    for task in ["settings-check", "exact-error", "test-message"].into_iter().chain(actions) {
        for app in &kb.apps {
            let known = app.procedures.iter().any(|it| it.task == task && !it.steps.is_empty());
            assert!(known, "{} has no steps for {task}", app.key);
        }
    }
}

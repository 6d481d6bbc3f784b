//! Scenario files: a world, what the user does, and what the product must say then.
//!
//! Each `tests/scenarios/*.toml` begins with app, domain and text; every `[[step]]` is one event
//! with what must hold after it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code stops at surprises")]

use std::collections::BTreeMap;
use std::fs;

use outbox_doctor::engine::Step;
use outbox_doctor::knowledge::{self, Field, Knowledge};
use outbox_doctor::session::{Attempt, Event, Next, Reply, Session, Vantages};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// Why this must hold, in a sentence.
    why: String,
    app: String,
    #[serde(default)]
    domain: String,
    /// Where probes look from: `local` or `public`; none if left out.
    #[serde(default)]
    probe: String,
    step: Vec<Act>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Act {
    text: Option<String>,
    answer: Option<String>,
    settings: Option<BTreeMap<Field, String>>,
    still_fails: Option<String>,
    cannot: Option<String>,
    sends: Option<String>,
    #[serde(default)]
    undo: bool,
    /// The likeliest fault afterwards.
    fault: Option<String>,
    /// A fault that must not be among the first three.
    not: Option<String>,
    /// The next step: an action or observation id, `settings-check`, `contact-support`, `solved`.
    next: Option<String>,
}

fn event(kb: &Knowledge, act: &Act) -> Event {
    let done = |key: &str, attempt| Event::Done(kb.action_by_key(key).unwrap(), attempt);
    if let Some(text) = &act.text {
        Event::Describe(text.clone())
    } else if let Some((key, answer)) = act.answer.as_ref().map(|it| it.split_once('=').unwrap()) {
        let id = kb.observation_by_key(key).unwrap();
        Event::Answer(id, Reply::Is(kb.observation(id).answer(answer).unwrap()))
    } else if let Some(values) = &act.settings {
        Event::Settings(values.clone())
    } else if let Some(key) = &act.still_fails {
        done(key, Attempt::StillFails)
    } else if let Some(key) = &act.cannot {
        done(key, Attempt::CannotDo)
    } else if let Some(key) = &act.sends {
        done(key, Attempt::Sends)
    } else {
        assert!(act.undo, "a step needs an event");
        Event::Undo
    }
}

fn vantages(probe: &str) -> Vantages {
    match probe {
        "" => Vantages::None,
        "public" => Vantages::Public,
        "local" => Vantages::Local,
        other => panic!("no such probe: {other}"),
    }
}

fn next(kb: &Knowledge, session: &Session) -> String {
    match session.view(kb).next {
        Next::Solved(_) => "solved".to_owned(),
        Next::Step(Step::ContactSupport) => "contact-support".to_owned(),
        Next::Step(Step::CheckSettings(_)) => "settings-check".to_owned(),
        Next::Step(Step::Ask(id) | Step::Check(id)) => kb.observation(id).key.clone(),
        Next::Step(Step::Repair(id) | Step::Redo(id)) => kb.action(id).key.clone(),
    }
}

#[track_caller]
fn check(name: &str, scenario: &Scenario) {
    let kb = knowledge::embedded();
    let app = kb.app_by_key(&scenario.app);
    assert!(app.is_some(), "{name}: unknown app {}", scenario.app);
    let mut session = Session::default()
        .apply(&kb, Event::App(app, String::new()))
        .apply(&kb, Event::Domain(scenario.domain.clone()))
        .apply(&kb, Event::Vantages(vantages(&scenario.probe)));
    for (at, act) in scenario.step.iter().enumerate() {
        session = session.apply(&kb, event(&kb, act));
        let place = format!("{name}, step {}: {}", at + 1, scenario.why);
        let ranking: Vec<String> = session
            .view(&kb)
            .advice
            .posterior
            .ranked()
            .into_iter()
            .map(|(id, _)| kb.fault(id).key.clone())
            .take(3)
            .collect();
        if let Some(fault) = &act.fault {
            assert_eq!(ranking.first(), Some(fault), "{place}");
        }
        if let Some(fault) = &act.not {
            assert!(!ranking.contains(fault), "{place}: {ranking:?}");
        }
        if let Some(expected) = &act.next {
            assert_eq!(&next(&kb, &session), expected, "{place}");
        }
    }
}

#[test]
fn every_scenario_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 8, "only {} scenarios", names.len());
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let scenario: Scenario = toml::from_str(&text).unwrap_or_else(|it| panic!("{name}: {it}"));
        check(&name, &scenario);
    }
}

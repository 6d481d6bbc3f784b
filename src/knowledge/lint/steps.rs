//! Procedures and their step lists: every task can be carried out in every app.

use std::collections::BTreeSet;

use toml::Spanned;

use super::super::files::Files;
use super::super::finding::Finding;
use super::super::source::{Action, App, Procedure};
use super::place::{entries, names};
use super::suggest::{did_you_mean, unknown as no_such};
use super::wording::{ENGLISH, Language};

/// The app whose procedures and wording serve all others.
const ANY: &str = "any";
/// Tasks besides the actions.
const TASKS: [&str; 3] = ["settings-check", "exact-error", "test-message"];

/// Every action, and each of the three other tasks, can be done in every app: advice that stops
/// at "change the server" leaves the user where they were.
pub fn complete(files: &Files) -> Vec<Finding> {
    let done: BTreeSet<String> = names::<Procedure>(files).into_iter().collect();
    let lacking = |app: &str, task: &str| {
        !done.contains(&format!("{app}.{task}")) && !done.contains(&format!("{ANY}.{task}"))
    };
    let apps = names::<App>(files);
    let mut findings = Vec::new();
    for (place, action) in entries::<Action>(files) {
        let without = apps.iter().filter(|app| lacking(app, action.id.get_ref()));
        let without: Vec<String> = without.map(|app| format!("`{app}`")).collect();
        if !without.is_empty() {
            findings.push(place.finding(format!("no procedure for it in {}", without.join(", "))));
        }
    }
    for (place, app) in entries::<App>(files) {
        let without = TASKS.into_iter().filter(|task| lacking(app.id.get_ref(), task));
        findings.extend(without.map(|task| place.finding(format!("no procedure for `{task}`"))));
    }
    findings
}

/// A procedure's app, task and steps exist; a misspelt step would silently be skipped.
pub fn resolved(files: &Files, languages: &[Language]) -> Vec<Finding> {
    let mut apps = names::<App>(files);
    apps.push(ANY.to_owned());
    let mut tasks = names::<Action>(files);
    tasks.extend(TASKS.map(str::to_owned));
    let mut findings = Vec::new();
    for (place, it) in entries::<Procedure>(files) {
        let (app, task) = (it.app.get_ref(), it.task.get_ref());
        if !apps.contains(app) {
            findings.push(place.at(&it.app, no_such("app", app, &apps)));
        }
        if !tasks.contains(task) {
            findings.push(place.at(&it.task, no_such("task", task, &tasks)));
        }
        if it.steps.is_empty() {
            findings.push(place.finding("it has no steps"));
        }
        let english = languages.iter().filter(|language| language.name == ENGLISH);
        for english in english.filter(|_| apps.contains(app)) {
            let wrong =
                it.steps.iter().filter_map(|step| Some((step, wrong(files, english, app, step)?)));
            findings.extend(wrong.map(|(step, message)| place.at(step, message)));
        }
    }
    findings
}

/// What is wrong with a step: no wording, or none for some version of the app.
fn wrong(files: &Files, english: &Language, app: &str, step: &Spanned<String>) -> Option<String> {
    let step = step.get_ref();
    let has = |key: String| english.texts.contains_key(&key);
    if has(format!("task.{ANY}.{step}")) || has(format!("task.{app}.{step}")) {
        return None;
    }
    let versions = entries::<App>(files).filter(|(_, it)| it.id.get_ref() == app);
    let versions: Vec<&String> = versions.flat_map(|(_, it)| &it.versions).collect();
    let lacking = |it: &&&String| !has(format!("task.{app}.{step}@{it}"));
    let without: Vec<String> =
        versions.iter().filter(lacking).map(|it| format!("`{it}`")).collect();
    if without.len() == versions.len() {
        return Some(nowhere(english, app, step));
    }
    let without = without.join(", ");
    (!without.is_empty()).then(|| format!("no wording of `{step}` for version {without}"))
}

fn nowhere(english: &Language, app: &str, step: &str) -> String {
    let known = tasks(english).filter(|it| it.app == app || it.app == ANY);
    let known: Vec<&str> = known.map(|it| it.step).collect();
    let own = format!("`task.{app}.{step}` or ");
    let own = if app == ANY { "" } else { &own };
    let meant = did_you_mean(step, &known);
    format!("no wording {own}`task.{ANY}.{step}`{meant}")
}

/// A step list belongs to an app, a version of it, and some procedure; otherwise nobody reads it.
pub fn used(files: &Files, languages: &[Language]) -> Vec<Finding> {
    let mut apps = names::<App>(files);
    apps.push(ANY.to_owned());
    let english = languages.iter().filter(|language| language.name == ENGLISH);
    let mut findings = Vec::new();
    for task in english.flat_map(tasks) {
        let wrong = if apps.iter().any(|app| app == task.app) {
            unread(files, &task)
        } else {
            Some(no_such("app", task.app, &apps))
        };
        findings.extend(wrong.map(|message| task.text.finding(message)));
    }
    findings
}

fn unread(files: &Files, task: &Task<'_>) -> Option<String> {
    let app = entries::<App>(files).find(|(_, it)| it.id.get_ref() == task.app);
    let versions = app.map_or(&[][..], |(_, it)| it.versions.as_slice());
    if let Some(version) = task.version.filter(|it| versions.iter().all(|known| known != it)) {
        return Some(no_such(&format!("version of `{}`:", task.app), version, versions));
    }
    let serving = entries::<Procedure>(files)
        .map(|(_, it)| it)
        .filter(|it| task.app == ANY || it.app.get_ref() == ANY || it.app.get_ref() == task.app);
    let steps: Vec<&String> = serving.flat_map(|it| &it.steps).map(Spanned::get_ref).collect();
    let read = steps.iter().any(|step| *step == task.step);
    let meant = did_you_mean(task.step, &steps);
    (!read).then(|| format!("no procedure has the step `{}`{meant}", task.step))
}

/// The parts of a key `task.<app>.<step>@<version>`.
struct Task<'a> {
    app: &'a str,
    step: &'a str,
    version: Option<&'a str>,
    text: &'a super::wording::Text<'a>,
}

fn tasks<'a>(language: &'a Language<'a>) -> impl Iterator<Item = Task<'a>> {
    language.texts.values().filter_map(|text| {
        let (app, step) = text.key.strip_prefix("task.")?.split_once('.')?;
        let (step, version) = match step.split_once('@') {
            Some((step, version)) => (step, Some(version)),
            None => (step, None),
        };
        Some(Task { app, step, version, text })
    })
}

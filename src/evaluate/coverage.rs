//! How much of what is known to be shown and asked for the knowledge covers.

use crate::intake;
use crate::knowledge::Knowledge;

/// A kind of thing to cover: how many there are, and those that are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// What is counted.
    pub kind: String,
    /// How many there are.
    pub of: usize,
    /// Those not covered, as they are written.
    pub missing: Vec<String>,
}

impl Covered {
    fn count(&mut self, name: &str, covered: bool) {
        self.of += 1;
        if !covered {
            self.missing.push(name.to_owned());
        }
    }
}

/// Texts that apps and servers show, one a line behind their kind and a tab: covered when intake
/// recognises a signature. Kinds stand in the order of their first line.
#[must_use]
pub fn texts(kb: &Knowledge, lines: &str) -> Vec<Covered> {
    let mut all: Vec<Covered> = Vec::new();
    for (kind, text) in lines.lines().filter_map(|line| line.split_once('\t')) {
        let recognised = !intake::read(kb, text).found.is_empty();
        match all.iter_mut().find(|it| it.kind == kind) {
            Some(known) => known.count(text, recognised),
            None => {
                let mut new = Covered { kind: kind.to_owned(), ..Covered::default() };
                new.count(text, recognised);
                all.push(new);
            }
        }
    }
    all
}

/// Every mail app with every task: covered when the app has steps for it.
#[must_use]
pub fn tasks(kb: &Knowledge) -> Covered {
    let mut covered = Covered { kind: "app × task".to_owned(), ..Covered::default() };
    let actions = kb.actions.iter().map(|action| action.key.as_str());
    let tasks: Vec<&str> =
        ["settings-check", "exact-error", "test-message"].into_iter().chain(actions).collect();
    for app in &kb.apps {
        for task in &tasks {
            let known = app.procedures.iter().any(|it| it.task == *task && !it.steps.is_empty());
            covered.count(&format!("{} × {task}", app.key), known);
        }
    }
    covered
}

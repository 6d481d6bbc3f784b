//! `knowledge coverage`: what is known to be shown by apps and servers, and what each app can be led
//! through, against the knowledge.

use std::fs;
use std::process::ExitCode;

use crate::command::{Failure, say};
use crate::evaluate::{Covered, tasks, texts};
use crate::knowledge;

pub(super) fn run(file: &str) -> Result<ExitCode, Failure> {
    let lines =
        fs::read_to_string(file).map_err(|it| Failure(format!("cannot read `{file}`: {it}")))?;
    let kb = knowledge::embedded();
    let mut all = texts(&kb, &lines);
    if all.is_empty() {
        return Err(Failure(format!("`{file}` holds no line of the form KIND<tab>TEXT")));
    }
    all.push(tasks(&kb));
    all.iter().for_each(print);
    let complete = all.iter().all(|it| it.missing.is_empty());
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(covered: &Covered) {
    let Covered { kind, of, missing } = covered;
    say(&format!("{kind}: {} of {of}", of - missing.len()));
    for it in missing {
        say(&format!("  missing: {it}"));
    }
}

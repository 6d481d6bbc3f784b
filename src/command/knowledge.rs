//! `knowledge`: lint, graph and coverage.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use crate::command::options::Options;
use crate::command::{Failure, coverage, graph, reading, say};
use crate::knowledge::compile::compile;
use crate::knowledge::files::Files;
use crate::knowledge::finding::Finding;
use crate::knowledge::lint::lint;

const HELP: &str = "\
outbox-doctor knowledge lint [FOLDER]    FOLDER is static/knowledge unless given
outbox-doctor knowledge graph
outbox-doctor knowledge coverage [TEXTS.tsv]    tests/facts.tsv unless given
outbox-doctor knowledge reading FILE.tsv… [--knowledge FOLDER] [--misses]

  outbox-doctor knowledge lint
  outbox-doctor knowledge graph > knowledge.svg
  outbox-doctor knowledge coverage
  outbox-doctor knowledge reading tests/reading/history.tsv --misses

lint prints every finding with file, line and key; exit code 1 if there is one. graph draws which
observations speak for which faults (at least twice as likely) and which actions repair them.
coverage counts the texts (KIND<tab>TEXT a line) that intake recognises, and the tasks that each app
has steps for; exit code 1 if one is missing. reading counts, label by label, how many of the sentences
that state it (`observation=answer<tab>sentence` a line) are read so, and how many others are.";

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &["knowledge"], &["misses", "help"])?;
    let plain: Vec<&str> = options.plain.iter().map(String::as_str).collect();
    match plain.as_slice() {
        _ if options.has("help") => Ok(say(HELP)),
        ["graph"] => Ok(say(graph::svg(&crate::knowledge::embedded()).trim_end())),
        ["coverage"] => coverage::run("tests/facts.tsv"),
        ["coverage", file] => coverage::run(file),
        ["reading", files @ ..] if !files.is_empty() => {
            let kb = match options.value("knowledge") {
                Some(folder) => compile(&self::files(folder)?),
                None => crate::knowledge::embedded(),
            };
            reading::run(&kb, files, options.has("misses"))
        }
        ["reading"] => Err(Failure::usage("name at least one file of sentences")),
        ["lint"] => lint_folder("static/knowledge"),
        ["lint", folder] => lint_folder(folder),
        ["graph", extra, ..] | ["lint" | "coverage", _, extra, ..] => {
            Err(Failure::usage(format!("unexpected argument `{extra}`")))
        }
        [] => Err(Failure::usage(
            "say what to do with the knowledge: `knowledge lint`, `knowledge graph` or `knowledge coverage`",
        )),
        [other, ..] => Err(Failure::usage(format!("unknown command `knowledge {other}`"))),
    }
}

/// The files of a knowledge folder that the linter passes.
pub(super) fn files(folder: &str) -> Result<Files, Failure> {
    let first = |findings: &[Finding]| findings.first().map(Finding::to_string).unwrap_or_default();
    let files = Files::read(Path::new(folder)).map_err(|it| Failure(first(&it)))?;
    match lint(&files).as_slice() {
        [] => Ok(files),
        findings => Err(Failure(format!(
            "{}; `outbox-doctor knowledge lint {folder}` shows all {} findings",
            first(findings),
            findings.len()
        ))),
    }
}

fn lint_folder(folder: &str) -> Result<ExitCode, Failure> {
    let path = Path::new(folder);
    if !path.is_dir() {
        return Err(Failure(format!(
            "no folder `{folder}`; run it in the project's root or name the knowledge folder"
        )));
    }
    let findings = Files::read(path).map_or_else(|findings| findings, |files| lint(&files));
    for Finding { file, line, key, message } in &findings {
        let separator = if key.is_empty() { "" } else { ": " };
        say(&format!("{folder}/{file}:{line}: {key}{separator}{message}"));
    }
    say(&match findings.len() {
        0 => "knowledge: no findings".to_owned(),
        1 => "knowledge: 1 finding".to_owned(),
        n => format!("knowledge: {n} findings"),
    });
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

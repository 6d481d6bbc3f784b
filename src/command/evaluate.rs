//! `evaluate`: scores on real cases.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::evaluate::{Case, Report, read_cases};
use crate::knowledge::{self, Knowledge};

const HELP: &str = "\
outbox-doctor evaluate CASES.jsonl… [--json] [--cases]

  outbox-doctor evaluate ../shared/cases/charter.jsonl ../shared/cases/other.jsonl

Scores each file, and all of them together if there are several. --cases adds a line per case.";

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &[], &["json", "cases", "help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    if options.plain.is_empty() {
        return Err(Failure::usage("name at least one file of cases"));
    }
    let reports = reports(&knowledge::embedded(), &options.plain)?;
    if options.has("json") {
        return Ok(say(&serde_json::to_string_pretty(&reports)?));
    }
    for report in &reports {
        say(report.to_string().trim_end());
        if options.has("cases") {
            for it in &report.results {
                let mark = if it.solved { "solved" } else { "not solved" };
                let path = it.path.join(" > ");
                say(&format!("    {} {:?} top {:?} {mark}: {path}", it.id, it.faults, it.top));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn reports(kb: &Knowledge, files: &[String]) -> Result<Vec<Report>, Failure> {
    let mut all: Vec<Case> = Vec::new();
    let mut reports = Vec::new();
    for file in files {
        let cases = read_cases(Path::new(file))?;
        reports.push(Report::of(kb, file, &cases));
        all.extend(cases);
    }
    if files.len() > 1 {
        reports.push(Report::of(kb, "all files", &all));
    }
    Ok(reports)
}

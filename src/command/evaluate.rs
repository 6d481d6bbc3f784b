//! `evaluate`: scores on real cases.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use crate::command::knowledge::files;
use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::evaluate::{Case, Reader, Report, count, intake, intake_with_facts, read_cases, sum};
use crate::knowledge::compile::compile;
use crate::knowledge::files::Files;
use crate::knowledge::source::Fitted;
use crate::knowledge::{self, Knowledge};

const HELP: &str = "\
outbox-doctor evaluate CASES.jsonl… [--leave-one-out] [--facts] [--knowledge FOLDER] [--json] [--cases]

  outbox-doctor evaluate ../shared/cases/charter.jsonl ../shared/cases/other.jsonl

Scores each file, and all of them together if there are several. --cases adds a line per case.
--leave-one-out judges each case by numbers fitted to all the others; it reads the knowledge files
(static/knowledge unless given). Without it, --knowledge scores that folder as it is.
--facts tells the engine every fact that the case states before it ranks: what perfect reading would come to.";

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(
        arguments,
        &["knowledge"],
        &["leave-one-out", "facts", "json", "cases", "help"],
    )?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    if options.plain.is_empty() {
        return Err(Failure::usage("name at least one file of cases"));
    }
    let files: Vec<(String, Vec<Case>)> = options
        .plain
        .iter()
        .map(|file| Ok((file.clone(), read_cases(Path::new(file))?)))
        .collect::<Result<_, Failure>>()?;
    let all: Vec<&Case> = files.iter().flat_map(|(_, cases)| cases).collect();
    let judges = Judges::of(&options, &all)?;
    let reader: Reader = if options.has("facts") { intake_with_facts } else { intake };
    let reports = reports(&files, &judges, reader);
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

fn reports(files: &[(String, Vec<Case>)], judges: &Judges, reader: Reader) -> Vec<Report> {
    let mut all = Vec::new();
    let mut reports = Vec::new();
    let mut next = judges.iter();
    for (name, cases) in files {
        let judged: Vec<(&Case, &Knowledge)> = cases.iter().zip(next.by_ref()).collect();
        reports.push(Report::of(name, &judged, reader));
        all.extend(judged);
    }
    if files.len() > 1 {
        reports.push(Report::of("all files", &all, reader));
    }
    reports
}

/// The knowledge each case is judged by.
enum Judges {
    /// The same for every case.
    One(Box<Knowledge>),
    /// One a case, in the order of the cases.
    Each(Vec<Knowledge>),
}

impl Judges {
    fn of(options: &Options, cases: &[&Case]) -> Result<Judges, Failure> {
        let folder = options.value("knowledge");
        if options.has("leave-one-out") {
            Ok(Judges::Each(leave_one_out(files(folder.unwrap_or("static/knowledge"))?, cases)))
        } else if let Some(folder) = folder {
            Ok(Judges::One(Box::new(compile(&files(folder)?))))
        } else {
            Ok(Judges::One(Box::new(knowledge::embedded())))
        }
    }

    fn iter(&self) -> Box<dyn Iterator<Item = &Knowledge> + '_> {
        match self {
            Judges::One(kb) => Box::new(std::iter::repeat(&**kb)),
            Judges::Each(kbs) => Box::new(kbs.iter()),
        }
    }
}

fn leave_one_out(files: Files, cases: &[&Case]) -> Vec<Knowledge> {
    let expert = compile(&files.clone().with_fitted(None));
    let counts: Vec<Fitted> = cases.iter().map(|case| count(&expert, case)).collect();
    let others = |left_out: usize| {
        counts.iter().enumerate().filter(move |(at, _)| *at != left_out).map(|(_, it)| it)
    };
    (0..cases.len()).map(|at| compile(&files.clone().with_fitted(Some(sum(others(at)))))).collect()
}

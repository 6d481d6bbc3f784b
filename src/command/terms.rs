//! `terms`: counts the words of reports and writes them beside the experts' numbers.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::command::knowledge::files;
use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::evaluate::{count_terms, read_cases, terms_toml};
use crate::knowledge::compile::compile;

const HELP: &str = "\
outbox-doctor terms REPORTS.jsonl… [--knowledge FOLDER]

  outbox-doctor terms tests/cases/written/*.jsonl

Counts in how many reports of each fault a word stands and writes FOLDER/terms.toml
(static/knowledge unless given); build again. Never give it cases that are used to score.";

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &["knowledge"], &["help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    if options.plain.is_empty() {
        return Err(Failure::usage("name at least one file of reports"));
    }
    let folder = options.value("knowledge").unwrap_or("static/knowledge");
    let kb = compile(&files(folder)?);
    let mut reports = Vec::new();
    for file in &options.plain {
        reports.extend(read_cases(Path::new(file))?);
    }
    let mut terms = count_terms(&kb, &reports);
    let names = options.plain.iter().filter_map(|it| Path::new(it).file_name()?.to_str());
    terms.source = names.collect::<Vec<_>>().join(", ");
    let path = Path::new(folder).join("terms.toml");
    fs::write(&path, terms_toml(&terms))
        .map_err(|it| Failure(format!("cannot write `{}`: {it}", path.display())))?;
    let (words, reports) = (terms.word.len(), reports.len());
    Ok(say(&format!("{}: {words} words of {reports} reports; build again", path.display())))
}

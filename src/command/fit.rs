//! `fit`: counts what real cases say and writes it beside the experts' numbers.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::command::knowledge::files;
use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::evaluate::{count, read_cases, sum, toml};
use crate::knowledge::compile::compile;

const HELP: &str = "\
outbox-doctor fit CASES.jsonl… [--knowledge FOLDER]

  outbox-doctor fit ../shared/cases/charter.jsonl ../shared/cases/other.jsonl

Counts what the cases say and writes FOLDER/fitted.toml (static/knowledge unless given); the build
then moves the experts' numbers by these counts. `evaluate --leave-one-out` says what that is worth.";

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &["knowledge"], &["help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    if options.plain.is_empty() {
        return Err(Failure::usage("name at least one file of cases"));
    }
    let folder = options.value("knowledge").unwrap_or("static/knowledge");
    let expert = compile(&files(folder)?.with_fitted(None));
    let mut counts = Vec::new();
    for file in &options.plain {
        counts.extend(read_cases(Path::new(file))?.iter().map(|case| count(&expert, case)));
    }
    let mut fitted = sum(&counts);
    let names = options.plain.iter().filter_map(|it| Path::new(it).file_name()?.to_str());
    fitted.source = names.collect::<Vec<_>>().join(", ");
    let path = Path::new(folder).join("fitted.toml");
    fs::write(&path, toml(&fitted))
        .map_err(|it| Failure(format!("cannot write `{}`: {it}", path.display())))?;
    Ok(say(&format!("{}: {} cases counted; build again", path.display(), fitted.cases)))
}

//! The command line: one file per command, one line per failure.

mod browser;
mod check;
mod coverage;
mod diagnose;
mod evaluate;
mod fit;
mod graph;
mod knowledge;
mod options;
mod policy;
mod prose;
mod reading;
mod serve;
mod terms;

use std::ffi::OsString;
use std::process::ExitCode;

/// Why a command failed: one line that says what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl Failure {
    fn usage(what: impl std::fmt::Display) -> Failure {
        Failure(format!("{what}; `outbox-doctor --help` lists the commands"))
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(error.to_string())
    }
}

const HELP: &str = "\
outbox-doctor: from \"my mail does not go out\" to the fix

  outbox-doctor [serve] [--port N]       the app and the probe on this computer (port 8025)
      [--lab]                            with a few broken servers in place of the internet
  outbox-doctor serve --public           the probe for everybody; serve --help has its flags
  outbox-doctor diagnose --text TEXT     what is wrong and what to do next
      [--app APP] [--domain DOMAIN] [--json]
  outbox-doctor check DOMAIN             is it them, or my network? [--json] [--alone]
  outbox-doctor evaluate CASES.jsonl…    score the engine on real cases [--json] [--cases]
  outbox-doctor fit CASES.jsonl…         move the numbers by real cases
  outbox-doctor terms REPORTS.jsonl…     count the words of reports
  outbox-doctor policy MODEL.json…       the planner against the optimum [--json]
  outbox-doctor knowledge lint [FOLDER]  check the knowledge files (static/knowledge)
  outbox-doctor knowledge graph          faults, what shows and what repairs them (SVG)
  outbox-doctor --help | --version       COMMAND --help shows an example

Texts are read on this computer and sent nowhere. Only `check` and `serve` connect, to mail
servers; they never sign in. Never type a password.";

/// Runs the command line; the name of the program is not among `arguments`.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    match dispatch(arguments) {
        Ok(code) => code,
        Err(Failure(message)) => {
            eprintln!("outbox-doctor: {message}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(mut arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let command = arguments.first().and_then(|it| it.to_str()).unwrap_or("").to_owned();
    if !command.starts_with('-') && !command.is_empty() {
        arguments.remove(0);
    }
    match command.as_str() {
        "check" => check::run(arguments),
        "diagnose" => diagnose::run(arguments),
        "evaluate" => evaluate::run(arguments),
        "fit" => fit::run(arguments),
        "knowledge" => knowledge::run(arguments),
        "policy" => policy::run(arguments),
        "terms" => terms::run(arguments),
        "--help" | "-h" | "help" => Ok(say(HELP)),
        "--version" | "-V" => Ok(say(concat!("outbox-doctor ", env!("CARGO_PKG_VERSION")))),
        "" | "serve" => serve::run(arguments),
        flag if flag.starts_with('-') => serve::run(arguments),
        other => Err(Failure::usage(format!("unknown command `{other}`"))),
    }
}

/// Prints to standard output. A reader that has gone away is no failure.
fn say(text: &str) -> ExitCode {
    use std::io::Write;
    let _gone = writeln!(std::io::stdout(), "{text}");
    ExitCode::SUCCESS
}

//! The repository's own commands, so that README, CI and a first-time visitor
//! all need exactly one line: `cargo xtask start` or `cargo xtask test`.
//!
//! Reading order: `place` (where things are), `progress` and `shell` (running a
//! command so that a person sees it is alive), `tools`, `system` and `debs` (getting
//! what is missing), `site` (what is built), then one file per command.

mod bench_probe;
mod debs;
mod fuzz;
mod place;
mod progress;
mod shell;
mod site;
mod sizes;
mod start;
mod system;
mod test;
mod tools;

use anyhow::{Result, bail};
use std::env;
use std::process::ExitCode;

/// Also read by `tests/tidy.rs`: README may only name commands listed here.
const USAGE: &str = "\
usage: cargo xtask <command>

  cargo xtask start [--port N] [--no-serve]
      install what is missing, build the app and the program, serve it on
      127.0.0.1 (port 8025 unless told); --no-serve stops after building
  cargo xtask test [part ...]
      run every check, or only the parts named: fmt, clippy, native, render,
      docs, browser, site, e2e, knowledge, tidy; and, only when they are
      named, lab, which native contains, bench, which prints how long
      intake and decisions take, and paint, which prints how long it takes
      from a click until the next step is on the screen
  cargo xtask size
      print how large the built page's files are, plain and compressed
  cargo xtask bench-probe
      print how many requests the probe answers, next to nginx and a file,
      and how long a check takes, next to swaks and openssl
  cargo xtask fuzz [SECONDS]
      feed every reader of foreign bytes with bytes of the fuzzer's own, for
      so long in all (120); fails if one of them does not hold
  cargo xtask help
      print this text
";

/// What the command line asked for.
#[derive(Debug, PartialEq)]
enum Task {
    Start(start::Options),
    Test(Vec<String>),
    Size,
    BenchProbe,
    Fuzz(u64),
    Help,
}

fn main() -> ExitCode {
    let words: Vec<String> =
        env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    match parse(&words) {
        Err(error) => report(&error, 2),
        Ok(task) => run(task).unwrap_or_else(|error| report(&error, 1)),
    }
}

/// One line, whatever the depth of the error: the outermost sentence says what to do.
fn report(error: &anyhow::Error, code: u8) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(code)
}

fn run(task: Task) -> Result<ExitCode> {
    match task {
        Task::Start(options) => start::run(&place::Place::find()?, &options)?,
        Task::Test(parts) => return test::run(&place::Place::find()?, &parts),
        Task::Size => sizes::run(&place::Place::find()?)?,
        Task::BenchProbe => bench_probe::run(&place::Place::find()?)?,
        Task::Fuzz(seconds) => fuzz::run(&place::Place::find()?, seconds)?,
        Task::Help => print!("{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(words: &[String]) -> Result<Task> {
    let Some((command, rest)) = words.split_first() else {
        bail!(
            "no command given; say `cargo xtask start`, or `cargo xtask help` for the other commands"
        );
    };
    match command.as_str() {
        "start" => Ok(Task::Start(start::parse(rest)?)),
        "test" => Ok(Task::Test(test::parse(rest)?)),
        "size" => alone("size", rest).map(|()| Task::Size),
        "bench-probe" => alone("bench-probe", rest).map(|()| Task::BenchProbe),
        "fuzz" => Ok(Task::Fuzz(fuzz::parse(rest)?)),
        "help" | "--help" | "-h" => alone("help", rest).map(|()| Task::Help),
        other => bail!(
            "unknown command `{other}`; use start, test, size, bench-probe, fuzz or help (`cargo xtask help` explains them)"
        ),
    }
}

/// A command without arguments refuses any, so that a typing error is never ignored.
fn alone(command: &str, rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(word) => bail!("`{command}` takes no argument, but got `{word}`; leave it out"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let actual = match parse(&words) {
            Ok(task) => format!("{task:?}"),
            Err(error) => format!("{error:#}"),
        };
        assert!(actual.contains(expected), "`{line}` gave: {actual}");
    }

    #[test]
    fn commands_and_flags_are_understood() {
        check("start", "Start(Options { port: 8025, serve: true })");
        check("start --port 9000 --no-serve", "port: 9000, serve: false");
        check("start --port=0", "port: 0");
        check("test fmt tidy", r#"Test(["fmt", "tidy"])"#);
        check("size", "Size");
        check("bench-probe", "BenchProbe");
        check("fuzz", "Fuzz(120)");
        check("fuzz 3600", "Fuzz(3600)");
        check("--help", "Help");
    }

    #[test]
    fn mistakes_are_named_with_what_to_do() {
        check("", "no command given");
        check("strat", "unknown command `strat`");
        check("start --prot 1", "unknown flag `--prot`");
        check("start --port", "`--port` needs a number");
        check("start --port 70000", "`70000` is not a port");
        check("test fnt", "unknown part `fnt`");
        check("size now", "`size` takes no argument");
        check("fuzz long", "`long` is no number of seconds");
        check("fuzz 0", "`0` is no number of seconds");
        check("fuzz 1 reply", "got also `reply`");
    }

    #[test]
    fn the_usage_text_names_every_part() {
        for part in test::names() {
            assert!(USAGE.contains(part), "USAGE does not name `{part}`; add it");
        }
    }
}

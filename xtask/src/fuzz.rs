//! `cargo xtask fuzz`: bytes of the fuzzer's own into every reader of foreign bytes, one reader after
//! the other. Rust's stable compiler has the instrumentation libFuzzer needs; the sanitizers, which
//! it has not, look for errors that code without `unsafe` cannot make.

use crate::place::Place;
use crate::progress::{Progress, seconds};
use crate::shell;
use crate::tools;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Unless told, a look that takes no longer than a break.
const SECONDS: u64 = 120;
/// No input may take longer, in seconds, nor more memory, in MB.
const LIMITS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];
/// Longer inputs say little more and make the fuzzer slow.
const LONGEST: &str = "-max_len=8192";

/// Where the fuzz targets are, and where their work is kept.
struct Lane<'a> {
    place: &'a Place,
    project: PathBuf,
    work: PathBuf,
}

/// What became of one target.
#[derive(Debug, Default, PartialEq)]
struct Ran {
    executions: String,
    /// Edges of the program that were reached.
    edges: String,
    /// The inputs that reach them.
    corpus: String,
    finding: bool,
}

pub fn parse(words: &[String]) -> Result<u64> {
    match words {
        [] => Ok(SECONDS),
        [word] => word.parse().ok().filter(|it| *it > 0).with_context(|| {
            format!("`{word}` is no number of seconds; say `cargo xtask fuzz 600`")
        }),
        [_, word, ..] => bail!("`fuzz` takes one number of seconds, but got also `{word}`"),
    }
}

pub fn run(place: &Place, time: u64) -> Result<()> {
    let mut progress = Progress::new(2);
    tools::cargo_fuzz(place, &mut progress)?;
    let project = place.root.join("tests/fuzz");
    let lane = Lane { place, work: place.fuzz(), project };
    // what is fuzzed is what is shipped, down to the versions
    fs::copy(place.root.join("Cargo.lock"), lane.project.join("Cargo.lock"))
        .context("cannot copy Cargo.lock to tests/fuzz")?;
    let begun = progress.begin("fuzz targets", "building, some minutes at first …");
    shell::quietly(&mut lane.build())?;
    Progress::done(begun);
    let targets = lane.targets()?;
    let share = (time / targets.len().max(1) as u64).max(1);
    println!("| reader | time | executions | edges | inputs | |\n|---|--:|--:|--:|--:|---|");
    let mut failed = Vec::new();
    for target in targets {
        let begun = Instant::now();
        let ran = lane.fuzz(&target, share)?;
        println!("{}", row(&target, &ran, begun.elapsed()));
        failed.extend(ran.finding.then_some(target));
    }
    if !failed.is_empty() {
        bail!(
            "found something in {}; the input is named above: keep it in tests/fuzz/corpus",
            failed.join(", ")
        );
    }
    Ok(())
}

fn row(target: &str, ran: &Ran, time: Duration) -> String {
    let said = if ran.finding { "FOUND SOMETHING" } else { "ok" };
    let Ran { executions, edges, corpus, .. } = ran;
    format!("| {target} | {} | {executions} | {edges} | {corpus} | {said} |", seconds(time))
}

impl Lane<'_> {
    fn build(&self) -> Command {
        let mut cargo = self.place.cargo("fuzz build --sanitizer none --fuzz-dir");
        cargo.arg(&self.project).arg("--target-dir").arg(self.work.join("target"));
        cargo
    }

    /// A built target; run as it is, so that nothing is built anew while the fuzzer runs.
    fn program(&self, target: &str) -> Result<PathBuf> {
        let host = shell::ask(self.place.command("rustc").args(["--print", "host-tuple"]));
        let host = host.context("rustc does not say for which system it builds")?;
        Ok(self.work.join("target").join(host).join("release").join(target))
    }

    /// As the manifest has them, one file each.
    fn targets(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for file in fs::read_dir(self.project.join("targets")).context("no tests/fuzz/targets")? {
            names.extend(file?.path().file_stem().map(|it| it.to_string_lossy().into_owned()));
        }
        names.sort();
        Ok(names)
    }

    /// What it finds is new goes to a folder of its own; the kept inputs are only read.
    fn fuzz(&self, target: &str, time: u64) -> Result<Ran> {
        let new = self.work.join("corpus").join(target);
        fs::create_dir_all(&new).with_context(|| format!("cannot write {}", new.display()))?;
        let found = self.work.join("found");
        fs::create_dir_all(&found).with_context(|| format!("cannot write {}", found.display()))?;
        let mut command = self.place.command(self.program(target)?);
        command.arg(&new).arg(self.project.join("corpus").join(target)).args(LIMITS).arg(LONGEST);
        command.arg(format!("-max_total_time={time}")).arg("-print_final_stats=1");
        command.arg(format!("-artifact_prefix={}/{target}-", found.display()));
        command.env("RUST_BACKTRACE", "0").stderr(Stdio::piped());
        let mut child = command.spawn().context("a fuzz target does not start")?;
        let mut lines = Vec::new();
        if let Some(pipe) = child.stderr.take() {
            let heard = BufReader::new(pipe).split(b'\n').map_while(Result::ok);
            lines.extend(heard.map(|it| String::from_utf8_lossy(&it).into_owned()));
        }
        let finding = !child.wait()?.success();
        if finding {
            let said = lines.iter().filter(|it| !it.starts_with(['#', '\t', ' ']));
            said.for_each(|it| println!("      | {it}"));
        }
        Ok(Ran { finding, ..read(&lines) })
    }
}

/// What libFuzzer says at its end: `stat::number_of_executed_units: 7` and, before that,
/// `#7 DONE cov: 20 ft: 31 corp: 5/40b …`.
fn read(lines: &[String]) -> Ran {
    let mut ran = Ran::default();
    for line in lines {
        if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
            ran.executions = count.trim().to_owned();
        }
        let mut words = line.split_whitespace().skip_while(|_| !line.starts_with('#'));
        while let Some(word) = words.next() {
            match word {
                "cov:" => ran.edges = words.next().unwrap_or("?").to_owned(),
                "corp:" => {
                    let count = words.next().and_then(|it| it.split('/').next());
                    ran.corpus = count.unwrap_or("?").to_owned();
                }
                _ => {}
            }
        }
    }
    ran
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_says_is_read() {
        let said = "INFO: Seed: 1\n#2\tINITED cov: 7 ft: 8 corp: 1/1b exec/s: 0 rss: 44Mb\n\
                    #99\tDONE   cov: 20 ft: 31 corp: 5/40b lim: 4 exec/s: 9 rss: 44Mb\n\
                    stat::number_of_executed_units: 99\nstat::peak_rss_mb: 44\n";
        let lines: Vec<String> = said.lines().map(str::to_owned).collect();
        let ran = read(&lines);
        assert_eq!(
            ran,
            Ran { executions: "99".into(), edges: "20".into(), corpus: "5".into(), finding: false }
        );
    }
}

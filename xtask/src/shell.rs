//! Running a command so that a person sees it is alive and, when it fails, why.

use crate::progress::{Progress, seconds};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A silent minute looks like a hang; a line each second hides what matters.
const TICK: Duration = Duration::from_secs(10);

/// Enough of a failed command's output to hold a compiler's first error and its context.
const TAIL: usize = 60;

/// Shows the command's own output as it comes.
pub fn stream(command: &mut Command) -> Result<()> {
    let name = name(command);
    println!("$ {name}");
    let status = command.status().with_context(|| cannot_start(&name))?;
    if !status.success() {
        bail!("`{name}` failed ({status}); its output is above");
    }
    Ok(())
}

/// Swallows the output, prints the latest line of it every ten seconds, and all that
/// matters of it when the command fails.
pub fn quietly(command: &mut Command) -> Result<()> {
    let name = name(command);
    let mut child = command
        // eighty lines of stack would push the tool's own message out of the tail
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(&name))?;
    let (sender, lines) = channel();
    follow(child.stdout.take(), sender.clone());
    follow(child.stderr.take(), sender);
    let output = collect(&lines);
    let status = child.wait().with_context(|| cannot_start(&name))?;
    if !status.success() {
        for line in output.iter().skip(output.len().saturating_sub(TAIL)) {
            eprintln!("      | {line}");
        }
        bail!("`{name}` failed ({status}); its last lines are above");
    }
    Ok(())
}

/// The first line a command prints, or nothing if it cannot be run or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().next().map(str::trim)?.to_owned();
    output.status.success().then_some(line)
}

/// The command as a person would type it.
pub fn name(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_stem().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_start(name: &str) -> String {
    format!("cannot start `{name}`; check that it is installed and on PATH")
}

fn follow(pipe: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(pipe) = pipe else { return };
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            // the receiver lives until both pipes end, so a failed send means nobody listens
            if lines.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                return;
            }
        }
    });
}

fn collect(lines: &Receiver<String>) -> Vec<String> {
    let begun = Instant::now();
    let mut next = TICK;
    let mut output = Vec::new();
    loop {
        match lines.recv_timeout(next.saturating_sub(begun.elapsed())) {
            Ok(line) => output.push(line),
            Err(RecvTimeoutError::Disconnected) => return output,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if begun.elapsed() >= next {
            let latest = output.iter().rev().find(|line| !line.trim().is_empty());
            let latest = latest.map_or("working", |line| line.trim());
            Progress::note(&format!("{}: {}", seconds(begun.elapsed()), short(latest)));
            next = begun.elapsed() + TICK;
        }
    }
}

/// Fits a terminal of 80 columns after our indent and time.
fn short(line: &str) -> String {
    line.chars().take(64).collect()
}

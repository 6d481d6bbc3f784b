//! `cargo xtask start`: from a fresh clone to the app in a browser.

use crate::place::Place;
use crate::progress::Progress;
use crate::site;
use anyhow::{Context, Result, bail};
use std::process::Command;

#[derive(Debug, PartialEq)]
pub struct Options {
    pub port: u16,
    pub serve: bool,
}

pub fn parse(words: &[String]) -> Result<Options> {
    let mut options = Options { port: 8025, serve: true };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match (word.as_str(), word.strip_prefix("--port=")) {
            (_, Some(number)) => options.port = port(number)?,
            ("--port", None) => {
                let number = words.next().context("`--port` needs a number, e.g. `--port 8025`")?;
                options.port = port(number)?;
            }
            ("--no-serve", None) => options.serve = false,
            (other, None) => bail!("unknown flag `{other}`; start takes --port N and --no-serve"),
        }
    }
    Ok(options)
}

fn port(number: &str) -> Result<u16> {
    number
        .parse()
        .ok()
        .with_context(|| format!("`{number}` is not a port; use a number from 0 to 65535"))
}

pub fn run(place: &Place, options: &Options) -> Result<()> {
    site::all(place, &mut Progress::new(site::STEPS))?;
    let program = place.program();
    if !options.serve {
        println!("built {}; run it, or `cargo xtask start`", program.display());
        return Ok(());
    }
    let mut command = place.command(&program);
    command.arg("--port").arg(options.port.to_string());
    become_it(command)
        .with_context(|| format!("the program stopped; run {} to see why", program.display()))
}

/// Takes this process's place, so that whoever stops `cargo xtask start` stops the server.
#[cfg(unix)]
fn become_it(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Result<()> {
    let status = command.status()?;
    if !status.success() {
        bail!("it ended with {status}");
    }
    Ok(())
}

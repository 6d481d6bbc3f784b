//! `cargo xtask test`: every check there is, the same here and in CI.

use crate::debs;
use crate::place::Place;
use crate::progress::{Progress, seconds};
use crate::shell;
use crate::site;
use crate::system;
use crate::tools;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What must be on the machine before a part can run.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Rustfmt,
    Clippy,
    WasmTarget,
    WasmBindgen,
    Browser,
    /// Good to have: without them the lab says what it skips.
    MailServers,
}

/// One named group of checks.
struct Part {
    name: &'static str,
    needs: &'static [Need],
    /// Whether page and program are built first.
    site: bool,
    environment: &'static [(&'static str, &'static str)],
    /// Only when it is named: it is in another part, or measures and checks nothing.
    on_demand: bool,
    /// Each is one call of cargo. All are run, whichever fails.
    cargo: &'static [&'static str],
}

const PLAIN: Part =
    Part { name: "", needs: &[], site: false, environment: &[], on_demand: false, cargo: &[] };

const PARTS: [Part; 13] = [
    Part { name: "fmt", needs: &[Need::Rustfmt], cargo: &["fmt --all --check"], ..PLAIN },
    Part {
        name: "clippy",
        needs: &[Need::Clippy, Need::WasmTarget],
        cargo: &[
            "clippy --package xtask --all-targets -- -D warnings",
            "clippy --all-targets -- -D warnings",
            "clippy --all-targets --features native -- -D warnings",
            "clippy --all-targets --features e2e -- -D warnings",
            "clippy --all-targets --features render -- -D warnings",
            "clippy --target wasm32-unknown-unknown --features app --lib --bin app --test web --test web_speed -- -D warnings",
        ],
        ..PLAIN
    },
    Part {
        name: "native",
        needs: &[Need::MailServers],
        cargo: &["test --package xtask", "test", "test --features native"],
        ..PLAIN
    },
    Part { name: "render", cargo: &["test --features render"], ..PLAIN },
    Part {
        name: "docs",
        environment: &[("RUSTDOCFLAGS", "-Dwarnings")],
        cargo: &["doc --no-deps"],
        ..PLAIN
    },
    Part {
        name: "browser",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        // the default of 20 s is short for two cores that just compiled
        environment: &[("WASM_BINDGEN_TEST_TIMEOUT", "120")],
        cargo: &["test --target wasm32-unknown-unknown --features app --test web"],
        ..PLAIN
    },
    Part { name: "site", site: true, ..PLAIN },
    Part {
        name: "e2e",
        needs: &[Need::Browser],
        site: true,
        cargo: &["test --features e2e --test e2e"],
        ..PLAIN
    },
    Part {
        name: "knowledge",
        cargo: &["run --features native --bin outbox-doctor -- knowledge lint"],
        ..PLAIN
    },
    Part { name: "tidy", cargo: &["test --test tidy"], ..PLAIN },
    Part {
        name: "lab",
        needs: &[Need::MailServers],
        on_demand: true,
        cargo: &["test --features native --test lab"],
        ..PLAIN
    },
    Part {
        name: "bench",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        site: true,
        environment: &[("WASM_BINDGEN_TEST_TIMEOUT", "300")],
        on_demand: true,
        cargo: &[
            "bench --bench speed",
            "test --profile wasm-release --target wasm32-unknown-unknown --features app --test web_speed -- --nocapture",
        ],
    },
    Part {
        name: "paint",
        needs: &[Need::Browser],
        site: true,
        on_demand: true,
        cargo: &["test --features e2e --test e2e -- --ignored --nocapture"],
        ..PLAIN
    },
];

/// The parts' names, in the order in which they run.
pub fn names() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|part| part.name)
}

pub fn parse(words: &[String]) -> Result<Vec<String>> {
    for word in words {
        if !names().any(|name| name == word) {
            let known = names().collect::<Vec<_>>().join(", ");
            bail!("unknown part `{word}`; use any of {known}, or none for all");
        }
    }
    Ok(words.to_vec())
}

/// Runs the parts wanted, all if none is named; the code tells whether any failed.
pub fn run(place: &Place, wanted: &[String]) -> Result<ExitCode> {
    // the native program embeds this folder, which a fresh clone does not have
    std::fs::create_dir_all(place.dist())
        .context("cannot make the folder `dist`; check that the repository is yours")?;
    let parts: Vec<&Part> = PARTS
        .iter()
        .filter(|part| match wanted {
            [] => !part.on_demand,
            named => named.iter().any(|name| name == part.name),
        })
        .collect();
    let machine = Machine::prepare(place, &parts);
    let results: Vec<Outcome> = parts.iter().map(|part| machine.run(part)).collect();
    Ok(summary(&results))
}

/// What came of a part.
struct Outcome {
    name: &'static str,
    time: Duration,
    errors: Vec<String>,
}

/// The machine with what the parts need, as far as it could be had.
struct Machine<'a> {
    place: &'a Place,
    driver: Option<PathBuf>,
    servers: Option<PathBuf>,
    missing: Vec<(Need, String)>,
}

impl Machine<'_> {
    /// What cannot be had fails only the parts that need it.
    fn prepare<'a>(place: &'a Place, parts: &[&Part]) -> Machine<'a> {
        let mut needs: Vec<Need> = Vec::new();
        for need in parts.iter().flat_map(|part| part.needs) {
            if !needs.contains(need) {
                needs.push(*need);
            }
        }
        let mut machine = Machine { place, driver: None, servers: None, missing: Vec::new() };
        let mut progress = Progress::new(needs.len());
        for need in needs {
            if let Err(error) = machine.get(need, &mut progress) {
                Progress::note(&format!("error: {error:#}"));
                machine.missing.push((need, format!("{error:#}")));
            }
        }
        machine
    }

    fn get(&mut self, need: Need, progress: &mut Progress) -> Result<()> {
        match need {
            Need::Rustfmt => tools::component(self.place, progress, "rustfmt", "fmt"),
            Need::Clippy => tools::component(self.place, progress, "clippy", "clippy"),
            Need::WasmTarget => tools::wasm_target(self.place, progress),
            Need::WasmBindgen => tools::wasm_bindgen(self.place, progress),
            Need::Browser => {
                self.driver = Some(system::chromedriver(self.place, progress)?);
                Ok(())
            }
            Need::MailServers => {
                match debs::mail_servers(self.place, progress) {
                    Ok(tree) => self.servers = Some(tree),
                    Err(error) => Progress::note(&format!("no mail servers: {error:#}")),
                }
                Ok(())
            }
        }
    }

    fn run(&self, part: &Part) -> Outcome {
        println!("\n== {} ==", part.name);
        let begun = Instant::now();
        let errors = self.errors(part);
        for error in &errors {
            eprintln!("error: {}: {error}", part.name);
        }
        Outcome { name: part.name, time: begun.elapsed(), errors }
    }

    fn errors(&self, part: &Part) -> Vec<String> {
        let lacking = self.missing.iter().filter(|(need, _)| part.needs.contains(need));
        let mut errors: Vec<String> = lacking.map(|(_, error)| error.clone()).collect();
        if errors.is_empty() && part.site {
            let built = site::all(self.place, &mut Progress::new(site::STEPS));
            errors.extend(built.err().map(|error| format!("{error:#}")));
        }
        if errors.is_empty() {
            let failures = part.cargo.iter().filter_map(|words| self.cargo(part, words).err());
            errors.extend(failures.map(|error| format!("{error:#}")));
        }
        errors
    }

    fn cargo(&self, part: &Part, words: &str) -> Result<()> {
        let mut command = self.place.cargo(words);
        command
            .envs(part.environment.iter().copied())
            .env("OUTBOX_DOCTOR_BIN", self.place.program())
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
        if let Some(driver) = &self.driver {
            command.env("CHROMEDRIVER", driver);
        }
        if let Some(servers) = &self.servers {
            command.env("OUTBOX_DOCTOR_MAIL_SERVERS", servers);
        }
        shell::stream(&mut command)
    }
}

/// The last line counts the parts in the form that CI reads from any language.
fn summary(results: &[Outcome]) -> ExitCode {
    println!("\n| part      | result | time  |\n|-----------|--------|-------|");
    for outcome in results {
        let result = if outcome.errors.is_empty() { "ok" } else { "FAILED" };
        let time = seconds(outcome.time);
        println!("| {:<9} | {result:<6} | {time:>5} |", outcome.name);
    }
    let failed: Vec<&Outcome> = results.iter().filter(|it| !it.errors.is_empty()).collect();
    for outcome in &failed {
        for error in &outcome.errors {
            println!("failed: {}: {error}", outcome.name);
        }
    }
    if !failed.is_empty() {
        let names: Vec<&str> = failed.iter().map(|it| it.name).collect();
        println!("mend these, then run `cargo xtask test {}`", names.join(" "));
    }
    println!("{} passed, {} failed", results.len() - failed.len(), failed.len());
    ExitCode::from(u8::from(!failed.is_empty()))
}

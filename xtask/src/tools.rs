//! Getting the tools that building and testing need, each in one pinned version.
//!
//! Nothing is downloaded as a finished program: cargo and npm are the only sources,
//! so a machine that reaches crates.io and npm can always build.

use crate::place::Place;
use crate::progress::Progress;
use crate::shell;
use crate::system;
use anyhow::{Context, Result, bail};
use std::process::Command;

pub const TRUNK: &str = "0.21.14";
/// Debian's is years older and does not know the instructions rustc emits today.
pub const BINARYEN: &str = "132.0.0";
pub const CARGO_FUZZ: &str = "0.13.2";
pub const WASM: &str = "wasm32-unknown-unknown";

/// `trunk-0.21.14`
pub fn folder(name: &str, version: &str) -> String {
    format!("{name}-{version}")
}

/// How wasm-opt can be run here, if it can.
pub enum WasmOpt {
    OnPath,
    /// npm ships it as JavaScript; asking node for it works on Windows too.
    Npm,
    /// The page works without it, only larger.
    Missing,
}

impl WasmOpt {
    /// Names the version for the record of what `dist` was built with.
    pub fn recipe(&self) -> &'static str {
        match self {
            WasmOpt::OnPath | WasmOpt::Npm => BINARYEN,
            WasmOpt::Missing => "none",
        }
    }

    pub fn command(&self, place: &Place) -> Option<Command> {
        match self {
            WasmOpt::OnPath => Some(place.command("wasm-opt")),
            WasmOpt::Npm => Some(npm_wasm_opt(place)),
            WasmOpt::Missing => None,
        }
    }
}

/// The standard library for the browser.
pub fn wasm_target(place: &Place, progress: &mut Progress) -> Result<()> {
    let what = format!("rust target {WASM}");
    let libdir =
        shell::ask(place.command("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if libdir.is_some_and(|dir| std::path::Path::new(&dir).is_dir()) {
        progress.already(&what);
        return Ok(());
    }
    let begun = progress.begin(&what, "installing, less than a minute …");
    shell::quietly(place.command("rustup").args(["target", "add", WASM])).with_context(|| {
        format!(
            "no {what}; install rustup from https://rustup.rs and run `rustup target add {WASM}`"
        )
    })?;
    Progress::done(begun);
    Ok(())
}

/// `rustfmt` or `clippy`.
pub fn component(
    place: &Place,
    progress: &mut Progress,
    name: &str,
    subcommand: &str,
) -> Result<()> {
    if shell::ask(place.cargo(subcommand).arg("--version")).is_some() {
        progress.already(name);
        return Ok(());
    }
    let begun = progress.begin(name, "installing, less than a minute …");
    shell::quietly(place.command("rustup").args(["component", "add", name]))
        .with_context(|| format!("no {name}; install rustup from https://rustup.rs and run `rustup component add {name}`"))?;
    Progress::done(begun);
    Ok(())
}

pub fn trunk(place: &Place, progress: &mut Progress) -> Result<()> {
    // The lock file that trunk ships makes the build repeatable.
    from_crates(
        place,
        progress,
        &Crate {
            name: "trunk",
            program: "trunk",
            version: TRUNK,
            locked: true,
            time: "about 3 minutes",
        },
    )
}

pub fn wasm_bindgen(place: &Place, progress: &mut Progress) -> Result<()> {
    // Not locked: what the lock file of 0.2.130 names cannot all be resolved any more.
    let version = &place.wasm_bindgen;
    from_crates(
        place,
        progress,
        &Crate {
            name: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version,
            locked: false,
            time: "about 2 minutes",
        },
    )
}

pub fn cargo_fuzz(place: &Place, progress: &mut Progress) -> Result<()> {
    from_crates(
        place,
        progress,
        &Crate {
            name: "cargo-fuzz",
            program: "cargo-fuzz",
            version: CARGO_FUZZ,
            locked: true,
            time: "about a minute",
        },
    )
}

struct Crate<'a> {
    name: &'a str,
    program: &'a str,
    version: &'a str,
    locked: bool,
    time: &'a str,
}

fn from_crates(place: &Place, progress: &mut Progress, tool: &Crate) -> Result<()> {
    let what = format!("{} {}", tool.name, tool.version);
    if has_version(place.command(tool.program), tool.version) {
        progress.already(&what);
        return Ok(());
    }
    let begun = progress.begin(&what, &format!("installing, {} …", tool.time));
    // A debug build: the tool runs for a second, compiling it with optimisation takes minutes.
    let mut install = place.cargo("install --debug");
    install.args([tool.name, "--version", tool.version]);
    if tool.locked {
        install.arg("--locked");
    }
    install.arg("--root").arg(place.tool(tool.name, tool.version));
    // The repository's own profile and target folder are no business of a foreign tool.
    install.env_remove("CARGO_TARGET_DIR");
    shell::quietly(&mut install)
        .with_context(|| format!("no {what}; check the network and run `cargo xtask` again"))?;
    if !has_version(place.command(tool.program), tool.version) {
        bail!(
            "{what} was installed but does not run; delete {} and try again",
            place.tool(tool.name, tool.version).display()
        );
    }
    Progress::done(begun);
    Ok(())
}

/// Never fails: without wasm-opt the page is only larger, and the reason is printed.
pub fn wasm_opt(place: &Place, progress: &mut Progress) -> WasmOpt {
    let what = format!("wasm-opt {BINARYEN}");
    if is_wasm_opt(place.command("wasm-opt")) {
        progress.already(&what);
        return WasmOpt::OnPath;
    }
    if is_wasm_opt(npm_wasm_opt(place)) {
        progress.already(&what);
        return WasmOpt::Npm;
    }
    let begun = progress.begin(&what, "installing from npm, about half a minute …");
    match npm_install(place) {
        Ok(()) => {
            Progress::done(begun);
            WasmOpt::Npm
        }
        Err(error) => {
            Progress::note(&format!("going on without it, the page gets larger: {error:#}"));
            WasmOpt::Missing
        }
    }
}

fn npm_install(place: &Place) -> Result<()> {
    system::node(place)?;
    let folder = place.tool("binaryen", BINARYEN);
    std::fs::create_dir_all(&folder).with_context(|| {
        format!("cannot write {}; set CARGO_HOME to a folder of yours", folder.display())
    })?;
    let mut npm = place.command(system::NPM);
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    npm.arg(&folder).arg(format!("binaryen@{BINARYEN}"));
    shell::quietly(&mut npm).context("npm could not install binaryen; check the network")?;
    if !is_wasm_opt(npm_wasm_opt(place)) {
        bail!("binaryen does not run with this node; install node 20 or newer");
    }
    Ok(())
}

fn npm_wasm_opt(place: &Place) -> Command {
    let script = place.tool("binaryen", BINARYEN).join("node_modules/binaryen/bin/wasm-opt");
    let mut node = place.command("node");
    node.arg(script);
    node
}

/// `wasm-opt version 132 (version_132)`: only the first number of ours is printed.
fn is_wasm_opt(command: Command) -> bool {
    let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
    has_version(command, major)
}

/// Whether the program says it is exactly this version: `trunk 0.21.14`.
fn has_version(mut command: Command, version: &str) -> bool {
    shell::ask(command.arg("--version"))
        .is_some_and(|line| line.split_whitespace().any(|word| word == version))
}

/// The version of a package in Cargo.lock, which cargo writes as two adjacent lines.
pub fn locked_version(lock: &str, package: &str) -> Result<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines
        .next()
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock names no `{package}`; run `cargo generate-lockfile`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_read_by_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").ok().as_deref(), Some("0.2.130"));
        assert!(locked_version(lock, "yew").is_err());
    }
}

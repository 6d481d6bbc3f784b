//! Where things are: the repository, its outputs, and the tools kept for it.

use crate::tools;
use anyhow::{Context, Result};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The paths every command needs, found once.
pub struct Place {
    pub root: PathBuf,
    /// The exact version that Cargo.lock holds; the command-line tool must be the same.
    pub wasm_bindgen: String,
    tools: PathBuf,
    profiles: PathBuf,
    path: OsString,
}

impl Place {
    pub fn find() -> Result<Place> {
        let root = root()?;
        let lock = root.join("Cargo.lock");
        let text = std::fs::read_to_string(&lock).with_context(|| {
            format!("cannot read {}; run `cargo generate-lockfile`", lock.display())
        })?;
        let wasm_bindgen = tools::locked_version(&text, "wasm-bindgen")?;
        let tools = cargo_home()?.join("outbox-doctor");
        let path = path_with(&[
            tools.join(tools::folder("trunk", tools::TRUNK)).join("bin"),
            tools.join(tools::folder("wasm-bindgen-cli", &wasm_bindgen)).join("bin"),
            tools.join(tools::folder("cargo-fuzz", tools::CARGO_FUZZ)).join("bin"),
        ])?;
        Ok(Place { root, wasm_bindgen, tools, profiles: profiles()?, path })
    }

    /// A tool's own folder, e.g. `~/.cargo/outbox-doctor/trunk-0.21.14`. The version
    /// is in the name, so that a newer checkout never breaks an older one.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.tools.join(tools::folder(name, version))
    }

    /// What trunk writes and the native program embeds.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The finished native program.
    pub fn program(&self) -> PathBuf {
        self.profiles.join("release").join(format!("outbox-doctor{}", env::consts::EXE_SUFFIX))
    }

    /// What the fuzzer builds and finds.
    pub fn fuzz(&self) -> PathBuf {
        self.profiles.join("fuzz")
    }

    /// Remembers what `dist` was built from. Not inside `dist`, which is published.
    pub fn stamp(&self) -> PathBuf {
        self.profiles.join("outbox-doctor-site.stamp")
    }

    /// A command run in the repository with our tools first on PATH.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).env("PATH", &self.path);
        if let Some(target) = env::var_os("CARGO_TARGET_DIR").and_then(|dir| absolute(&dir)) {
            // cargo read a relative path from where the user stood; the child stands in the root
            command.env("CARGO_TARGET_DIR", target);
        }
        command
    }

    /// The same cargo that runs us, so that one toolchain builds everything. The words
    /// are split at spaces; a path is added by the caller.
    pub fn cargo(&self, words: &str) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(Path::new(&cargo));
        command.args(words.split_whitespace());
        command
    }
}

fn root() -> Result<PathBuf> {
    // Asked at run time first: a target folder may be shared by several checkouts.
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent()
        .map(Path::to_owned)
        .context("cannot find the repository; run `cargo xtask` inside it")
}

/// The folder that holds `debug/` and `release/`. We run from its `debug/`, which is
/// true for any CARGO_TARGET_DIR, configured target folder or build target.
fn profiles() -> Result<PathBuf> {
    let exe = env::current_exe().context("cannot tell where xtask runs from; use `cargo xtask`")?;
    exe.ancestors()
        .nth(2)
        .map(Path::to_owned)
        .context("cannot find the target folder; start xtask with `cargo xtask`")
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME").and_then(|dir| absolute(&dir)) {
        return Ok(home);
    }
    env::home_dir()
        .map(|home| home.join(".cargo"))
        .context("no home folder; set CARGO_HOME to a folder that tools may be installed in")
}

fn absolute(dir: &OsString) -> Option<PathBuf> {
    std::path::absolute(dir).ok()
}

fn path_with(first: &[PathBuf]) -> Result<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&rest));
    env::join_paths(all)
        .context("a folder on PATH has a separator in its name; remove it from PATH")
}

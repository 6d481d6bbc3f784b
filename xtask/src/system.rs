//! What only the operating system can give: node for wasm-opt, a browser for tests.

use crate::place::Place;
use crate::progress::Progress;
use crate::shell;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::PathBuf;

/// Windows finds a script only by its full name.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Makes sure that node and npm can be run.
pub fn node(place: &Place) -> Result<()> {
    let there = |program| shell::ask(place.command(program).arg("--version")).is_some();
    if there("node") && there(NPM) {
        return Ok(());
    }
    apt(place, &["nodejs", "npm"]).context("no node; install node 20 or newer with npm")
}

/// Makes sure that a browser can be driven, and says where its driver is.
pub fn chromedriver(place: &Place, progress: &mut Progress) -> Result<PathBuf> {
    let what = "chromium and chromedriver";
    if let (Some(driver), true) = (driver(), has_browser()) {
        progress.already(what);
        return Ok(driver);
    }
    let begun = progress.begin(what, "installing, about a minute …");
    apt(place, &["chromium", "chromium-driver", "fonts-liberation"])
        .context("no browser to test in; install Chrome and the chromedriver of the same version, and put both on PATH")?;
    let driver = driver()
        .context("chromium-driver brought no chromedriver; set CHROMEDRIVER to its path")?;
    Progress::done(begun);
    Ok(driver)
}

/// Makes sure that there are a load generator for full load, one for a steady rate, and a server to
/// compare with.
pub fn load_tools(place: &Place, progress: &mut Progress) -> Result<()> {
    let what = "wrk, hey and nginx";
    let programs = ["wrk", "hey", "nginx"];
    if programs.iter().all(|program| on_path(program).is_some()) {
        progress.already(what);
        return Ok(());
    }
    let begun = progress.begin(what, "installing, less than a minute …");
    apt(place, &["wrk", "hey", "nginx-light"])
        .context("no load generator; install wrk, hey and nginx, and put them on PATH")?;
    Progress::done(begun);
    Ok(())
}

/// Makes sure that there is what else people check a mail server with.
pub fn mail_tools(place: &Place, progress: &mut Progress) -> Result<()> {
    let what = "swaks and openssl";
    if ["swaks", "openssl"].iter().all(|program| on_path(program).is_some()) {
        progress.already(what);
        return Ok(());
    }
    let begun = progress.begin(what, "installing, less than a minute …");
    // swaks leaves it to the user whether it can speak TLS
    apt(place, &["swaks", "libnet-ssleay-perl", "openssl"])
        .context("no tool to compare with; install swaks (with Net::SSLeay) and openssl")?;
    Progress::done(begun);
    Ok(())
}

fn driver() -> Option<PathBuf> {
    let named = env::var_os("CHROMEDRIVER").map(PathBuf::from);
    named.filter(|path| path.is_file()).or_else(|| on_path("chromedriver"))
}

fn has_browser() -> bool {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    // macOS and Windows install Chrome outside PATH, where chromedriver knows to look
    names.iter().any(|name| on_path(name).is_some()) || !cfg!(target_os = "linux")
}

/// Asked of the environment, not by running the program: a browser may open a window.
fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// Makes apt know the packages of today, where it takes no password.
pub fn package_lists(place: &Place) -> Result<()> {
    if on_path("apt-get").is_none() {
        bail!("this system has no apt-get");
    }
    if is_root(place) {
        shell::quietly(place.command("apt-get").args(["-o", "DPkg::Lock::Timeout=300", "update"]))?;
    }
    Ok(())
}

fn is_root(place: &Place) -> bool {
    shell::ask(place.command("id").arg("-u")).is_some_and(|id| id == "0")
}

/// Installs Debian packages; says what is in the way where that is not possible.
fn apt(place: &Place, packages: &[&str]) -> Result<()> {
    if on_path("apt-get").is_none() {
        bail!("this system has no apt-get");
    }
    let root = is_root(place);
    if !root && on_path("sudo").is_none() {
        bail!("installing {} needs root, and there is no sudo", packages.join(" and "));
    }
    let run = |words: &[&str]| {
        let mut command = place.command(if root { "env" } else { "sudo" });
        if !root {
            command.arg("env");
        }
        // a question on the terminal would wait for ever; another apt-get ends some time
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
        ]);
        shell::quietly(command.args(words))
    };
    run(&["update"])?;
    run(&[&["install", "-y", "--no-install-recommends"], packages].concat())
}

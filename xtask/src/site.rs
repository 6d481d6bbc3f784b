//! Building the page and the native program that carries it.

use crate::place::Place;
use crate::progress::Progress;
use crate::shell;
use crate::tools::{self, WasmOpt};
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Everything that `dist` depends on.
const INPUTS: [&str; 8] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "index.html",
    "src",
    "static",
    // how it is built
    "xtask/src/site.rs",
];

/// Smallest code, and exactly the instructions that rustc emits for this target and
/// every browser since 2022 runs. `--all-features` would let wasm-opt use newer ones.
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The steps that [`all`] reports.
pub const STEPS: usize = 6;

/// Tools, page and program, in the order in which each needs the one before.
pub fn all(place: &Place, progress: &mut Progress) -> Result<()> {
    tools::wasm_target(place, progress)?;
    tools::trunk(place, progress)?;
    tools::wasm_bindgen(place, progress)?;
    let wasm_opt = tools::wasm_opt(place, progress);
    page(place, progress, &wasm_opt)?;
    program(place, progress)
}

fn page(place: &Place, progress: &mut Progress, wasm_opt: &WasmOpt) -> Result<()> {
    let inputs = inputs(place, wasm_opt)?;
    if is_fresh(place, &inputs) {
        progress.already("the page");
        return Ok(());
    }
    let begun = progress.begin("the page", "building with trunk, about a minute the first time …");
    // Trunk would look on the network whether it is the newest; its version is our choice.
    // Not `--offline`: that would keep cargo from fetching the page's dependencies.
    let mut trunk = place.command("trunk");
    trunk.args(["build", "--release", "--skip-version-check"]);
    shell::quietly(&mut trunk)
        .context("the page was not built; mend what the compiler says and run this again")?;
    optimise(place, wasm_opt)?;
    allow_probes(place)?;
    // Cargo sees an embedded file change, but not one that was added: forget the old program.
    shell::quietly(&mut place.cargo("clean --quiet --release --package outbox-doctor"))
        .context("the old program could not be removed; delete the folder target")?;
    // The inputs as read before building: a file saved meanwhile makes the next run build.
    let stamp = format!("{inputs}\n{}\n", contents(&[place.dist()], "")?);
    fs::write(place.stamp(), stamp).with_context(|| {
        format!("cannot write {}; check that the folder is yours", place.stamp().display())
    })?;
    Progress::done(begun);
    Ok(())
}

/// The native program, with whatever page there is.
pub fn program(place: &Place, progress: &mut Progress) -> Result<()> {
    let begun =
        progress.begin("the program", "building with cargo, about two minutes the first time …");
    shell::quietly(&mut place.cargo("build --release --features native --bin outbox-doctor"))
        .context("the program was not built; mend what the compiler says and run this again")?;
    Progress::done(begun);
    Ok(())
}

/// Public probes, see Trunk.toml. The build script refuses what is none.
const PROBES: &str = "OUTBOX_PROBES";
/// What every page may connect to.
const CONNECT: &str = "connect-src 'self'";

/// The page may connect to its public probes, and to nothing else.
fn allow_probes(place: &Place) -> Result<()> {
    let probes = std::env::var(PROBES).unwrap_or_default();
    let page = place.dist().join("index.html");
    let advice = || format!("cannot change {}; check that it is yours", page.display());
    let html = fs::read_to_string(&page).with_context(advice)?;
    fs::write(&page, allowing(&html, &probes)).with_context(advice)
}

fn allowing(html: &str, probes: &str) -> String {
    let origins = probes.split_whitespace().map(|it| it.rsplit_once('=').map_or(it, |it| it.1));
    let foreign = origins.filter(|it| *it != "/");
    let connect = [CONNECT].into_iter().chain(foreign).collect::<Vec<_>>().join(" ");
    html.replace(CONNECT, &connect)
}

/// Trunk could call wasm-opt itself, but fails where there is none.
fn optimise(place: &Place, wasm_opt: &WasmOpt) -> Result<()> {
    for file in files(&place.dist())? {
        let Some(mut command) = wasm_opt.command(place) else {
            return Ok(());
        };
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let smaller = file.with_extension("wasm-opt");
        let before = size(&file)?;
        command.args(WASM_OPT).arg(&file).arg("-o").arg(&smaller);
        shell::quietly(&mut command)
            .context("wasm-opt refused the file that trunk made; report this")?;
        Progress::note(&format!("wasm-opt: {before} bytes to {}", size(&smaller)?));
        fs::rename(&smaller, &file).with_context(|| {
            format!("cannot replace {}; check that the folder is yours", file.display())
        })?;
    }
    Ok(())
}

fn is_fresh(place: &Place, inputs: &str) -> bool {
    let page = place.dist().join("index.html").is_file();
    let outputs = contents(&[place.dist()], "").unwrap_or_default();
    let stamp = fs::read_to_string(place.stamp()).unwrap_or_default();
    page && stamp == format!("{inputs}\n{outputs}\n")
}

fn inputs(place: &Place, wasm_opt: &WasmOpt) -> Result<String> {
    let recipe =
        format!("{} {} {} {WASM_OPT:?}", tools::TRUNK, place.wasm_bindgen, wasm_opt.recipe());
    let given = [PROBES, "OUTBOX_DOWNLOADS"].map(|name| std::env::var(name).unwrap_or_default());
    let recipe = format!("{recipe} {given:?}");
    contents(&INPUTS.map(|input| place.root.join(input)), &recipe)
}

/// Identifies the names and contents of all files under the given paths. Not their times:
/// a fresh checkout changes those, and would rebuild for nothing.
fn contents(paths: &[PathBuf], recipe: &str) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    recipe.hash(&mut hasher);
    for path in paths {
        for file in files(path)? {
            let bytes = fs::read(&file).with_context(|| {
                format!("cannot read {}; check that it is yours", file.display())
            })?;
            (file, bytes).hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files at or under a path, in a defined order; none if there is no such path.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read {}; check that it is yours", path.display()))?;
    let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    let nested = paths.iter().map(|path| files(path)).collect::<Result<Vec<_>>>()?;
    Ok(nested.concat())
}

fn size(file: &Path) -> Result<u64> {
    let meta = fs::metadata(file)
        .with_context(|| format!("cannot read {}; build again", file.display()))?;
    Ok(meta.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_may_connect_to_its_probes_alone() {
        let page = "content=\"connect-src 'self'; base-uri 'self'\"";
        assert_eq!(allowing(page, ""), page);
        assert_eq!(
            allowing(page, "/ Frankfurt=https://fra.example  https://chi.example:8443"),
            "content=\"connect-src 'self' https://fra.example https://chi.example:8443; base-uri 'self'\""
        );
    }
}

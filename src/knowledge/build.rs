//! Build script: lints `static/knowledge` and compiles it to what the program embeds.
//!
//! It shares the library's own modules, so the files are judged by the same code everywhere.

#![allow(dead_code, reason = "the build uses only part of what the library offers")]

mod compile;
mod files;
mod finding;
mod lexicon;
mod lint;
mod model;
mod numbers;
mod packed;
mod pattern;
mod source;
mod terms;
mod token;
mod words;

#[path = "../network/sites.rs"]
mod sites;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=static/knowledge");
    match build(Path::new("static/knowledge")).and_then(|()| probes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(messages) => {
            for message in messages {
                println!("cargo::error={message}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build(folder: &Path) -> Result<(), Vec<String>> {
    let files = files::Files::read(folder).map_err(texts)?;
    let findings = lint::lint(&files);
    if !findings.is_empty() {
        return Err(texts(findings));
    }
    write("knowledge.bin", &compile::compile(&files)).map_err(|it| vec![it])?;
    for (language, parsed) in &files.words {
        let words = compile::wording(parsed);
        write(&format!("words-{language}.bin"), &words).map_err(|it| vec![it])?;
    }
    Ok(())
}

/// Public probes and downloads are a matter of who builds the page.
fn probes() -> Result<(), Vec<String>> {
    let given = |name: &str| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var(name).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (probes, downloads) = (given("OUTBOX_PROBES"), given("OUTBOX_DOWNLOADS"));
    let sites = sites::sites(&probes).map_err(|it| vec![format!("OUTBOX_PROBES: {it}")])?;
    let folder = downloads.starts_with("https://") && downloads.ends_with('/');
    if !(downloads.is_empty() || folder) {
        return Err(vec![format!("OUTBOX_DOWNLOADS: `{downloads}` is no https://…/ folder")]);
    }
    println!("cargo::rustc-env=OUTBOX_DOCTOR_PROBES={probes}");
    println!("cargo::rustc-env=OUTBOX_DOCTOR_CONNECT={}", sites::connect(&sites));
    println!("cargo::rustc-env=OUTBOX_DOCTOR_DOWNLOADS={downloads}");
    Ok(())
}

fn write(name: &str, content: &impl serde::Serialize) -> Result<(), String> {
    let folder = env::var_os("OUT_DIR").map(PathBuf::from).ok_or("cargo sets OUT_DIR")?;
    let bytes = postcard::to_allocvec(content).map_err(|error| error.to_string())?;
    fs::write(folder.join(name), bytes).map_err(|error| format!("cannot write {name}: {error}"))
}

fn texts(findings: Vec<finding::Finding>) -> Vec<String> {
    findings.iter().map(|finding| format!("static/knowledge/{finding}")).collect()
}

//! What the repository promises about itself: the layers stay apart, and README,
//! ARCHITECTURE and docs name only what exists.
//!
//! Every finding is one line, `file:line: what is wrong; what to do`.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Layers that must give the same advice on every surface, so they may ask nothing
/// of the outside. See the invariants in `src/lib.rs`.
const PURE: [&str; 4] = ["src/engine", "src/session", "src/intake", "src/network"];

/// The last two are not outside, but their order differs from run to run.
const OUTSIDE: &str =
    "std::fs std::net std::time web_sys gloo yew tokio axum serde rand HashMap HashSet";

const LEFTOVERS: &str = "TODO FIXME todo!( unimplemented!( dbg!( lorem";

const VAGUE: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

const TEXTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "docs/"];

#[test]
fn the_pure_layers_ask_nothing_of_the_outside() {
    let mut findings = Findings::default();
    for start in PURE {
        let files = texts(&[start]);
        if files.is_empty() {
            findings.add(start, 1, "is missing; if it moved, tell tests/tidy.rs");
        }
        for (file, number, line) in lines(&files) {
            let code = line.split("//").next().unwrap_or(line);
            let known = |word: &str| word == "serde" && start == "src/network"; // reports are JSON
            for word in OUTSIDE.split(' ').filter(|word| names(code, word) && !known(word)) {
                let text = format!("names `{word}`; keep it out, see the invariants in src/lib.rs");
                findings.add(file, number, &text);
            }
        }
    }
    findings.check();
}

/// Functions whose last bit is each platform's own; the engine has its own logarithm.
const INEXACT: [&str; 8] =
    [".ln()", ".exp()", ".log10()", ".log2()", ".powf(", ".sin()", ".cos()", ".tanh()"];

#[test]
fn the_engine_computes_the_same_bits_everywhere() {
    let mut findings = Findings::default();
    for file in texts(&PURE) {
        let code = file.content.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in (1..).zip(code.lines()) {
            for call in INEXACT.iter().filter(|call| line.contains(**call)) {
                let text = format!("calls `{call}`; use src/engine/logarithm.rs");
                findings.add(&file.path, number, &text);
            }
        }
    }
    findings.check();
}

#[test]
fn nothing_is_left_over() {
    let mut findings = Findings::default();
    let places =
        ["src/", "xtask/", "static/", "docs/", "index.html", "README.md", "ARCHITECTURE.md"];
    for (file, number, line) in lines(&texts(&places)) {
        for word in LEFTOVERS.split(' ').filter(|word| names(line, word)) {
            findings.add(file, number, &format!("has `{word}`; finish it or file an issue"));
        }
    }
    findings.check();
}

#[test]
fn lints_hold_in_both_packages() {
    let mut findings = Findings::default();
    if !whole("Cargo.toml").contains("unsafe_code = \"forbid\"") {
        findings.add("Cargo.toml", 1, "allows unsafe code; put `unsafe_code = \"forbid\"` back");
    }
    for manifest in ["Cargo.toml", "xtask/Cargo.toml"] {
        if !whole(manifest).contains("[lints]\nworkspace = true") {
            findings.add(manifest, 1, "takes no lints; add `[lints]` with `workspace = true`");
        }
    }
    findings.check();
}

#[test]
fn lints_are_overridden_only_with_a_reason() {
    let mut findings = Findings::default();
    for file in texts(&["src/", "xtask/src/"]) {
        for (at, _) in file.content.match_indices('#') {
            let rest = file.content.get(at..).unwrap_or_default();
            let attribute = rest.split(")]").next().unwrap_or(rest);
            if overrides(attribute) && !attribute.contains("reason =") {
                let before = file.content.get(..at).unwrap_or_default();
                let number = before.matches('\n').count() + 1;
                findings.add(&file.path, number, "overrides a lint; add `reason = \"why\"`");
            }
        }
    }
    findings.check();
}

fn overrides(attribute: &str) -> bool {
    ["#[allow(", "#[expect(", "#![allow(", "#![expect("]
        .iter()
        .any(|start| attribute.starts_with(start))
}

#[test]
fn every_file_is_named_after_its_idea() {
    let mut findings = Findings::default();
    for file in texts(&["src/", "xtask/src/"]) {
        if file.path.split(['/', '.']).any(|part| VAGUE.contains(&part)) {
            findings.add(&file.path, 1, "says nothing by its name; name it after its idea");
        }
    }
    findings.check();
}

#[test]
fn every_dependency_is_explained() {
    let mut findings = Findings::default();
    let explained = whole("docs/dependencies.md");
    for (number, name) in dependencies(&whole("Cargo.toml")) {
        if !explained.contains(&format!("`{name}`")) {
            let text = format!("`{name}` has no line in docs/dependencies.md; say what it is for");
            findings.add("Cargo.toml", number, &text);
        }
    }
    findings.check();
}

/// Line and name of each, from `[…dependencies]` tables and `[dependencies.name]` headings.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(manifest.lines()) {
        if let Some(heading) = line.strip_prefix('[') {
            let heading = heading.trim_end_matches(']');
            inside = heading.ends_with("dependencies");
            let own = heading.rsplit_once("dependencies.");
            found.extend(own.map(|(_, name)| (number, name.to_owned())));
        } else if inside && let Some((name, _)) = line.split_once('=') {
            found.push((number, name.trim().to_owned()));
        }
    }
    found
}

#[test]
fn the_map_names_every_module_at_the_top() {
    let mut findings = Findings::default();
    let map = whole("ARCHITECTURE.md");
    for Text { path, .. } in texts(&["src/"]).iter().filter(|it| it.path.ends_with(".rs")) {
        let at_the_top = path.split('/').count() == 2 || path.starts_with("src/bin/");
        if at_the_top && !names(&map, path) {
            findings.add(
                "ARCHITECTURE.md",
                1,
                &format!("does not name `{path}`; say what it is for"),
            );
        }
    }
    findings.check();
}

#[test]
fn every_path_in_the_texts_exists() {
    let mut findings = Findings::default();
    for (file, number, line) in lines(&texts(&TEXTS)) {
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let linked = links(line).map(|link| (folder.join(link), link));
        let quoted = spans(line).filter_map(path).map(|path| (PathBuf::from(path), path));
        for (_, path) in linked.chain(quoted).filter(|(place, _)| !root().join(place).exists()) {
            findings.add(file, number, &format!("there is no `{path}`; correct or drop it"));
        }
    }
    findings.check();
}

/// A span that is a path into our own folders: `src/app.rs`, `static/knowledge/*.toml`.
fn path(span: &str) -> Option<&str> {
    let own = ["src/", "tests/", "docs/", "static/", "xtask/"];
    let first = span.split([' ', ':', '*', '<', '{', '…']).next()?;
    own.iter().any(|start| first.starts_with(start)).then_some(first)
}

/// Relative targets of `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':'))
}

#[test]
fn the_readme_leads_in_with_two_commands() {
    let mut findings = Findings::default();
    for command in ["cargo xtask start", "cargo xtask test"] {
        if !whole("README.md").contains(command) {
            findings.add("README.md", 1, &format!("does not name `{command}`; say when to use it"));
        }
    }
    findings.check();
}

#[test]
fn every_command_in_the_texts_exists() {
    let mut findings = Findings::default();
    let sources =
        [("cargo xtask", whole("xtask/src/main.rs")), ("outbox-doctor", whole("src/command.rs"))];
    for file in texts(&TEXTS) {
        for (number, code) in code(&file.content) {
            for (usage, source) in &sources {
                for word in commands(code, usage).into_iter().filter(|word| !takes(source, word)) {
                    let text = format!("there is no `{usage} {word}`; see `{usage} --help`");
                    findings.add(&file.path, number, &text);
                }
            }
        }
    }
    findings.check();
}

/// The words that follow a program's name as its command: `outbox-doctor check spectrum.net`
/// has `check`, and so has `cargo run --bin outbox-doctor --features native -- check`.
fn commands<'a>(code: &'a str, usage: &str) -> Vec<&'a str> {
    let program = usage.rsplit(' ').next().unwrap_or(usage);
    let code = code.split('#').next().unwrap_or(code);
    let mut words = code.split_whitespace();
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let file = word.rsplit(['/', '\\']).next().unwrap_or(word);
        if file.trim_end_matches(".exe") == program {
            let mut rest = words.clone();
            let handed_on = rest.any(|word| word == "--").then_some(rest);
            found.extend(handed_on.unwrap_or_else(|| words.clone()).next());
        }
    }
    found.retain(|word| word.starts_with(|it: char| it.is_ascii_lowercase()));
    found
}

/// Whether the code that reads the command line has an arm for the word: `"start" => …`.
fn takes(source: &str, command: &str) -> bool {
    let arms = source.lines().filter_map(|line| line.split_once("=>"));
    arms.into_iter().any(|(arm, _)| arm.contains(&format!("\"{command}\"")))
}

/// Lines inside fences, and spans in backticks outside of them.
fn code(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.push((number, line));
        } else {
            found.extend(spans(line).map(|span| (number, span)));
        }
    }
    found
}

/// What stands between backticks.
fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// A file with its path from the repository's root, written with `/` everywhere.
struct Text {
    path: String,
    content: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file whose path starts so: `src/engine` finds `src/engine.rs` and `src/engine/cost.rs`.
fn texts(starts: &[&str]) -> Vec<Text> {
    let mut found = Vec::new();
    for start in starts {
        walk(&root(), start, &mut found);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn walk(folder: &Path, start: &str, found: &mut Vec<Text>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let place = entry.path();
        let path = place.strip_prefix(root()).unwrap_or(&place).to_string_lossy();
        let path = path.replace('\\', "/");
        if place.is_dir() && (path.starts_with(start) || start.starts_with(&format!("{path}/"))) {
            walk(&place, start, found);
        } else if path.starts_with(start) {
            // an icon has no words, but its bytes do no harm
            let bytes = fs::read(&place).unwrap_or_default();
            found.push(Text { path, content: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
}

/// A missing file is empty: the test that needs its words says what is missing.
fn whole(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default().replace("\r\n", "\n")
}

fn lines(files: &[Text]) -> impl Iterator<Item = (&str, usize, &str)> {
    files.iter().flat_map(|file| {
        (1..).zip(file.content.lines()).map(|(number, line)| (file.path.as_str(), number, line))
    })
}

/// Whether the word occurs, and not as part of a longer name: `rand` is not in `brand`.
fn names(text: &str, word: &str) -> bool {
    let part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or_default();
        let longer = word.ends_with(part) && after.starts_with(part);
        !before.ends_with(part) && !longer
    })
}

#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn add(&mut self, path: &str, line: usize, text: &str) {
        self.0.push(format!("{path}:{line}: {text}"));
    }

    /// Fails with all of them at once.
    #[track_caller]
    fn check(&self) {
        assert!(self.0.is_empty(), "{} found:\n{}", self.0.len(), self.0.join("\n"));
    }
}

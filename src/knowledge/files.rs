//! Reading the knowledge folder: every file parsed, every failure reported.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::finding::{Finding, line_of};
use super::source::{File, Fitted};

/// A parsed file together with its text, from which spans become line numbers.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// Name below the knowledge folder.
    pub name: String,
    /// The text itself.
    pub text: String,
    /// What it holds.
    pub content: T,
}

impl<T> Parsed<T> {
    /// A finding at a byte offset of this file.
    #[must_use]
    pub fn finding(&self, offset: usize, key: impl Into<String>, message: String) -> Finding {
        let line = line_of(&self.text, offset);
        Finding { file: self.name.clone(), line, key: key.into(), message }
    }
}

/// Everything in the knowledge folder.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Numbers and structure.
    pub files: Vec<Parsed<File>>,
    /// Wording by language.
    pub words: BTreeMap<String, Vec<Parsed<toml::Table>>>,
}

impl Files {
    /// Reads a knowledge folder.
    ///
    /// # Errors
    /// Every file that cannot be read or parsed, with its line.
    pub fn read(folder: &Path) -> Result<Files, Vec<Finding>> {
        let mut files = Files::default();
        let mut findings = Vec::new();
        for name in names(folder, &mut findings) {
            let path = folder.join(&name);
            if path.is_dir() {
                files.read_language(&path, &name, &mut findings);
            } else if let Some(parsed) = parse(folder, &name, &mut findings) {
                files.files.push(parsed);
            }
        }
        if findings.is_empty() { Ok(files) } else { Err(findings) }
    }

    /// The same files with these counts of cases instead of their own.
    #[must_use]
    pub fn with_fitted(mut self, fitted: Option<Fitted>) -> Files {
        for file in &mut self.files {
            file.content.fitted = None;
        }
        if let Some(file) = self.files.first_mut() {
            file.content.fitted = fitted;
        }
        self
    }

    fn read_language(&mut self, folder: &Path, language: &str, findings: &mut Vec<Finding>) {
        let parent = folder.parent().unwrap_or(folder);
        let parsed = names(folder, findings)
            .iter()
            .filter_map(|name| parse(parent, &format!("{language}/{name}"), findings))
            .collect();
        self.words.insert(language.to_owned(), parsed);
    }
}

/// Folders and `.toml` files below `folder`, sorted so that every build is the same.
fn names(folder: &Path, findings: &mut Vec<Finding>) -> Vec<String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            findings.push(unreadable(&folder.display().to_string(), &error));
            return Vec::new();
        }
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            entry.path().is_dir() || entry.path().extension().is_some_and(|e| e == "toml")
        })
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn parse<T: serde::de::DeserializeOwned>(
    folder: &Path,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Option<Parsed<T>> {
    let text = match fs::read_to_string(folder.join(name)) {
        Ok(text) => text,
        Err(error) => {
            findings.push(unreadable(name, &error));
            return None;
        }
    };
    match toml::from_str(&text) {
        Ok(content) => Some(Parsed { name: name.to_owned(), text, content }),
        Err(error) => {
            let line = line_of(&text, error.span().map_or(0, |span| span.start));
            let message = error.message().replace('\n', " ");
            findings.push(Finding { file: name.to_owned(), line, key: String::new(), message });
            None
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Finding {
    let message = format!("cannot be read: {error}");
    Finding { file: name.to_owned(), line: 0, key: String::new(), message }
}

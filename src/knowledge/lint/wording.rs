//! The wording of a language, each text with the line it stands on.
//!
//! `toml::Table` forgets where its values stood, so the text is parsed once more, with spans.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::files::{Files, Parsed};
use super::super::finding::{Finding, line_of};

/// The language that the others are measured by.
pub const ENGLISH: &str = "en";

/// Every text of a language.
pub struct Language<'a> {
    /// Its folder, for instance `en`.
    pub name: &'a str,
    /// Its texts by dotted key; a step list `task.any.save.steps` is known as `task.any.save`.
    pub texts: BTreeMap<String, Text<'a>>,
}

/// A text, or a list of texts, and where it stands.
pub struct Text<'a> {
    file: &'a Parsed<toml::Table>,
    offset: usize,
    /// Its dotted key.
    pub key: String,
    /// The texts with their byte offsets; one unless it is a list.
    pub items: Vec<(usize, String)>,
    /// Whether it is written as a list.
    pub list: bool,
}

impl Text<'_> {
    /// A finding about the text as a whole.
    pub fn finding(&self, message: impl Into<String>) -> Finding {
        self.file.finding(self.offset, self.key.as_str(), message.into())
    }

    /// A finding about one of its items.
    pub fn at(&self, offset: usize, message: impl Into<String>) -> Finding {
        self.file.finding(offset, self.key.as_str(), message.into())
    }

    /// The part of the key before the first dot: `task` of `task.any.save`.
    pub fn section(&self) -> &str {
        self.key.split('.').next().unwrap_or("")
    }

    fn line(&self) -> String {
        format!("{}:{}", self.file.name, line_of(&self.file.text, self.offset))
    }
}

/// Every language, with what is no text, what stands twice, and whether English is there at all.
pub fn languages(files: &Files) -> (Vec<Language<'_>>, Vec<Finding>) {
    let mut findings = Vec::new();
    let languages: Vec<Language<'_>> = files
        .words
        .iter()
        .map(|(name, parsed)| Language { name, texts: texts(parsed, &mut findings) })
        .collect();
    if languages.iter().all(|language| language.name != ENGLISH) {
        let message = format!("no wording in `{ENGLISH}`");
        findings.push(Finding { file: ENGLISH.into(), line: 0, key: String::new(), message });
    }
    (languages, findings)
}

fn texts<'a>(
    parsed: &'a [Parsed<toml::Table>],
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, Text<'a>> {
    let mut texts: BTreeMap<String, Text<'a>> = BTreeMap::new();
    for file in parsed {
        // It parsed when it was read, so this cannot fail; and if it did, every key would be missed.
        let Ok(table) = DeTable::parse(&file.text) else {
            continue;
        };
        let mut found = Vec::new();
        for (name, value) in table.get_ref() {
            let path = (name.span().start, name.get_ref().as_ref());
            collect(file, path, value, &mut found, findings);
        }
        for text in found {
            if let Some(other) = texts.get(&text.key) {
                findings.push(text.finding(format!("the key is already in {}", other.line())));
            } else {
                texts.insert(text.key.clone(), text);
            }
        }
    }
    texts
}

fn collect<'a>(
    file: &'a Parsed<toml::Table>,
    path: (usize, &str),
    value: &Spanned<DeValue<'_>>,
    found: &mut Vec<Text<'a>>,
    findings: &mut Vec<Finding>,
) {
    let (offset, key) = path;
    if let DeValue::Table(table) = value.get_ref() {
        for (name, inner) in table {
            // As in `compile::wording`: the steps of a task are the task, and stand at its heading.
            let steps = name.get_ref() == "steps" && !inner.get_ref().is_table();
            let below = format!("{key}.{}", name.get_ref());
            let below = (name.span().start, below.as_str());
            collect(file, if steps { path } else { below }, inner, found, findings);
        }
        return;
    }
    let (items, list) = items(value);
    let text = Text { file, offset, key: key.to_owned(), items: Vec::new(), list };
    match items {
        Some(items) => found.push(Text { items, ..text }),
        None => findings.push(text.finding("it is neither a text nor a list of texts")),
    }
}

/// The texts of a value, and whether it is a list; none if it holds anything but text.
fn items(value: &Spanned<DeValue<'_>>) -> (Option<Vec<(usize, String)>>, bool) {
    let text = |it: &Spanned<DeValue<'_>>| {
        it.get_ref().as_str().map(|text| (it.span().start, text.to_owned()))
    };
    match value.get_ref() {
        DeValue::Array(items) => (items.iter().map(text).collect(), true),
        _ => (text(value).map(|it| vec![it]), false),
    }
}

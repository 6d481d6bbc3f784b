//! A real report with its outcome: one JSON object a line.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// A case. Fields that scoring does not use are not kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Case id.
    pub id: String,
    /// Provider family as the case files name it.
    pub provider: String,
    /// Mail app.
    pub client: String,
    /// What the app said; may be empty.
    pub error_text: String,
    /// The story before the fix.
    pub complaint: String,
    /// Facts stated, in the closed vocabulary.
    pub observations: BTreeMap<String, Fact>,
    /// Fault ids, most direct first.
    pub faults: Vec<String>,
    /// high, medium or low.
    pub confidence: String,
}

/// The value of a fact: most are words, ports and sizes are numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// A word.
    Word(String),
    /// A number.
    Number(f64),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Word(word) => f.write_str(word),
            Fact::Number(number) => write!(f, "{number}"),
        }
    }
}

impl Case {
    /// Whether it is scored: the outcome is sure enough and is one of the named faults.
    #[must_use]
    pub fn scored(&self) -> bool {
        self.confidence != "low" && self.faults.first().is_some_and(|fault| fault != "other")
    }

    /// Whether a fault of the knowledge is one of the case's; a finer id counts as its coarse one.
    #[must_use]
    pub fn has(&self, fault: &str) -> bool {
        self.faults.iter().any(|known| same(known, fault))
    }

    /// Whether a fault of the knowledge is the case's first.
    #[must_use]
    pub fn leads_with(&self, fault: &str) -> bool {
        self.faults.first().is_some_and(|known| same(known, fault))
    }

    /// Everything the engine gets: the error text, then the story.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}", self.error_text, self.complaint)
    }

    /// A fact as a word.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<String> {
        self.observations.get(key).map(Fact::to_string)
    }
}

fn same(known: &str, fault: &str) -> bool {
    fault == known || fault.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'))
}

/// Why a case file cannot be used.
#[derive(Debug)]
pub enum CaseError {
    /// The file cannot be read.
    Unreadable(String, std::io::Error),
    /// A line is not a case: file, line, reason.
    Malformed(String, usize, serde_json::Error),
    /// There is no case in it.
    Empty(String),
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaseError::Unreadable(file, error) => {
                write!(f, "cannot read `{file}`: {error}; give the path of a .jsonl file of cases")
            }
            CaseError::Malformed(file, line, error) => {
                write!(f, "{file}:{line}: not a case: {error}; each line is one JSON object")
            }
            CaseError::Empty(file) => write!(f, "`{file}` holds no case"),
        }
    }
}

impl std::error::Error for CaseError {}

/// Reads a file of cases.
///
/// # Errors
/// The file cannot be read, holds no case, or its first line that is not one.
pub fn read_cases(path: &Path) -> Result<Vec<Case>, CaseError> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|it| CaseError::Unreadable(name.clone(), it))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let cases: Result<Vec<Case>, CaseError> = lines
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|it| CaseError::Malformed(name.clone(), at + 1, it))
        })
        .collect();
    let cases = cases?;
    if cases.is_empty() { Err(CaseError::Empty(name)) } else { Ok(cases) }
}

//! One thing that is wrong in a knowledge file.

use std::fmt;

/// What is wrong, and where to mend it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// File name below the knowledge folder, for instance `sign-in.toml`.
    pub file: String,
    /// Line, counted from one; zero where the whole file is meant.
    pub line: usize,
    /// The entry's key, for instance `fault.settings.auth-off`; empty if the file does not parse.
    pub key: String,
    /// What is wrong: lower case, no full stop, the author's text in backticks.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { file, line, key, message } = self;
        let separator = if key.is_empty() { "" } else { ": " };
        write!(f, "{file}:{line}: {key}{separator}{message}")
    }
}

/// The line of a byte offset, counted from one.
#[must_use]
pub fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

//! The sentences of one language, by key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Every sentence of one language. A key holds one text, or a list such as the steps of a task.
///
/// ```
/// use outbox_doctor::knowledge::Words;
/// let words = Words::from_iter([("ui.next".to_owned(), vec!["Next".to_owned()])]);
/// assert_eq!(words.text("ui.next"), "Next");
/// assert_eq!(words.text("ui.missing"), "");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Words(BTreeMap<String, Vec<String>>);

impl FromIterator<(String, Vec<String>)> for Words {
    fn from_iter<I: IntoIterator<Item = (String, Vec<String>)>>(entries: I) -> Self {
        Words(entries.into_iter().collect())
    }
}

impl Words {
    /// The text of a key; empty if there is none, which the linter makes sure of beforehand.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.list(key).first().map_or("", String::as_str)
    }

    /// The list of a key; empty if there is none.
    #[must_use]
    pub fn list(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// The text of a key with its `{names}` filled in, each once: what is filled in is no pattern.
    ///
    /// ```
    /// use outbox_doctor::knowledge::Words;
    /// let words = Words::from_iter([("hi".to_owned(), vec!["Hi {name}".to_owned()])]);
    /// assert_eq!(words.fill("hi", &[("name", "Ann")]), "Hi Ann");
    /// ```
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.text(key).to_owned();
        for (name, value) in values {
            text = text.replace(&["{", name, "}"].concat(), value);
        }
        text
    }

    /// Whether the key exists.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Every key with its texts, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(key, texts)| (key.as_str(), texts.as_slice()))
    }

    /// The key of a step list: the app's own for this version, the app's own, or the general one.
    #[must_use]
    pub fn step_key(&self, app: &str, step: &str, version: &str) -> String {
        let versioned = format!("task.{app}.{step}@{version}");
        let own = format!("task.{app}.{step}");
        if !version.is_empty() && self.has(&versioned) {
            versioned
        } else if self.has(&own) {
            own
        } else {
            format!("task.any.{step}")
        }
    }
}

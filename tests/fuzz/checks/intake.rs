//! Pasted text: what was found lies in the text, and nothing is kept that names a person.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use outbox_doctor::intake::{LIMIT, read, redact};
use outbox_doctor::knowledge::{self, Knowledge};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(knowledge::embedded);

pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let reading = read(&KNOWLEDGE, &text);
    assert_eq!(reading.truncated, text.len() > LIMIT);
    for found in &reading.found {
        assert!(text.get(found.start..found.end).is_some_and(|it| !it.is_empty()));
    }
    let signatures: BTreeSet<_> = reading.found.iter().map(|it| it.signature).collect();
    let observations: BTreeSet<_> = reading.answers.iter().map(|it| it.0).collect();
    assert_eq!(signatures.len(), reading.found.len(), "a signature twice");
    assert_eq!(observations.len(), reading.answers.len(), "an observation twice");
    assert_eq!(redact(&reading.text), reading.text, "masked again, it changes");
    assert!(!names_somebody(&reading.text), "an address in {:?}", reading.text);
}

/// Whether a letter, a digit or the end of a quoted part stands before the `@` of an address.
fn names_somebody(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + 1..).and_then(|it| it.chars().next());
        let plain = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        (plain(before) || before == Some('"')) && plain(after)
    })
}

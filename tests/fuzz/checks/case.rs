//! A case as a browser keeps it: whatever is read is written so that it reads the same.

use std::sync::LazyLock;

use outbox_doctor::app::store::{from_text, to_text};
use outbox_doctor::knowledge::{self, Knowledge};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(knowledge::embedded);

pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some((state, _)) = from_text(&KNOWLEDGE, &text) {
        let written = to_text(&KNOWLEDGE, &state);
        assert_eq!(from_text(&KNOWLEDGE, &written), Some((state, false)));
    }
}

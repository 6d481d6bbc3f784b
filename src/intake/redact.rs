//! Masking what must not be kept: the part of an address before the `@`, and passwords.

/// Words behind which a colon or equals sign announces a password.
const SECRETS: [&str; 6] = ["password", "passwort", "passcode", "passwd", "pwd", "pw"];

/// The text with local parts of addresses and announced passwords replaced by `…`.
///
/// ```
/// use outbox_doctor::intake::redact;
/// assert_eq!(redact("ann.b@rr.com, password: hunter2!"), "…@rr.com, password: …");
/// assert_eq!(redact("<\"ann\"@rr.com>"), "<…@rr.com>");
/// assert_eq!(redact("the password is incorrect"), "the password is incorrect");
/// ```
#[must_use]
pub fn redact(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut secret_next = false;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let space = piece.get(word.len()..).unwrap_or("");
        if secret_next && !word.is_empty() {
            masked.push('…');
            secret_next = false;
        } else {
            secret_next |= announces(&mut masked, word);
        }
        masked.push_str(space);
    }
    masked
}

/// Writes a word with its secrets masked; says whether the next word is a password.
fn announces(masked: &mut String, word: &str) -> bool {
    if !word.contains(['@', ':', '=']) {
        masked.push_str(word);
        return false;
    }
    if let Some((name, value)) = word.split_once([':', '='])
        && SECRETS.contains(&name.to_lowercase().as_str())
    {
        masked.push_str(word.get(..=name.len()).unwrap_or(name));
        masked.push_str(if value.is_empty() { "" } else { "…" });
        return value.is_empty();
    }
    masked.push_str(&without_local_parts(word));
    false
}

/// How much of a text stands before the local part at its end, which may be quoted (RFC 5321 §4.1.2).
fn before_local_part(text: &str) -> usize {
    let local = |letter: char| letter.is_alphanumeric() || ".-_+%'&=~".contains(letter);
    match text.strip_suffix('"') {
        Some(quoted) => quoted.rfind('"').unwrap_or(0),
        None => text.trim_end_matches(local).len(),
    }
}

fn without_local_parts(word: &str) -> String {
    let mut parts = word.split('@');
    let mut masked = parts.next().unwrap_or("").to_owned();
    for domain in parts {
        let kept = before_local_part(&masked);
        let masks = kept < masked.len() && domain.starts_with(|c: char| c.is_alphanumeric());
        if masks {
            masked.truncate(kept);
            masked.push('…');
        }
        masked.push('@');
        masked.push_str(domain);
    }
    masked
}

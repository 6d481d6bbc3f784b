//! Text to words.
//!
//! Shared by the compiler (patterns) and by intake (texts), so both fold words the same way.

use std::borrow::Cow;

/// A folded word and where it stands in the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'text> {
    /// Lower case, confusable letters resolved; borrowed where nothing had to change.
    pub folded: Cow<'text, str>,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// Which sentence of the text it stands in, counted from zero.
    pub sentence: u32,
}

/// Splits a text into folded words.
///
/// ```
/// use outbox_doctor::knowledge::token::words;
/// let words = words("AUP#Out-I5OO, O×8OOccc0e");
/// let folded: Vec<&str> = words.iter().map(|word| &*word.folded).collect();
/// assert_eq!(folded, ["aup", "out", "1500", "0x800ccc0e"]);
/// ```
///
/// An enhanced status code (RFC 3463 §2) is one word:
///
/// ```
/// # use outbox_doctor::knowledge::token::words;
/// let words = words("550-5.7.1 from 5.7.1.9");
/// let folded: Vec<&str> = words.iter().map(|word| &*word.folded).collect();
/// assert_eq!(folded, ["550", "5.7.1", "from", "5", "7", "1", "9"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Vec<Word<'_>> {
    in_sentences(text, with_status_codes(text, plain_words(text)))
}

/// Numbers the sentences: one ends at `.`, `!`, `?` or `;` before a space, at an empty line, and at
/// the end of a line when the next one begins with a capital letter.
fn in_sentences<'text>(text: &'text str, mut words: Vec<Word<'text>>) -> Vec<Word<'text>> {
    let mut sentence = 0;
    let mut last = 0;
    for word in &mut words {
        let between = text.get(last..word.start).unwrap_or("");
        let capital = text.get(word.start..).is_some_and(|it| it.starts_with(char::is_uppercase));
        sentence += u32::from(last > 0 && ends_a_sentence(between, capital));
        word.sentence = sentence;
        last = word.end;
    }
    words
}

fn ends_a_sentence(between: &str, capital: bool) -> bool {
    let stop = between.find(['.', '!', '?', ';', '…']);
    let spaced = |at: usize| between.get(at..).is_some_and(|it| it.contains(char::is_whitespace));
    let lines = between.matches('\n').count();
    stop.is_some_and(spaced) || lines > 1 || (lines == 1 && capital)
}

fn plain_words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut begun: Option<usize> = None;
    for (offset, letter) in text.char_indices() {
        match (part_of_word(letter), begun) {
            (true, None) if !invisible(letter) => begun = Some(offset),
            (false, Some(start)) => {
                found.extend(word(text, start, offset));
                begun = None;
            }
            _ => {}
        }
    }
    found.extend(begun.and_then(|start| word(text, start, text.len())));
    found
}

fn word(text: &str, start: usize, end: usize) -> Option<Word<'_>> {
    let folded = fold(text.get(start..end)?);
    Some(Word { folded, start, end, sentence: 0 })
}

/// The words with every enhanced status code made one.
fn with_status_codes<'text>(text: &'text str, plain: Vec<Word<'text>>) -> Vec<Word<'text>> {
    let mut found: Vec<Word<'text>> = Vec::with_capacity(plain.len());
    for word in plain {
        found.push(word);
        if let [.., class, subject, detail] = found.as_slice()
            && let Some(code) = status_code(text, class, subject, detail)
        {
            found.truncate(found.len() - 3);
            found.push(code);
        }
    }
    found
}

/// `5.7.1`, and not part of a longer dotted number.
fn status_code<'text>(
    text: &'text str,
    class: &Word<'_>,
    subject: &Word<'_>,
    detail: &Word<'_>,
) -> Option<Word<'text>> {
    let number = |word: &Word<'_>| {
        word.folded.len() <= 3 && word.folded.bytes().all(|byte| byte.is_ascii_digit())
    };
    let dotted = |a: &Word<'_>, b: &Word<'_>| text.get(a.end..b.start) == Some(".");
    let after = text.get(detail.end..)?;
    let longer =
        after.strip_prefix('.').is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()));
    let begun = text.get(..class.start)?.ends_with('.');
    let code = matches!(&*class.folded, "2" | "4" | "5")
        && number(subject)
        && number(detail)
        && dotted(class, subject)
        && dotted(subject, detail)
        && !longer
        && !begun;
    let folded = Cow::Borrowed(text.get(class.start..detail.end)?);
    code.then_some(Word { folded, start: class.start, end: detail.end, sentence: 0 })
}

fn part_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || (!letter.is_ascii() && (letter.is_alphanumeric() || letter == '×' || invisible(letter)))
}

/// Zero-width characters, soft hyphens and byte-order marks: part of no word and no gap.
fn invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Lower case; `×` is `x`; in a word with a digit, `o` is read as `0` and `l`, `i` as `1`: what
/// OCR and tired eyes confuse.
fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    let code = word.bytes().any(|byte| byte.is_ascii_digit());
    let visible = word.chars().filter(|letter| !invisible(*letter));
    let folded = visible.flat_map(char::to_lowercase).map(|letter| match letter {
        '×' => 'x',
        'o' if code => '0',
        'l' | 'i' if code => '1',
        other => other,
    });
    Cow::Owned(folded.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, u32)]) {
        let words = words(text);
        let found: Vec<(&str, u32)> = words.iter().map(|it| (&*it.folded, it.sentence)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn invisible_characters_are_not_there() {
        check("sen\u{200b}der\r\n\u{feff}rejec\u{ad}ted", &[("sender", 0), ("rejected", 0)]);
    }

    #[test]
    fn sentences_end_at_a_stop_before_a_space() {
        check(
            "Ok. It sends! twc.com, 5.1.0",
            &[("ok", 0), ("it", 1), ("sends", 1), ("twc", 2), ("com", 2), ("5.1.0", 2)],
        );
        check("one\ntwo\n\nthree\nFour", &[("one", 0), ("two", 0), ("three", 1), ("four", 2)]);
    }
}

//! Words of a text, and the patterns of signatures over them.
//!
//! Shared by the compiler (patterns) and by intake (texts), so both fold words the same way.

use std::borrow::Cow;

use super::model::Element;

/// Words that `…` may stand for.
const SHORT_GAP: u8 = 3;
/// Words that `{}` may stand for.
const LONG_GAP: u8 = 12;

/// A folded word and where it stands in the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'text> {
    /// Lower case, confusable letters resolved; borrowed where nothing had to change.
    pub folded: Cow<'text, str>,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
}

/// Splits a text into folded words.
///
/// ```
/// use outbox_doctor::knowledge::pattern::words;
/// let words = words("AUP#Out-I5OO, O×8OOccc0e");
/// let folded: Vec<&str> = words.iter().map(|word| &*word.folded).collect();
/// assert_eq!(folded, ["aup", "out", "1500", "0x800ccc0e"]);
/// ```
///
/// An enhanced status code (RFC 3463 §2) is one word:
///
/// ```
/// # use outbox_doctor::knowledge::pattern::words;
/// let words = words("550-5.7.1 from 5.7.1.9");
/// let folded: Vec<&str> = words.iter().map(|word| &*word.folded).collect();
/// assert_eq!(folded, ["550", "5.7.1", "from", "5", "7", "1", "9"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Vec<Word<'_>> {
    with_status_codes(text, plain_words(text))
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
    Some(Word { folded, start, end })
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
    code.then_some(Word { folded, start: class.start, end: detail.end })
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

/// Parses a pattern: words, `a|b` alternatives, `…` and `{}` gaps.
///
/// # Errors
/// What is wrong, as one lower-case clause.
pub fn parse(pattern: &str) -> Result<Vec<Element>, String> {
    let elements: Vec<Element> = pattern.split_whitespace().flat_map(parse_item).collect();
    match (elements.first(), elements.last()) {
        (Some(Element::Word(_)), Some(Element::Word(_))) => Ok(elements),
        (None, _) => Err("the pattern is empty".to_owned()),
        _ => Err(format!("the pattern `{pattern}` must start and end with a word")),
    }
}

fn parse_item(item: &str) -> Vec<Element> {
    match item {
        "…" => vec![Element::Gap(SHORT_GAP)],
        "{}" => vec![Element::Gap(LONG_GAP)],
        item if item.contains('|') => {
            let options = item.split('|').flat_map(|option| words(option).into_iter().next());
            vec![Element::Word(options.map(|word| word.folded.into_owned()).collect())]
        }
        item => words(item)
            .into_iter()
            .map(|word| Element::Word(vec![word.folded.into_owned()]))
            .collect(),
    }
}

/// The index behind the last word of a match that starts at `start`, if the pattern matches there.
#[must_use]
pub fn match_at(pattern: &[Element], words: &[Word<'_>], start: usize) -> Option<usize> {
    let Some((element, rest)) = pattern.split_first() else {
        return Some(start);
    };
    match element {
        Element::Word(options) => {
            let word = words.get(start)?;
            if options.iter().any(|option| *option == word.folded) {
                match_at(rest, words, start + 1)
            } else {
                None
            }
        }
        Element::Gap(most) => {
            (0..=usize::from(*most)).find_map(|skipped| match_at(rest, words, start + skipped))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, matches: bool) {
        let elements = parse(pattern).unwrap();
        let words = words(text);
        let found = (0..words.len()).any(|start| match_at(&elements, &words, start).is_some());
        assert_eq!(found, matches, "{pattern:?} in {text:?}");
    }

    #[test]
    fn codes_match_in_every_spelling() {
        check("aup … 1500", "AUP#Out-1500.", true);
        check("aup … 1500", "aup#0ut 15OO", true);
        check("0x800ccc0e|800ccc0e", "error 0×8OOCCCOE!", true);
        check("0x800ccc0e|800ccc0e", "(800CCC0F)", false);
    }

    #[test]
    fn gaps_are_bounded() {
        check("asking … password", "keeps asking for my password", true);
        check("asking … password", "asking one two three four password", false);
        check("responded {} rejected", "responded: <a.b@c.rr.com> sender rejected", true);
    }

    #[test]
    fn invisible_characters_and_line_breaks_are_not_there() {
        check("sender rejected", "sen\u{200b}der\r\n\u{feff}rejec\u{ad}ted", true);
    }

    #[test]
    fn a_pattern_starts_and_ends_with_a_word() {
        assert!(parse("… password").is_err());
        assert!(parse("password {}").is_err());
        assert!(parse("  ").is_err());
    }
}

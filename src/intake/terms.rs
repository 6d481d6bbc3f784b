//! The words in which the user tells the story: what is no quotation and no name.

use std::collections::BTreeSet;

use crate::intake::{Found, scan};
use crate::knowledge::token::Word;
use crate::knowledge::{Condition, Kind, Knowledge, TermId, token};

/// The words of a text, each once, that count as the user's own: those that say what
/// failed are evidence as signatures already, and those of host names are no words.
#[must_use]
pub fn spoken(kb: &Knowledge, text: &str) -> BTreeSet<String> {
    let words = token::words(text);
    let found = scan::scan(kb, &words);
    own(kb, text, &words, &found).map(str::to_owned).collect()
}

/// The terms among the user's own words, each once, in the order of the knowledge.
pub(super) fn terms(
    kb: &Knowledge,
    text: &str,
    words: &[Word<'_>],
    found: &[Found],
) -> Vec<TermId> {
    let terms: BTreeSet<TermId> =
        own(kb, text, words, found).filter_map(|word| kb.term_of(word)).collect();
    terms.into_iter().collect()
}

fn own<'a>(
    kb: &Knowledge,
    text: &'a str,
    words: &'a [Word<'_>],
    found: &[Found],
) -> impl Iterator<Item = &'a str> {
    let failures: Vec<Found> = found.iter().filter(|it| says_what_failed(kb, it)).copied().collect();
    let own = move |word: &&Word<'_>| {
        let inside = |it: &Found| it.start <= word.start && word.end <= it.end;
        !failures.iter().any(inside) && !in_name(text, word)
    };
    words.iter().filter(own).map(|word| &*word.folded)
}

fn says_what_failed(kb: &Knowledge, it: &Found) -> bool {
    let signature = kb.signature(it.signature);
    let sign = |it: &Condition| kb.observation(it.observation).kind == Kind::Sign;
    signature.explained || signature.means.iter().any(sign)
}

/// Whether a word is part of a host name or an address.
fn in_name(text: &str, word: &Word<'_>) -> bool {
    let before = text.get(..word.start).unwrap_or("");
    let after = text.get(word.end..).unwrap_or("");
    let letter = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
    let joined = |mark: char| {
        before.strip_suffix(mark).is_some_and(|rest| letter(rest.chars().next_back()))
            || after.strip_prefix(mark).is_some_and(|rest| letter(rest.chars().next()))
    };
    before.ends_with('@') || after.starts_with('@') || joined('.')
}

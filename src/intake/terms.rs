//! The words in which the user tells the story: what is no quotation and no name.

use std::collections::BTreeSet;

use crate::intake::{Found, scan};
use crate::knowledge::token::Word;
use crate::knowledge::{Condition, Kind, Knowledge, TermId, token};

/// Sentences between two quoted ones that are thought to be quoted with them.
const BETWEEN: u32 = 2;

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
    let quoted = quoted(kb, words, found);
    let signs: Vec<Found> = found.iter().filter(|it| sign(kb, it)).copied().collect();
    let own = move |word: &&Word<'_>| {
        !quoted.contains(&word.sentence)
            && !signs.iter().any(|it| inside(word, it))
            && !in_name(text, word)
    };
    words.iter().filter(own).map(|word| &*word.folded)
}

fn inside(word: &Word<'_>, it: &Found) -> bool {
    it.start <= word.start && word.end <= it.end
}

/// Whether a match says what failed.
fn sign(kb: &Knowledge, it: &Found) -> bool {
    let sign = |it: &Condition| kb.observation(it.observation).kind == Kind::Sign;
    kb.signature(it.signature).means.iter().any(sign)
}

/// The sentences that quote an app or a server, with those between two that do.
fn quoted(kb: &Knowledge, words: &[Word<'_>], found: &[Found]) -> BTreeSet<u32> {
    let literal: Vec<&Found> =
        found.iter().filter(|it| kb.signature(it.signature).explained).collect();
    let quotes = |word: &&Word<'_>| literal.iter().any(|it| inside(word, it));
    let mut sentences: Vec<u32> = words.iter().filter(quotes).map(|word| word.sentence).collect();
    sentences.dedup();
    let between = sentences.windows(2).filter_map(|two| match two {
        [first, last] if last - first <= BETWEEN + 1 => Some(*first..*last),
        _ => None,
    });
    between.flatten().chain(sentences.iter().copied()).collect()
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

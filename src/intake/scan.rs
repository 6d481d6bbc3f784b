//! Finding signatures: one pass over the words, patterns indexed by the shape of their first word.

use std::collections::BTreeMap;

use crate::intake::Found;
use crate::knowledge::pattern::{Word, match_at};
use crate::knowledge::{Element, Knowledge, SignatureId};

/// Promising starts at which one pattern is tried before it is given up: bounds hostile repetition.
const TRIES: u16 = 20;

/// Starts at which it is looked at; no honest text of this length has one word so often.
const STARTS: u16 = 4000;

/// A pattern that begins with a given word.
struct Candidate<'kb> {
    signature: SignatureId,
    first: &'kb str,
    pattern: &'kb [Element],
    starts: u16,
    tries: u16,
}

/// Every signature in the text, each at its longest match, in the order of the text.
///
/// A signature that means nothing and explains nothing is a blocker: "if I have a VPN" keeps the
/// shorter "VPN" inside it from being taken for a statement.
pub(super) fn scan(kb: &Knowledge, words: &[Word<'_>]) -> Vec<Found> {
    let blocks = |id: SignatureId| {
        let signature = kb.signature(id);
        signature.means.is_empty() && !signature.explained
    };
    let blocked = matches(words, index(kb, blocks));
    let mut longest: BTreeMap<SignatureId, Found> = BTreeMap::new();
    for found in matches(words, index(kb, |id| !blocks(id))) {
        if blocked.iter().any(|it| inside(&found, it)) {
            continue;
        }
        let known = longest.entry(found.signature).or_insert(found);
        if length(&found) > length(known) {
            *known = found;
        }
    }
    let mut all: Vec<Found> = longest.into_values().collect();
    all.sort_by_key(|it| (it.start, it.signature));
    all
}

fn length(found: &Found) -> usize {
    found.end - found.start
}

/// Whether a match lies inside a longer one.
fn inside(inner: &Found, outer: &Found) -> bool {
    outer.start <= inner.start && inner.end <= outer.end && length(inner) < length(outer)
}

/// Every match of the indexed patterns, in the order of the text.
fn matches(words: &[Word<'_>], mut index: Index<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for (start, word) in words.iter().enumerate() {
        let Some(candidates) = index.get_mut(&shape(&word.folded)) else { continue };
        for candidate in candidates.iter_mut().filter(|it| it.tries > 0 && it.starts > 0) {
            if candidate.first != word.folded {
                continue;
            }
            candidate.starts -= 1;
            if promising(candidate.pattern, words.get(start + 1)) {
                candidate.tries -= 1;
                all.extend(found(candidate, words, start));
            }
        }
    }
    all
}

/// Whether the second word fits, where the pattern names it.
fn promising(pattern: &[Element], second: Option<&Word<'_>>) -> bool {
    match (pattern.get(1), second) {
        (Some(Element::Word(options)), Some(word)) => {
            options.iter().any(|option| *option == word.folded)
        }
        (Some(Element::Word(_)), None) => false,
        _ => true,
    }
}

fn found(candidate: &Candidate, words: &[Word<'_>], start: usize) -> Option<Found> {
    let end = match_at(candidate.pattern, words, start)?;
    let last = words.get(end.checked_sub(1)?)?;
    Some(Found { signature: candidate.signature, start: words.get(start)?.start, end: last.end })
}

/// Patterns by the shape of their first word.
type Index<'kb> = BTreeMap<[u8; 4], Vec<Candidate<'kb>>>;

/// Length, first two bytes and last byte: compared much faster than the word, and nearly as telling.
fn shape(word: &str) -> [u8; 4] {
    let byte = |at: usize| word.as_bytes().get(at).copied().unwrap_or(0);
    let length = u8::try_from(word.len()).unwrap_or(u8::MAX);
    [length, byte(0), byte(1), byte(word.len().saturating_sub(1))]
}

fn index(kb: &Knowledge, wanted: impl Fn(SignatureId) -> bool) -> Index<'_> {
    let mut index = Index::new();
    for signature in kb.signature_ids().filter(|id| wanted(*id)) {
        for pattern in &kb.signature(signature).patterns {
            let Some(Element::Word(options)) = pattern.first() else { continue };
            for option in options {
                let candidate =
                    Candidate { signature, first: option, pattern, starts: STARTS, tries: TRIES };
                index.entry(shape(option)).or_default().push(candidate);
            }
        }
    }
    index
}

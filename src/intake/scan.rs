//! Finding signatures: one pass over the words, patterns indexed by their first word.

use std::collections::BTreeMap;

use crate::intake::Found;
use crate::knowledge::pattern::{Word, match_at};
use crate::knowledge::{Element, Knowledge, SignatureId};

/// Promising starts at which one pattern is tried before it is given up: bounds hostile repetition.
const TRIES: u16 = 50;

/// A pattern that begins with a given word.
struct Candidate<'kb> {
    signature: SignatureId,
    pattern: &'kb [Element],
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
        let Some(candidates) = index.get_mut(&*word.folded) else { continue };
        for candidate in candidates.iter_mut().filter(|it| it.tries > 0) {
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

/// Patterns by their first word.
type Index<'kb> = BTreeMap<&'kb str, Vec<Candidate<'kb>>>;

fn index(kb: &Knowledge, wanted: impl Fn(SignatureId) -> bool) -> Index<'_> {
    let mut index = Index::new();
    for signature in kb.signature_ids().filter(|id| wanted(*id)) {
        for pattern in &kb.signature(signature).patterns {
            let Some(Element::Word(options)) = pattern.first() else { continue };
            for option in options {
                let candidate = Candidate { signature, pattern, tries: TRIES };
                index.entry(option).or_default().push(candidate);
            }
        }
    }
    index
}

//! Finding signatures: one pass over the words, patterns indexed by the set of their first word.

use std::collections::{BTreeMap, BTreeSet};

use crate::intake::Found;
use crate::intake::matching::{Span, Token, pattern_at, tokens};
use crate::knowledge::token::Word;
use crate::knowledge::{Condition, Element, Kind, Knowledge, Pattern, SignatureId};

/// Promising starts at which one pattern is tried before it is given up: bounds hostile repetition.
const TRIES: u16 = 20;

/// Starts at which it is looked at; no honest text of this length has one word so often.
const STARTS: u16 = 4000;

/// A pattern, and how often it may still be tried.
struct Candidate<'kb> {
    signature: SignatureId,
    pattern: &'kb Pattern,
    unless: &'kb [Vec<Element>],
    starts: u16,
    tries: u16,
}

/// A signature and the rows of words that matched.
struct Match {
    signature: SignatureId,
    spans: Vec<Span>,
}

impl Match {
    /// The sentence in which it begins.
    fn sentence(&self, tokens: &[Token<'_>]) -> u32 {
        let first = self.spans.first().and_then(|span| tokens.get(span.start));
        first.map_or(0, |token| token.sentence)
    }
}

/// Every signature in the text, each at its most telling match, in the order of the text.
///
/// A signature that means nothing and explains nothing is a blocker: "if I have a VPN" keeps the
/// shorter "VPN" inside it from being taken for a statement. Where a sentence holds what an app or a
/// server writes, that says what failed, and the phrases people have for failures do not count in it.
pub(super) fn scan(kb: &Knowledge, words: &[Word<'_>]) -> Vec<Found> {
    let blocks = |id: SignatureId| {
        let signature = kb.signature(id);
        signature.means.is_empty() && !signature.explained
    };
    let tokens = tokens(kb, words);
    let blocked = matches(&tokens, index(kb, blocks));
    let (literal, spoken): (Vec<Match>, Vec<Match>) = matches(&tokens, index(kb, |id| !blocks(id)))
        .into_iter()
        .partition(|it| kb.signature(it.signature).explained);
    let sentences = failed_sentences(kb, &literal, &tokens);
    let counts = |it: &&Match| {
        let loose = only_signs(kb, it.signature) && sentences.contains(&it.sentence(&tokens));
        !loose && !it.spans.iter().any(|span| inside_one(span, &literal))
    };
    let mut best: BTreeMap<SignatureId, Found> = BTreeMap::new();
    for it in literal.iter().chain(spoken.iter().filter(counts)) {
        if it.spans.iter().any(|span| inside_one(span, &blocked)) {
            continue;
        }
        let Some(found) = found(kb, it, words) else { continue };
        let known = best.entry(it.signature).or_insert(found);
        if found.weight() > known.weight() {
            *known = found;
        }
    }
    let mut all: Vec<Found> = best.into_values().collect();
    all.sort_by_key(|it| (it.start, it.signature));
    all
}

/// The sentences in which an app or a server says what failed.
fn failed_sentences(kb: &Knowledge, literal: &[Match], tokens: &[Token<'_>]) -> BTreeSet<u32> {
    let says_what = |it: &&Match| !kb.signature(it.signature).means.is_empty();
    literal.iter().filter(says_what).map(|it| it.sentence(tokens)).collect()
}

/// A phrase that only says how the sending fails.
fn only_signs(kb: &Knowledge, id: SignatureId) -> bool {
    let sign = |it: &Condition| kb.observation(it.observation).kind == Kind::Sign;
    kb.signature(id).means.iter().all(sign)
}

/// Whether a row lies inside a longer match of a blocker.
fn inside_one(span: &Span, blocked: &[Match]) -> bool {
    let mut outer = blocked.iter().flat_map(|it| &it.spans);
    outer.any(|it| {
        it.start <= span.start && span.end <= it.end && span.end - span.start < it.end - it.start
    })
}

fn found(kb: &Knowledge, it: &Match, words: &[Word<'_>]) -> Option<Found> {
    let first = it.spans.iter().map(|span| span.start).min()?;
    let last = it.spans.iter().map(|span| span.end).max()?.checked_sub(1)?;
    let named = it.spans.iter().map(|span| span.named).sum();
    Some(Found {
        signature: it.signature,
        start: words.get(first)?.start,
        end: words.get(last)?.end,
        words: if kb.signature(it.signature).weak { 0 } else { named },
    })
}

/// Every match of the indexed patterns, in the order of the text.
fn matches(tokens: &[Token<'_>], mut index: Index<'_>) -> Vec<Match> {
    let mut all = Vec::new();
    for (start, token) in tokens.iter().enumerate() {
        for set in token.sets {
            let candidates = index.get_mut(usize::from(set.0)).into_iter().flatten();
            for candidate in candidates.filter(|it| it.tries > 0 && it.starts > 0) {
                candidate.starts -= 1;
                if promising(candidate.pattern, tokens.get(start + 1)) {
                    candidate.tries -= 1;
                    let spans = pattern_at(candidate.pattern, candidate.unless, tokens, start);
                    all.extend(spans.map(|spans| Match { signature: candidate.signature, spans }));
                }
            }
        }
    }
    all
}

/// Whether the second word fits, where the first row names it.
fn promising(pattern: &Pattern, second: Option<&Token<'_>>) -> bool {
    match (pattern.all.first().and_then(|row| row.get(1)), second) {
        (Some(Element::Word(set)), Some(token)) => token.sets.binary_search(set).is_ok(),
        (Some(Element::Word(_)), None) => false,
        _ => true,
    }
}

/// Patterns by the set of the first word of their first row.
type Index<'kb> = Vec<Vec<Candidate<'kb>>>;

fn index(kb: &Knowledge, wanted: impl Fn(SignatureId) -> bool) -> Index<'_> {
    let mut index = Index::new();
    for signature in kb.signature_ids().filter(|id| wanted(*id)) {
        for pattern in &kb.signature(signature).patterns {
            let Some(Element::Word(set)) = pattern.all.first().and_then(|row| row.first()) else {
                continue;
            };
            let at = usize::from(set.0);
            if index.len() <= at {
                index.resize_with(at + 1, Vec::new);
            }
            if let Some(list) = index.get_mut(at) {
                let unless = &kb.signature(signature).unless;
                list.push(Candidate { signature, pattern, unless, starts: STARTS, tries: TRIES });
            }
        }
    }
    index
}

//! From pasted or typed text to evidence: pure, total, bounded.
//!
//! Everything that matches is evidence. Where two matches answer one observation differently, the
//! one with more words counts, so "no vpn" beats "vpn". The text is kept with addresses and passwords masked.

mod hosts;
mod matching;
mod redact;
mod scan;
mod terms;

use std::collections::BTreeMap;

use crate::knowledge::{AnswerId, Field, Knowledge, ObservationId, SignatureId, TermId, token};

pub use hosts::domain_of;
pub use redact::redact;
pub use terms::spoken;

/// Bytes of text that are read; the rest is dropped, and the reading says so.
pub const LIMIT: usize = 100 * 1024;

/// A signature and where it stands in the text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which signature.
    pub signature: SignatureId,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// Words that the pattern names, none for a weak signature; gaps do not count.
    pub words: usize,
}

impl Found {
    /// How telling the match is: the more words, then the longer.
    fn weight(&self) -> (usize, usize) {
        (self.words, self.end - self.start)
    }
}

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Signatures in the order of the text, each once.
    pub found: Vec<Found>,
    /// Answers, at most one an observation.
    pub answers: Vec<(ObservationId, AnswerId)>,
    /// Settings that the text names.
    pub settings: BTreeMap<Field, String>,
    /// Address domain that the text names; empty if none.
    pub domain: String,
    /// The user's own words that tell something, each once.
    pub terms: Vec<TermId>,
    /// The text with addresses and passwords masked.
    pub text: String,
    /// The text was longer than [`LIMIT`].
    pub truncated: bool,
}

/// Reads a text.
///
/// ```
/// use outbox_doctor::{intake, knowledge};
/// let kb = knowledge::embedded();
/// let reading = intake::read(&kb, "<ann@nc.rr.com> sender rejected. AUP#Out-1500");
/// assert_eq!(reading.domain, "nc.rr.com");
/// assert_eq!(reading.text, "<…@nc.rr.com> sender rejected. AUP#Out-1500");
/// assert!(reading.found.iter().any(|it| kb.signature(it.signature).key == "aup-1500"));
/// ```
#[must_use]
pub fn read(kb: &Knowledge, text: &str) -> Reading {
    let (text, truncated) = cut(text);
    let words = token::words(text);
    let found = scan::scan(kb, &words);
    let hosts = hosts::hosts(text);
    Reading {
        answers: answers(kb, &found),
        settings: hosts::settings(kb, &hosts, &words),
        domain: hosts::address_domain(kb, &hosts),
        terms: terms::terms(kb, text, &words, &found),
        text: redact(text),
        truncated,
        found,
    }
}

/// The part of a text that is read, cut at a character.
fn cut(text: &str) -> (&str, bool) {
    let end = text.floor_char_boundary(LIMIT.min(text.len()));
    (text.get(..end).unwrap_or(text), end < text.len())
}

/// The answers of all matches; of two for one observation the more telling, then the earlier.
fn answers(kb: &Knowledge, found: &[Found]) -> Vec<(ObservationId, AnswerId)> {
    let mut best: BTreeMap<ObservationId, ((usize, usize), AnswerId)> = BTreeMap::new();
    for it in found {
        let weight = it.weight();
        for means in &kb.signature(it.signature).means {
            let known = best.entry(means.observation).or_insert((weight, means.answer));
            if weight > known.0 {
                *known = (weight, means.answer);
            }
        }
    }
    best.into_iter().map(|(observation, (_, answer))| (observation, answer)).collect()
}

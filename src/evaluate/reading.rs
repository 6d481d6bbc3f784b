//! How well intake reads what people write: sentences with the answers they state.

use std::collections::BTreeMap;
use std::fmt;

use crate::intake;
use crate::knowledge::{Condition, Knowledge, Observation};
use crate::session::{Event, Session};

/// A sentence and what it states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Labels as `observation=answer`, signs by their id; empty if it states nothing.
    pub states: Vec<String>,
    /// The sentence.
    pub text: String,
}

/// Reads lines of `label;label<TAB>sentence`; `none` is no label.
///
/// # Errors
/// The first line that is not of this form, or names a label the knowledge does not have.
pub fn sentences(kb: &Knowledge, lines: &str) -> Result<Vec<Sentence>, String> {
    let lines = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| sentence(kb, line).map_err(|it| format!("line {}: {it}", at + 1)))
        .collect()
}

fn sentence(kb: &Knowledge, line: &str) -> Result<Sentence, String> {
    let (labels, text) = line.split_once('\t').ok_or("no tab between label and sentence")?;
    let labels = labels.split(';').map(str::trim).filter(|it| *it != "none");
    let states: Vec<String> = labels.map(str::to_owned).collect();
    match states.iter().find(|label| !known(kb, label)) {
        Some(label) => Err(format!("unknown label `{label}`")),
        None => Ok(Sentence { states, text: text.to_owned() }),
    }
}

fn known(kb: &Knowledge, label: &str) -> bool {
    let (key, answer) = label.split_once('=').unwrap_or((label, "seen"));
    kb.observation_by_key(key).is_some_and(|id| kb.observation(id).answer(answer).is_some())
}

/// How one label fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sentences that state it.
    pub stated: usize,
    /// Of them, those in which it was read.
    pub read: usize,
    /// Sentences in which it was read although they state nothing, or another answer.
    pub wrong: usize,
    /// Sentences read wrongly, with `-` for missed and `+` for wrongly read, and what matched.
    pub misses: Vec<String>,
}

/// The tally of every label that the sentences state.
#[must_use]
pub fn read(kb: &Knowledge, sentences: &[Sentence]) -> BTreeMap<String, Tally> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for label in sentences.iter().flat_map(|it| &it.states) {
        tallies.entry(label.clone()).or_default();
    }
    for sentence in sentences {
        let read = labels(kb, &sentence.text);
        for (label, tally) in &mut tallies {
            tally.count(kb, label, sentence, read.contains(label));
        }
    }
    tallies
}

impl Tally {
    fn count(&mut self, kb: &Knowledge, label: &str, sentence: &Sentence, read: bool) {
        let stated = sentence.states.iter().any(|it| it == label);
        let silent =
            sentence.states.is_empty() || sentence.states.iter().any(|it| rivals(it, label));
        self.stated += usize::from(stated);
        self.read += usize::from(stated && read);
        self.wrong += usize::from(read && !stated && silent);
        if stated && !read {
            self.misses.push(format!("- {}", sentence.text));
        } else if read && !stated && silent {
            self.misses.push(format!("+ {}{}", sentence.text, matched(kb, label, &sentence.text)));
        }
    }
}

/// The signatures that mean a label, with the words each of them matched.
fn matched(kb: &Knowledge, wanted: &str, text: &str) -> String {
    let means = |it: &Condition| label(kb.observation(it.observation), it.answer.0) == wanted;
    let found = intake::read(kb, text).found.into_iter().filter_map(|it| {
        let signature = kb.signature(it.signature);
        let words = text.get(it.start..it.end)?;
        let named = signature.means.iter().any(means);
        named.then(|| format!(" [{}: {words}]", signature.key))
    });
    found.collect()
}

/// Two answers of one observation.
fn rivals(a: &str, b: &str) -> bool {
    a != b && a.contains('=') && a.split('=').next() == b.split('=').next()
}

/// Everything that a text is evidence of.
fn labels(kb: &Knowledge, text: &str) -> Vec<String> {
    let session = Session::default().apply(kb, Event::Describe(text.to_owned()));
    let seen = session.evidence(kb).seen;
    seen.iter().map(|it| label(kb.observation(it.observation), it.answer.0)).collect()
}

/// `observation=answer`, or the id of a sign.
#[must_use]
pub fn label(observation: &Observation, answer: u8) -> String {
    match observation.answers.get(usize::from(answer)).map(String::as_str) {
        None | Some("seen") => observation.key.clone(),
        Some(answer) => format!("{}={answer}", observation.key),
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "read {} of {}, wrongly {}", self.read, self.stated, self.wrong)
    }
}

//! Interning the words of patterns: each list of alternatives becomes a set with a number, and the
//! lexicon says for every word which sets it is in. Matching then compares numbers, not words.

use std::collections::BTreeMap;

use super::model::{Element, Entry, Pattern, SetId};
use super::pattern::{Item, Written};

/// Collects the sets while patterns are compiled.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    sets: BTreeMap<Vec<String>, SetId>,
}

impl Interner {
    /// The compiled form of a pattern.
    pub fn pattern(&mut self, written: &Written) -> Pattern {
        let mut rows =
            |rows: &[Vec<Item>]| rows.iter().map(|row| self.row(row)).collect::<Vec<_>>();
        Pattern { all: rows(&written.all), none: rows(&written.none) }
    }

    /// The compiled form of a row.
    pub fn row(&mut self, row: &[Item]) -> Vec<Element> {
        let element = |item: &Item| match item {
            Item::Words(words) => Element::Word(self.set(words)),
            Item::Gap(most) => Element::Gap(*most),
        };
        row.iter().map(element).collect()
    }

    fn set(&mut self, words: &[String]) -> SetId {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        let next = SetId(u16::try_from(self.sets.len()).unwrap_or(u16::MAX));
        *self.sets.entry(words).or_insert(next)
    }

    /// Every word with the sets it is in, sorted by word.
    #[must_use]
    pub fn lexicon(&self) -> Vec<Entry> {
        let mut lexicon: BTreeMap<&String, Vec<SetId>> = BTreeMap::new();
        for (words, id) in &self.sets {
            for word in words {
                lexicon.entry(word).or_default().push(*id);
            }
        }
        let entries = lexicon.into_iter().map(|(word, mut sets)| {
            sets.sort_unstable();
            Entry { word: word.clone(), sets }
        });
        entries.collect()
    }
}

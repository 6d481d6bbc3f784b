//! Whether a pattern stands at a place of a text.

use crate::knowledge::token::Word;
use crate::knowledge::{Element, Knowledge, Pattern, SetId};

/// Words between the first row of a pattern and any other.
const NEAR: usize = 12;
/// Words before the match, and behind it, that an excluded row may begin in.
const BEFORE: usize = 3;
const BEHIND: usize = 1;

/// A word of the text, as matching sees it.
pub(super) struct Token<'kb> {
    /// The sets of pattern words it is in.
    pub(super) sets: &'kb [SetId],
    /// Which sentence it stands in.
    pub(super) sentence: u32,
}

/// The words of a text as tokens.
pub(super) fn tokens<'kb>(kb: &'kb Knowledge, words: &[Word<'_>]) -> Vec<Token<'kb>> {
    let token = |word: &Word<'_>| Token { sets: kb.sets_of(&word.folded), sentence: word.sentence };
    words.iter().map(token).collect()
}

/// A row that matched: the words from `start` to before `end`, `named` of them not in a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) named: usize,
}

/// The rows of a pattern whose first row begins at `start`, if the whole pattern matches and no row
/// that it or its signature excludes stands by.
pub(super) fn pattern_at(
    pattern: &Pattern,
    unless: &[Vec<Element>],
    tokens: &[Token<'_>],
    start: usize,
) -> Option<Vec<Span>> {
    let (anchor, others) = pattern.all.split_first()?;
    let anchor = row_at(anchor, tokens, start)?;
    let mut spans = vec![anchor];
    let near = start.saturating_sub(NEAR)..anchor.end + NEAR;
    for row in others {
        let free =
            |it: &Span| spans.iter().all(|span| it.end <= span.start || span.end <= it.start);
        let found = rows_in(row, tokens, near.clone(), start).find(free)?;
        spans.push(found);
    }
    let first = spans.iter().map(|it| it.start).min()?.saturating_sub(BEFORE);
    let last = spans.iter().map(|it| it.end).max()? + BEHIND;
    let mut none = pattern.none.iter().chain(unless);
    let excluded = none.any(|row| rows_in(row, tokens, first..last, start).next().is_some());
    (!excluded).then_some(spans)
}

/// Every match of a row that begins in a range, in the sentence of the word at `at`.
fn rows_in<'a>(
    row: &'a [Element],
    tokens: &'a [Token<'_>],
    range: std::ops::Range<usize>,
    at: usize,
) -> impl Iterator<Item = Span> + 'a {
    let sentence = tokens.get(at).map(|it| it.sentence);
    let here = move |at: &usize| tokens.get(*at).map(|it| it.sentence) == sentence;
    let range = range.start..range.end.min(tokens.len());
    range.filter(here).filter_map(move |at| row_at(row, tokens, at))
}

/// The match of a row at `start`, with gaps as short as can be.
fn row_at(row: &[Element], tokens: &[Token<'_>], start: usize) -> Option<Span> {
    let (end, named) = end_of(row, tokens, start)?;
    Some(Span { start, end, named })
}

fn end_of(row: &[Element], tokens: &[Token<'_>], start: usize) -> Option<(usize, usize)> {
    let Some((element, rest)) = row.split_first() else {
        return Some((start, 0));
    };
    match element {
        Element::Word(set) => {
            let word = tokens.get(start)?.sets.binary_search(set).is_ok();
            let (end, named) = word.then(|| end_of(rest, tokens, start + 1))??;
            Some((end, named + 1))
        }
        Element::Gap(most) => {
            (0..=usize::from(*most)).find_map(|skipped| end_of(rest, tokens, start + skipped))
        }
    }
}

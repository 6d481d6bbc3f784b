//! The patterns of signatures, as their authors write them.

use std::collections::BTreeMap;

use super::token::words;

/// Words that `…` may stand for.
const SHORT_GAP: u8 = 3;
/// Words that `{}` may stand for.
const LONG_GAP: u8 = 12;

/// Named lists of words, for `<name>` in patterns.
pub type Classes = BTreeMap<String, Vec<String>>;

/// A piece of a row of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// One of these words.
    Words(Vec<String>),
    /// Between zero and this many words of any kind.
    Gap(u8),
}

/// A pattern: rows of words that must all stand in one sentence, and rows that must not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// At least one; the first one anchors the match.
    pub all: Vec<Vec<Item>>,
    /// None of these may stand there too.
    pub none: Vec<Vec<Item>>,
}

/// Parses a pattern: words, `a|b` alternatives, `<class>`es, `…` and `{}` gaps; rows joined by
/// ` & ` stand in one sentence in any order, a row behind `!` must not.
///
/// # Errors
/// What is wrong, as one lower-case clause.
pub fn parse(pattern: &str, classes: &Classes) -> Result<Written, String> {
    let mut written = Written::default();
    for part in pattern.split(" & ") {
        match part.trim().strip_prefix('!') {
            Some(part) => written.none.push(row(part, pattern, classes)?),
            None => written.all.push(row(part, pattern, classes)?),
        }
    }
    match written.all.is_empty() {
        true => Err(format!("the pattern `{pattern}` only says what must not be there")),
        false => Ok(written),
    }
}

/// Parses one row of words.
///
/// # Errors
/// What is wrong with it, or with the `pattern` it belongs to.
pub fn row(part: &str, pattern: &str, classes: &Classes) -> Result<Vec<Item>, String> {
    let items = part.split_whitespace().map(|it| item(it, classes));
    let items: Vec<Item> = items.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    match (items.first(), items.last()) {
        (Some(Item::Words(_)), Some(Item::Words(_))) => Ok(items),
        (None, _) => Err("the pattern is empty".to_owned()),
        _ => Err(format!("the pattern `{pattern}` must start and end with a word")),
    }
}

fn item(item: &str, classes: &Classes) -> Result<Vec<Item>, String> {
    Ok(match item {
        "…" => vec![Item::Gap(SHORT_GAP)],
        "{}" => vec![Item::Gap(LONG_GAP)],
        item if item.contains('|') || item.starts_with('<') => {
            vec![Item::Words(alternatives(item, classes)?)]
        }
        item => {
            words(item).into_iter().map(|it| Item::Words(vec![it.folded.into_owned()])).collect()
        }
    })
}

fn alternatives(item: &str, classes: &Classes) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for option in item.split('|') {
        match option.strip_prefix('<').and_then(|it| it.strip_suffix('>')) {
            Some(name) => {
                let class = classes.get(name).ok_or(format!("unknown class `<{name}>`"))?;
                all.extend(class.iter().cloned());
            }
            None => all.extend(words(option).into_iter().next().map(|it| it.folded.into_owned())),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(pattern: &str, message: &str) {
        assert_eq!(parse(pattern, &Classes::new()), Err(message.to_owned()));
    }

    #[test]
    fn a_row_starts_and_ends_with_a_word() {
        refused("… password", "the pattern `… password` must start and end with a word");
        refused("a & password {}", "the pattern `a & password {}` must start and end with a word");
        refused("  ", "the pattern is empty");
        refused("!not", "the pattern `!not` only says what must not be there");
    }

    #[test]
    fn classes_stand_for_their_words() {
        let classes = Classes::from([("no".to_owned(), vec!["no".to_owned(), "not".to_owned()])]);
        let written = parse("<no>|never & !x", &classes).unwrap();
        let words = |list: &[&str]| Item::Words(list.iter().map(|&it| it.to_owned()).collect());
        assert_eq!(written.all, [vec![words(&["no", "not", "never"])]]);
        assert_eq!(written.none, [vec![words(&["x"])]]);
        assert_eq!(parse("<yes>", &classes), Err("unknown class `<yes>`".to_owned()));
    }
}

//! Signatures: patterns that can match, and mean one thing.

use std::collections::BTreeMap;

use toml::Spanned;

use super::super::compile::classes;
use super::super::files::Files;
use super::super::finding::Finding;
use super::super::pattern::{Classes, Item, parse, row};
use super::super::source::Signature;
use super::super::token::words;
use super::place::{Place, entries};

/// Words that occur in nearly every report, so alone they mean nothing.
const EVERYWHERE: &str = "a an and the i it is my not no to from of for in on with can cannot cant \
    mail mails email emails e message messages server error errors send sends sent sending \
    receive password account accounts app phone computer internet network smtp outgoing incoming \
    port address user name username outlook thunderbird spectrum charter problem help failed work works";

/// Every pattern parses and is more than one word that occurs everywhere; there is at least one.
pub fn patterns(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    let classes = classes(files);
    for (place, signature) in entries::<Signature>(files) {
        let wrong =
            signature.text.iter().filter_map(|text| Some((text, wrong(text.get_ref(), &classes)?)));
        findings.extend(wrong.map(|(text, message)| place.at(text, message)));
        let rows = signature.unless.iter().filter_map(|text| {
            let found = row(text.get_ref(), text.get_ref(), &classes).err();
            Some((text, found.or_else(|| not_one_word(text.get_ref()))?))
        });
        findings.extend(rows.map(|(text, message)| place.at(text, message)));
        if signature.text.is_empty() {
            findings.push(place.finding("`text` has no pattern"));
        }
    }
    findings
}

fn wrong(pattern: &str, classes: &Classes) -> Option<String> {
    let written = match parse(pattern, classes) {
        Ok(written) => written,
        Err(message) => return Some(message),
    };
    if let Some(message) = not_one_word(pattern) {
        return Some(message);
    }
    let [alone] = written.all.as_slice() else {
        return None;
    };
    let [Item::Words(alone)] = alone.as_slice() else {
        return None;
    };
    let vague = alone.iter().find(|word| EVERYWHERE.split_whitespace().any(|it| it == *word))?;
    Some(format!("the pattern `{vague}` alone is too common to mean anything"))
}

/// The parser takes the first word of each alternative and would drop the rest.
fn not_one_word(pattern: &str) -> Option<String> {
    let mut options =
        pattern.split([' ', '!']).filter(|it| it.contains('|')).flat_map(|it| it.split('|'));
    let class = |option: &str| option.starts_with('<');
    let option = options.find(|option| !class(option) && words(option).len() != 1)?;
    Some(format!("the alternative `{option}` in `{pattern}` is not one word"))
}

/// The same pattern in two signatures means the same, or which one counts would be chance.
pub fn ambiguous(files: &Files) -> Vec<Finding> {
    let mut first: BTreeMap<String, (Place<'_>, &Signature)> = BTreeMap::new();
    let mut findings = Vec::new();
    let classes = classes(files);
    for (place, signature) in entries::<Signature>(files) {
        for text in &signature.text {
            let Ok(written) = parse(text.get_ref(), &classes) else {
                continue;
            };
            let folded = format!("{written:?}");
            match first.get(&folded) {
                Some((there, other)) if meaning(other) != meaning(signature) => {
                    findings.push(place.at(text, clash(text, other, there)));
                }
                Some(_) => {}
                None => {
                    first.insert(folded, (place.clone(), signature));
                }
            }
        }
    }
    findings
}

fn meaning(signature: &Signature) -> Vec<&str> {
    let mut means: Vec<&str> = signature.means.iter().map(|it| it.get_ref().trim()).collect();
    means.sort_unstable();
    means
}

fn clash(text: &Spanned<String>, other: &Signature, there: &Place<'_>) -> String {
    let (text, other, line) = (text.get_ref(), other.id.get_ref(), there.line());
    format!("the pattern `{text}` means something else in `{other}`, {line}")
}

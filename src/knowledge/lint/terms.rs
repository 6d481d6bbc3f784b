//! Counts of words must belong to the knowledge they stand beside.

use super::super::compile::each;
use super::super::files::{Files, Parsed};
use super::super::finding::Finding;
use super::super::source::{File, Terms};

/// Every fault exists, every list has a number for each, and no word stands in more reports than
/// there are.
pub fn terms(files: &Files) -> Vec<Finding> {
    let known: Vec<&str> =
        each(files, |file| &file.fault).map(|(_, it)| it.id.get_ref().as_str()).collect();
    let counted = files.files.iter().filter_map(|file| Some((file, file.content.terms.as_ref()?)));
    counted
        .flat_map(|(file, terms)| {
            unknown(file, terms, &known).chain(wrong(file, terms)).collect::<Vec<_>>()
        })
        .collect()
}

fn unknown<'a>(
    file: &'a Parsed<File>,
    terms: &'a Terms,
    known: &'a [&str],
) -> impl Iterator<Item = Finding> + 'a {
    let strangers = terms.faults.iter().filter(|fault| !known.contains(&fault.as_str()));
    strangers.map(|fault| {
        let message = format!("words of reports of the unknown fault `{fault}`; count again");
        stale(file, fault, message)
    })
}

fn wrong<'a>(file: &'a Parsed<File>, terms: &'a Terms) -> impl Iterator<Item = Finding> + 'a {
    let fits = |counts: &[u32]| {
        counts.len() == terms.reports.len()
            && counts.iter().zip(&terms.reports).all(|(count, all)| count <= all)
    };
    let whole = (terms.reports.len() != terms.faults.len()).then(|| {
        stale(file, "reports", "not one number of reports a fault; count again".to_owned())
    });
    let words = terms.word.iter().filter(move |(_, counts)| !fits(counts)).map(|(word, _)| {
        let quoted = format!("{word:?}");
        stale(file, &quoted, format!("counts of {quoted} that do not fit the reports; count again"))
    });
    whole.into_iter().chain(words)
}

fn stale(file: &Parsed<File>, text: &str, message: String) -> Finding {
    file.finding(file.text.find(text).unwrap_or(0), "terms", message)
}

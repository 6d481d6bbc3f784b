//! Counting in how many reports of each fault a word stands, for the compiler to weigh words by.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::evaluate::case::Case;
use crate::intake;
use crate::knowledge::numbers::UNKNOWN;
use crate::knowledge::source::Terms;
use crate::knowledge::{Knowledge, token};

/// A word that stands in fewer reports tells nothing reliable.
const LEAST: u32 = 5;

/// Counts the words of reports by their first fault. Words that name an app or a provider are left
/// out: which app somebody uses says nothing about the mix of faults (shared/cases/README.md).
#[must_use]
pub fn count_terms(kb: &Knowledge, reports: &[Case]) -> Terms {
    let named = kb.faults.iter().map(|fault| fault.key.clone());
    let faults: Vec<String> = named.filter(|fault| fault != UNKNOWN).collect();
    let names = names(kb);
    let mut terms = Terms {
        reports: vec![0; faults.len()],
        faults,
        word: BTreeMap::new(),
        source: String::new(),
    };
    for report in reports {
        let leads = |fault: &String| report.leads_with(fault);
        let Some(at) = terms.faults.iter().position(leads) else { continue };
        increase(&mut terms.reports, at);
        for word in words(kb, report).difference(&names) {
            let row = terms.word.entry(word.clone());
            increase(row.or_insert_with(|| vec![0; terms.faults.len()]), at);
        }
    }
    terms.word.retain(|_, counts| counts.iter().sum::<u32>() >= LEAST);
    terms
}

fn increase(counts: &mut [u32], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// The user's own words in a report.
fn words(kb: &Knowledge, report: &Case) -> BTreeSet<String> {
    intake::spoken(kb, &format!("{}\n{}", report.error_text, report.complaint))
}

/// The words of which the names of apps and providers are made.
fn names(kb: &Knowledge) -> BTreeSet<String> {
    let apps = kb.apps.iter().map(|app| app.key.as_str());
    let providers = kb.providers.iter().flat_map(|it| {
        std::iter::once(it.key.as_str()).chain(it.domains.iter().map(String::as_str))
    });
    let names: Vec<&str> = apps.chain(providers).collect();
    token::words(&names.join(" ")).into_iter().map(|word| word.folded.into_owned()).collect()
}

/// The counts as a knowledge file.
#[must_use]
pub fn terms_toml(terms: &Terms) -> String {
    let mut text = String::from(
        "# In how many reports of each fault a word stands. Written by `outbox-doctor terms`; do not\n\
         # edit, count again. The reports are made up by experts, see docs/knowledge.md.\n\n[terms]\n",
    );
    let _infallible = writeln!(text, "source = {:?}\nfaults = {:?}", terms.source, terms.faults);
    let _infallible = writeln!(text, "reports = {:?}\n\n[terms.word]", terms.reports);
    for (word, counts) in &terms.word {
        let _infallible = writeln!(text, "{word:?} = {counts:?}");
    }
    text
}

//! Counting what real cases say, for the compiler to move the experts' numbers by.

use std::fmt::Write;

use crate::engine::Seen;
use crate::evaluate::case::Case;
use crate::evaluate::guided::begin;
use crate::knowledge::source::Fitted;
use crate::knowledge::{AnswerId, Kind, Knowledge, ObservationId};
use crate::session::{judge, provider_of};

/// What a fault that is not the case's first counts.
const FURTHER: f64 = 0.5;

/// Counts of one case; nothing for a case that is not scored.
#[must_use]
pub fn count(kb: &Knowledge, case: &Case) -> Fitted {
    let mut fitted = Fitted::default();
    if case.scored() {
        fitted.cases = 1;
        let told = told(kb, case);
        let stated = stated(kb, case);
        for (fault, weight) in faults(kb, case) {
            *fitted.fault.entry(fault.clone()).or_insert(0.0) += weight;
            for seen in &told {
                add(kb, &mut fitted.told, seen.observation, seen.answer, &fault, weight);
            }
            for (observation, answer) in &stated {
                add(kb, &mut fitted.stated, *observation, *answer, &fault, weight);
            }
        }
    }
    fitted
}

/// Counts of many cases.
#[must_use]
pub fn sum<'a>(counts: impl IntoIterator<Item = &'a Fitted>) -> Fitted {
    let mut total = Fitted::default();
    for it in counts {
        total.cases += it.cases;
        for (fault, weight) in &it.fault {
            *total.fault.entry(fault.clone()).or_insert(0.0) += weight;
        }
        merge(&mut total.stated, &it.stated);
        merge(&mut total.told, &it.told);
    }
    total
}

type Rows = std::collections::BTreeMap<String, std::collections::BTreeMap<String, Vec<f64>>>;

fn merge(total: &mut Rows, rows: &Rows) {
    for (observation, faults) in rows {
        for (fault, row) in faults {
            let sums = total.entry(observation.clone()).or_default().entry(fault.clone());
            let sums = sums.or_insert_with(|| vec![0.0; row.len()]);
            sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
        }
    }
}

/// The case's faults that the knowledge names, with their weight; a finer id counts in full.
fn faults(kb: &Knowledge, case: &Case) -> Vec<(String, f64)> {
    let named = kb.faults.iter().filter(|fault| case.has(&fault.key));
    named.map(|it| (it.key.clone(), if case.leads_with(&it.key) { 1.0 } else { FURTHER })).collect()
}

/// What the text itself says.
fn told(kb: &Knowledge, case: &Case) -> Vec<Seen> {
    begin(kb, case).evidence(kb).seen
}

/// What the case states, whether or not the text says it.
fn stated(kb: &Knowledge, case: &Case) -> Vec<(ObservationId, AnswerId)> {
    let session = begin(kb, case);
    let provider = provider_of(kb, &session.state.domain);
    let questions = kb.observation_ids().filter(|id| kb.observation(*id).kind == Kind::Question);
    let mut stated: Vec<(ObservationId, AnswerId)> =
        questions.filter_map(|id| Some((id, super::guided::fact(kb, case, id)?))).collect();
    let settings = super::guided::settings(kb, case, &kb.observation_ids().collect::<Vec<_>>());
    stated.extend(judge(kb, provider, &settings).into_iter().filter_map(|it| it.evidence));
    stated
}

fn add(
    kb: &Knowledge,
    rows: &mut Rows,
    observation: ObservationId,
    answer: AnswerId,
    fault: &str,
    weight: f64,
) {
    let it = kb.observation(observation);
    let row = rows.entry(it.key.clone()).or_default().entry(fault.to_owned());
    let row = row.or_insert_with(|| vec![0.0; it.answers.len()]);
    if let Some(slot) = row.get_mut(usize::from(answer.0)) {
        *slot += weight;
    }
}

/// The counts as a knowledge file.
#[must_use]
pub fn toml(fitted: &Fitted) -> String {
    let mut text = String::from(
        "# What real cases say. Written by `outbox-doctor fit`; do not edit, fit again.\n\
         # One for a case's first fault, half for each further one.\n\n",
    );
    let _infallible = writeln!(text, "[fitted]\ncases = {}", fitted.cases);
    let _infallible = writeln!(text, "source = {:?}\n\n[fitted.fault]", fitted.source);
    for (fault, weight) in &fitted.fault {
        let _infallible = writeln!(text, "\"{fault}\" = {weight:?}");
    }
    for (name, rows) in [("stated", &fitted.stated), ("told", &fitted.told)] {
        for (observation, faults) in rows {
            let _infallible = writeln!(text, "\n[fitted.{name}.\"{observation}\"]");
            for (fault, row) in faults {
                let _infallible = writeln!(text, "\"{fault}\" = {row:?}");
            }
        }
    }
    text
}

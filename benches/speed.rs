//! How long intake, posterior and next step take: medians and 95th percentiles of one run.
//!
//! `cargo bench --bench speed`. A benchmark, not a test: it fails nothing and judges nothing.
#![allow(clippy::indexing_slicing, reason = "a benchmark may stop at surprises")]

use std::hint::black_box;
use std::time::Instant;

use outbox_doctor::engine::{next_step, posterior};
use outbox_doctor::intake::{LIMIT, read, redact};
use outbox_doctor::knowledge::{self, token::words};
use outbox_doctor::session::{Event, Session};

const RUNS: usize = 200;
const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. AUP#Out-1500. I have two \
    accounts, webmail works, and it keeps asking for my password since the update. ";

fn main() {
    let kb = knowledge::embedded();
    println!(
        "{} faults, {} observations, {} actions, {} signatures; {RUNS} runs each\n",
        kb.faults.len(),
        kb.observations.len(),
        kb.actions.len(),
        kb.signatures.len()
    );
    println!("| what | median ms | p95 ms |\n|---|---|---|");
    report("intake, one message", || black_box(read(&kb, AUP)).found.len());
    for (name, unit) in [
        ("intake, 100 KB of reports", AUP),
        ("intake, 100 KB of one word that begins patterns", "the "),
        ("intake, 100 KB of half a match", "sender rejected the server responded "),
        ("intake, 100 KB without spaces", "a"),
        ("intake, 100 KB of symbols", "@.@.<>#"),
    ] {
        let text = unit.repeat(LIMIT / unit.len());
        report(name, || black_box(read(&kb, &text)).found.len());
    }
    let text = AUP.repeat(LIMIT / AUP.len());
    report("of which splitting into words", || black_box(words(&text)).len());
    report("of which masking", || black_box(redact(&text)).len());
    let session = Session::default().apply(&kb, Event::Describe(AUP.to_owned()));
    let evidence = session.evidence(&kb);
    report("posterior", || posterior(&kb, &evidence).all().len());
    let empty = Session::default();
    report("view without evidence (intake, posterior, next step, reasons)", || {
        black_box(empty.view(&kb)).ranking.len()
    });
    report("view with evidence", || black_box(session.view(&kb)).ranking.len());
    report("decode the knowledge", || black_box(knowledge::embedded()).faults.len());
    let usable = outbox_doctor::engine::Usable::default();
    report("next step, nothing usable", || next_step(&kb, &evidence, &usable).alternatives.len());
}

fn report(name: &str, mut work: impl FnMut() -> usize) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("| {name} | {:.3} | {:.3} |", times[RUNS / 2], times[RUNS * 95 / 100]);
}

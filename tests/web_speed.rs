//! How long intake, knowledge and the next step take in Wasm, in a real browser.
//!
//! `cargo xtask bench` prints the table. A benchmark: it judges nothing.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code stops at surprises")]

use outbox_doctor::intake::{LIMIT, read};
use outbox_doctor::knowledge;
use outbox_doctor::session::{Event, Session};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const RUNS: usize = 60;
const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. AUP#Out-1500. I have two \
    accounts, webmail works, and it keeps asking for my password since the update. ";

#[wasm_bindgen_test]
fn speed() {
    let kb = knowledge::embedded();
    console_log!("| what, in Wasm | median ms | p95 ms |\n|---|---|---|");
    report("decode the knowledge", || knowledge::embedded().faults.len());
    report("intake, one message", || read(&kb, AUP).found.len());
    let text = AUP.repeat(LIMIT / AUP.len());
    report("intake, 100 KB of reports", || read(&kb, &text).found.len());
    let empty = Session::default();
    report("view without evidence", || empty.view(&kb).ranking.len());
    let told = Session::default().apply(&kb, Event::Describe(AUP.to_owned()));
    report("view with evidence (intake, posterior, next step, reasons)", || {
        told.view(&kb).ranking.len()
    });
}

fn report(name: &str, mut work: impl FnMut() -> usize) {
    let clock = web_sys::window().unwrap().performance().unwrap();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = clock.now();
            std::hint::black_box(work());
            clock.now() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    console_log!("| {name} | {:.2} | {:.2} |", times[RUNS / 2], times[RUNS * 95 / 100]);
}

//! How long intake, posterior and next step take in Wasm, in a real browser.
//!
//! `cargo xtask test bench` prints the tables. A benchmark: it judges nothing.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code stops at surprises")]

#[path = "../benches/workload/mod.rs"]
mod workload;

use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn speed() {
    let clock = || web_sys::window().unwrap().performance().unwrap().now();
    workload::Meter { clock, say: |line| console_log!("{line}") }.run();
}

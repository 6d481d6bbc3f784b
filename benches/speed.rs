//! How long intake, posterior and next step take natively: medians and 95th percentiles of one run.
//!
//! `cargo bench --bench speed`. A benchmark, not a test: it fails nothing and judges nothing.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a benchmark may stop at surprises"
)]

mod workload;

use std::sync::LazyLock;
use std::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

fn main() {
    let clock = || START.elapsed().as_secs_f64() * 1e3;
    workload::Meter { clock, say: |line| println!("{line}") }.run();
}

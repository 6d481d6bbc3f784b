//! The lab: real mail servers, a fault in them or before them, and what the probe says of it. See
//! `matrix.rs` for what is checked.
//!
//! It has a harness of its own, because it runs in namespaces of its own, where everything is
//! started once, and because its result is a table: `cargo test --features native --test lab`, with
//! words after `--` only the rows that contain one of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code stops at surprises")]

mod before;

mod cell;

mod certificates;

mod isolation;

mod look;

mod manner;

mod matrix;

mod names;

mod scripted;

mod servers;

mod table;

mod wall;

mod proxy;

#[path = "../support/names.rs"]
#[allow(dead_code, reason = "nobody asks what was asked here")]
mod name_server;

#[path = "../support/peer.rs"]
#[allow(dead_code, reason = "the lab has certificates of its own")]
mod peer;

use std::process::ExitCode;
use std::time::Instant;

use cell::Lab;

/// Whom all certificates are for, and the probe asks for.
pub const HOST: &str = "smtp.test";

fn main() -> ExitCode {
    if std::env::args().any(|it| it == "--list") {
        return ExitCode::SUCCESS; // no tests that another harness could name
    }
    match isolation::enter() {
        Ok(isolation) => tokio::runtime::Runtime::new().unwrap().block_on(run(isolation)),
        Err(code) => code,
    }
}

async fn run(isolation: isolation::Isolation) -> ExitCode {
    let begun = Instant::now();
    let words = isolation::words();
    let lab = Lab::open(isolation).await;
    println!("lab open after {:.1} s", begun.elapsed().as_secs_f64());
    let mut lines = cell::matrix(&lab, &words).await;
    lines.extend(names::matrix(&lab, &words).await);
    table::print(&lines);
    let count = |what: fn(&table::Peer) -> usize| lines.iter().map(|it| it.count(what)).sum();
    let (passed, failed): (usize, usize) = (count(|it| it.passed), count(|it| it.failed));
    let skipped: usize = count(|it| usize::from(it.skipped.is_some()));
    println!("{} rows in {:.1} s", lines.len(), begun.elapsed().as_secs_f64());
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    let nothing = passed == 0 && words.is_empty();
    if failed == 0 && !nothing { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

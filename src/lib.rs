//! Outbox Doctor: from "my mail does not go out" to the fix, in the words of the user's mail app.
//!
//! Data flows one way; nothing downstream is known upstream:
//!
//! [`intake`] (text) and [`session`] (answers) → evidence → [`engine`] (posterior, plan, reasons)
//! → [`session::View`] → the app, the command line.
//!
//! [`knowledge`] is data, authored as TOML and compiled by the build; everything a user can be told
//! is in it. The engine writes no sentence; the surfaces compute no probability.
//!
//! [`network`] says what probes report and what follows from it; `probe` measures.
//!
//! # Invariants (tests/tidy.rs)
//! `engine`, `intake`, `session` and `network` do no I/O, read no clock, draw no random numbers, never fail and
//! never name a web or async crate. Iteration order is defined: `Vec` or `BTreeMap`.

pub mod knowledge;

pub mod intake;

pub mod engine;

pub mod session;

pub mod guidance;

pub mod network;

pub mod wording;

#[cfg(feature = "native")]
pub mod probe;

#[cfg(feature = "app")]
pub mod app;

#[cfg(feature = "native")]
pub mod evaluate;

#[cfg(feature = "native")]
pub mod serve;

#[cfg(feature = "native")]
pub mod command;

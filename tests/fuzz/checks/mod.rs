//! What must hold of every reader of foreign bytes, whatever the bytes are. The fuzzer calls these
//! with bytes of its own, `tests/corpus.rs` with those that are kept in `tests/fuzz/corpus`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a check that fails stops here")]

#[cfg(feature = "app")]
pub mod case;
#[cfg(feature = "native")]
pub mod certificate;
#[cfg(feature = "native")]
pub mod ehlo;
#[cfg(feature = "app")]
pub mod events;
#[cfg(feature = "native")]
pub mod http;
pub mod intake;
pub mod json;
#[cfg(feature = "native")]
pub mod rcode;
#[cfg(feature = "native")]
pub mod reply;
pub mod report;

/// A reader's name and its check.
pub type Check = (&'static str, fn(&[u8]));

/// All that this build has; `targets/` has a program for each.
pub const ALL: &[Check] = &[
    #[cfg(feature = "app")]
    ("case", case::check),
    #[cfg(feature = "native")]
    ("certificate", certificate::check),
    #[cfg(feature = "native")]
    ("ehlo", ehlo::check),
    #[cfg(feature = "app")]
    ("events", events::check),
    #[cfg(feature = "native")]
    ("http", http::check),
    ("intake", intake::check),
    ("json", json::check),
    #[cfg(feature = "native")]
    ("rcode", rcode::check),
    #[cfg(feature = "native")]
    ("reply", reply::check),
    ("report", report::check),
];

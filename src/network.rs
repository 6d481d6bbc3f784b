//! What probes report, and what several reports together say: "is it them, or is it me?"
//!
//! Pure and shared by the app and the native program: no I/O and no clock; every moment is data.
//! A probe looks from one [`Vantage`] and writes a [`Report`]; a report from outside is untrusted
//! and enters by [`Report::parse`] alone. [`verdict()`] is a total function over any number of
//! reports. It writes no sentence, and one vantage never makes it say "down".

pub mod keyed;

pub mod code;

pub mod distinct;

pub mod moment;

pub mod json;

pub mod wire;

pub mod certificate;

pub mod report;

pub mod outcome;

pub mod read;

pub mod special;

pub mod progress;

pub mod sites;

pub mod signals;

pub mod egress;

pub mod standing;

pub mod quorum;

pub mod situation;

pub mod verdict;

pub mod finding;

pub mod evidence;

pub use certificate::{Certificate, Trust};
pub use code::Code;
pub use egress::Egress;
pub use evidence::evidence;
pub use finding::{Finding, Reason, verdict};
pub use moment::Moment;
pub use outcome::Outcome;
pub use progress::{Event, Progress};
pub use read::Refusal;
pub use report::{
    Detail, Family, Kind, Measurement, Mode, Reply, Report, Stage, Status, Target, Vantage,
};
pub use signals::{Signal, signals};
pub use sites::Site;
pub use situation::{Clock, Control, Here, Ipv6, Portal, Situation, There, Trouble, Weight};
pub use verdict::{Side, Verdict};

//! Scoring the engine on real cases, as shared/cases/README.md lays down.
//!
//! Intake alone, then guided by simulated users who know what the case states and nothing else,
//! then the same users following the printed guide's fixed order, in the same cost units.

mod baseline;
mod case;
mod coverage;
mod fit;
mod guided;
mod model;
mod policy;
mod reading;
mod report;
mod sessions;
mod terms;

pub use baseline::follow_guide;
pub use case::{Case, CaseError, read_cases};
pub use coverage::{Covered, tasks, texts};
pub use fit::{count, sum, toml};
pub use guided::{Intake, Outcome, guide, intake, intake_with_facts};
pub use model::{Model, ModelError, load};
pub use policy::{Played, play};
pub use reading::{Sentence, Tally, label, read as read_sentences, sentences};
pub use report::{Reader, Report, Scores};
pub use sessions::{Sampled, sample};
pub use terms::{count_terms, terms_toml};

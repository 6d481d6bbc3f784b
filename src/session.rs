//! What the user has told and done, and what follows from it.
//!
//! State is the answers, keyed by id; everything else is derived. `view = f(knowledge, state)`.
//! Pure: storage and network live elsewhere and come back as events.

mod event;
mod possible;
mod road;
mod settings;
mod state;
mod view;

pub use event::Event;
pub use road::{Light, Stop};
pub use settings::{Judged, Verdict, judge, provider_of};
pub use state::{Attempt, Entry, Origin, Reply, Session, State, Vantages};
pub use view::{Confidence, Ending, Next, Ranked, View};

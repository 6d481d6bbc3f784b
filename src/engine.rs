//! From evidence to the next step: pure, total, deterministic.
//!
//! One fault is active at a time, `unknown` among them (shared/decisions.md §2). The posterior is
//! exact; the plan minimises the expected cost of repair, in seconds of the user's time.
//!
//! `problem` is the decision problem without any knowledge of mail: weights, steps, outcomes. The
//! planner (`plan`) sees nothing else, so the same code plays the product's knowledge and the
//! oracle's models.

mod advice;
mod carry_out;
mod cost;
mod evidence;
mod explain;
mod foresee;
mod logarithm;
mod plan;
mod posterior;
mod problem;
mod sacso;
mod subset;
mod terms;
mod value;

pub use advice::{Advice, Check, Step, Usable, next_step};
pub use carry_out::{repairs, tries};
pub use cost::{Order, Repairs, completion};
pub use evidence::{Evidence, Seen};
pub use explain::{Item, Reason, reasons};
pub use foresee::{Decided, Outcome, decides};
pub use plan::{Choice, Effort, choose};
pub use posterior::{Posterior, Warning, posterior, warnings};
pub use problem::{Move, Problem};
pub use sacso::choose_quickly;
pub use terms::{factors, strongest};
pub use value::value;

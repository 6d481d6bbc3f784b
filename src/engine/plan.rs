//! Which step to take next.

use crate::engine::cost::Repairs;
use crate::engine::problem::{Move, Problem};
use crate::engine::sacso::choose_quickly;
use crate::engine::subset;
use crate::engine::value::value;

/// The decision: which move, or the service, and what it is expected to cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Index of the move; `None` is the service.
    pub step: Option<usize>,
    /// Seconds expected from now, per unit of weight. Never below the optimum.
    pub cost: f64,
    /// Seconds expected from now for every move, in their order, by one-step lookahead.
    pub costs: Vec<f64>,
}

/// How long a decision may take. A value like any other: the engine has no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Search as deep as pays; the same advice on every surface.
    #[default]
    Full,
    /// The SACSO rule, for devices on which the search would keep the user waiting.
    Quick,
}

impl Effort {
    /// Decides.
    #[must_use]
    pub fn choose(self, problem: &Problem) -> Choice {
        match self {
            Effort::Full => choose(problem),
            Effort::Quick => choose_quickly(problem),
        }
    }
}

/// The move of least expected cost of repair; ties go to the service, then to the earlier move.
///
/// A question that costs nothing comes first whatever else is promising: knowing more is never worse
/// (shared/decisions.md §2, "free probes first").
///
/// One-step lookahead with completion values every move; the subset dynamic programme then looks
/// as deep as it can into the most promising ones (shared/decisions.md §5).
#[must_use]
pub fn choose(problem: &Problem) -> Choice {
    let mass = problem.mass();
    let repairs = Repairs::of(problem);
    let values: Vec<f64> =
        (0..problem.moves.len()).map(|index| value(problem, &repairs, index)).collect();
    let (searched, cost) = subset::search(problem, &repairs, &values);
    let step = free(problem).or(searched);
    let costs = values.iter().map(|value| value / mass).collect();
    Choice { step, cost: cost / mass, costs }
}

/// The first question that costs nothing and may tell something.
fn free(problem: &Problem) -> Option<usize> {
    let tells = |step: &Move| step.open.iter().any(|row| telling(&problem.weight, row));
    problem.moves.iter().position(|step| step.cost <= 0.0 && !step.repairs() && tells(step))
}

/// Whether an outcome is likelier under one possible fault than under another.
fn telling(weight: &[f64], row: &[f64]) -> bool {
    let mut possible = weight.iter().zip(row).filter(|(w, _)| **w > 0.0).map(|(_, p)| *p);
    possible.next().is_some_and(|first| possible.any(|p| p.total_cmp(&first).is_ne()))
}

//! Which step to take next.

use crate::engine::cost::Repairs;
use crate::engine::problem::Problem;
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

/// The move of least expected cost of repair; ties go to the service, then to the earlier move.
///
/// One-step lookahead with completion values every move; the subset dynamic programme then looks
/// as deep as it can into the most promising ones (shared/decisions.md §5).
#[must_use]
pub fn choose(problem: &Problem) -> Choice {
    let mass = problem.mass();
    let repairs = Repairs::of(problem);
    let values: Vec<f64> =
        (0..problem.moves.len()).map(|index| value(problem, &repairs, index)).collect();
    let (step, cost) = subset::search(problem, &repairs, &values);
    let costs = values.iter().map(|value| value / mass).collect();
    Choice { step, cost: cost / mass, costs }
}

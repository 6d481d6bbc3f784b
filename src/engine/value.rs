//! What taking one step is worth: its cost, then the best completion of each outcome.

use crate::engine::cost::Repairs;
use crate::engine::problem::Problem;

/// Seconds times weight expected from now when this step is taken first and only repairs follow.
///
/// One-step lookahead with completion (Heckerman, Breese, Rommelse 1995: myopic expected cost of
/// repair). Moves after it are asked to repair only, hence an upper bound of the optimum.
#[must_use]
pub fn value(problem: &Problem, repairs: &Repairs, index: usize) -> f64 {
    let Some(step) = problem.moves.get(index) else { return f64::INFINITY };
    let mut used = vec![false; problem.moves.len()];
    if let Some(flag) = used.get_mut(index) {
        *flag = true;
    }
    let mut weight = vec![0.0; problem.weight.len()];
    let mut total = step.cost * problem.mass();
    for outcome in &step.open {
        for (slot, (w, p)) in weight.iter_mut().zip(problem.weight.iter().zip(outcome)) {
            *slot = w * p;
        }
        total += repairs.completion(&weight, &used);
    }
    total
}

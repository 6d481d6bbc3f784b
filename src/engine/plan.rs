//! Which step to take next.

use crate::engine::cost::Repairs;
use crate::engine::problem::Problem;
use crate::engine::value::value;

/// A step that may lose data gives way to a harmless one within this share of its value.
const GUARD: f64 = 1.2;
/// Differences below this share are rounding.
const TIE: f64 = 1e-12;

/// The decision: which move, or the service, and what it is expected to cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Index of the move; `None` is the service.
    pub step: Option<usize>,
    /// Seconds expected from now, per unit of weight.
    pub cost: f64,
    /// Seconds expected from now for every move, in their order.
    pub costs: Vec<f64>,
}

/// The move of least expected cost of repair; ties go to the service, then to the earlier move.
///
/// One-step lookahead with completion. The subset dynamic programme (shared/decisions.md §5)
/// takes this function's place: same question, same answer type.
#[must_use]
pub fn choose(problem: &Problem) -> Choice {
    let mass = problem.mass();
    let repairs = Repairs::of(problem);
    let costs: Vec<f64> =
        (0..problem.moves.len()).map(|i| value(problem, &repairs, i) / mass).collect();
    let least = |harmless_only: bool| {
        let mut best: (Option<usize>, f64) = (None, problem.service);
        for (index, (step, cost)) in problem.moves.iter().zip(&costs).enumerate() {
            if *cost < best.1 * (1.0 - TIE) && !(harmless_only && step.harmful) {
                best = (Some(index), *cost);
            }
        }
        best
    };
    let (mut step, mut cost) = least(false);
    let harmful = step.and_then(|i| problem.moves.get(i)).is_some_and(|step| step.harmful);
    let (safe, safe_cost) = least(true);
    if harmful && safe_cost <= cost * GUARD {
        (step, cost) = (safe, safe_cost);
    }
    Choice { step, cost, costs }
}

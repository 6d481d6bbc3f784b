//! Expected cost of repair when only repairs and the service are left.

use crate::engine::problem::Problem;

/// Seconds times weight until the fault is repaired, asking nothing more: the best prefix of the
/// order by updated P/C, followed by the service.
///
/// It is the cost of a plan that can be carried out, hence never below the optimum, and exact for
/// independent actions (Jensen et al. 2001, doi:10.1017/S0890060401154065; best prefix:
/// shared/decisions.md §1).
///
/// `weight` has one entry a fault, `used` one a move; moves that are used are left out.
///
/// ```
/// use outbox_doctor::engine::{completion, Move, Problem};
/// let repair = |cost, fix: [f64; 2]| Move {
///     cost,
///     open: vec![fix.iter().map(|p| 1.0 - p).collect()],
///     fix: fix.to_vec(),
///     harmful: false,
/// };
/// let problem = Problem {
///     weight: vec![0.5, 0.5],
///     moves: vec![repair(1.0, [0.0, 1.0]), repair(1.0, [1.0, 0.0])],
///     service: 10.0,
/// };
/// // One minute always, a second one in half of the cases.
/// assert_eq!(completion(&problem, &problem.weight, &[false, false]), 1.5);
/// ```
#[must_use]
pub fn completion(problem: &Problem, weight: &[f64], used: &[bool]) -> f64 {
    let mut weight = weight.to_vec();
    let mut open: Vec<usize> = (0..problem.moves.len())
        .filter(|i| !used.get(*i).copied().unwrap_or(false))
        .filter(|i| problem.moves.get(*i).is_some_and(super::problem::Move::repairs))
        .collect();
    let mut spent = 0.0;
    let mut best = problem.service * weight.iter().sum::<f64>();
    while let Some(next) = most_efficient(problem, &weight, &open) {
        let Some(step) = problem.moves.get(next) else { break };
        spent += step.cost * weight.iter().sum::<f64>();
        if spent >= best {
            break;
        }
        for (left, fix) in weight.iter_mut().zip(&step.fix) {
            *left *= 1.0 - fix;
        }
        best = best.min(spent + problem.service * weight.iter().sum::<f64>());
        open.retain(|other| *other != next);
    }
    best
}

/// The repair with the highest chance per second; the earlier one of equals.
fn most_efficient(problem: &Problem, weight: &[f64], open: &[usize]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for index in open {
        let Some(step) = problem.moves.get(*index) else { continue };
        let chance: f64 = weight.iter().zip(&step.fix).map(|(w, fix)| w * fix).sum();
        let efficiency = chance / step.cost.max(f64::MIN_POSITIVE);
        if chance > 0.0 && best.is_none_or(|(_, most)| efficiency > most) {
            best = Some((*index, efficiency));
        }
    }
    best.map(|(index, _)| index)
}

//! The SACSO rule: one-step lookahead, and for the best question "now, or after the next repair?"
//! (Jensen et al. 2001, doi:10.1017/S0890060401154065). A millisecond; for slow devices, and the
//! yardstick for the deeper planner.

use crate::engine::cost::Repairs;
use crate::engine::plan::Choice;
use crate::engine::problem::Problem;
use crate::engine::value::value;

/// The step that the rule takes.
#[must_use]
pub fn choose_quickly(problem: &Problem) -> Choice {
    let mass = problem.mass();
    let repairs = Repairs::of(problem);
    let values: Vec<f64> =
        (0..problem.moves.len()).map(|index| value(problem, &repairs, index)).collect();
    let used = vec![false; problem.moves.len()];
    let completed = repairs.completion(&problem.weight, &used);
    let act = repairs.head(&problem.weight, &used);
    let act = act.filter(|_| completed < problem.service * mass);
    let (step, cost) = match best_question(problem, &values) {
        Some((question, now)) if now < completed => match act {
            Some(act) if after(problem, act, question) < now => (Some(act), now),
            _ => (Some(question), now),
        },
        _ => (act, completed),
    };
    let costs = values.iter().map(|value| value / mass).collect();
    Choice { step, cost: cost / mass, costs }
}

/// The question of least one-step value.
fn best_question(problem: &Problem, values: &[f64]) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (index, (step, value)) in problem.moves.iter().zip(values).enumerate() {
        if !step.repairs() && best.is_none_or(|(_, least)| *value < least) {
            best = Some((index, *value));
        }
    }
    best
}

/// Seconds times weight of carrying out `act` first and asking `question` if that did not help.
fn after(problem: &Problem, act: usize, question: usize) -> f64 {
    let Some(step) = problem.moves.get(act) else { return f64::INFINITY };
    let mut rest = problem.clone();
    for (weight, fix) in rest.weight.iter_mut().zip(&step.fix) {
        *weight *= 1.0 - fix;
    }
    // The repair is used up: without its effect the completion will not pick it again.
    if let Some(used) = rest.moves.get_mut(act) {
        used.fix.iter_mut().for_each(|fix| *fix = 0.0);
    }
    step.cost * problem.mass() + value(&rest, &Repairs::of(&rest), question)
}

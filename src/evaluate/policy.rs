//! Playing the product's planner on decision models, exactly over all outcomes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::engine::{Problem, choose};
use crate::evaluate::model::{Model, ModelError, load};

/// Most states a model may have to be played exactly. The models of shared/models have 300,000.
const STATES: f64 = 1e8;

/// How the planner does on one model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Played {
    /// The model's id.
    pub id: String,
    /// Expected cost of the planner's own plan, exact over all outcomes, in the model's unit.
    pub ecr: f64,
    /// The stored optimum, if the model has one.
    pub optimal: Option<f64>,
    /// `ecr / optimal`.
    pub ratio: Option<f64>,
    /// What the planner does first.
    pub first_step: String,
    /// States in which it decided.
    pub decisions: usize,
}

/// Loads a model and plays it exactly: the planner's decision in every state it can reach.
///
/// # Errors
/// The file cannot be read, is not a valid `dtt-model/1` or has too many states.
pub fn play(path: &Path) -> Result<Played, ModelError> {
    let Model { id, steps, optimal, problem } = load(path)?;
    if states(&problem) > STATES {
        let reason = "has too many states to be played exactly; add `--sessions 200`".to_owned();
        return Err(ModelError(path.display().to_string(), reason));
    }
    let mut player = Player { memo: BTreeMap::new(), decisions: 0 };
    let left: Vec<usize> = (0..steps.len()).collect();
    let ecr = player.cost(&problem, &left, &mut vec![0; steps.len()]) / problem.mass();
    let first = choose(&problem).step.and_then(|index| steps.get(index));
    Ok(Played {
        id,
        ecr,
        optimal,
        ratio: optimal.map(|optimal| ecr / optimal),
        first_step: first.map_or_else(|| "service".to_owned(), Clone::clone),
        decisions: player.decisions,
    })
}

/// Every step not done, or done with one of its outcomes.
#[expect(clippy::cast_precision_loss, reason = "steps have few outcomes")]
fn states(problem: &Problem) -> f64 {
    problem.moves.iter().map(|step| step.open.len() as f64 + 1.0).product()
}

/// Expands the planner's decisions; a state is what each step showed, whatever the order.
struct Player {
    memo: BTreeMap<Vec<usize>, f64>,
    decisions: usize,
}

impl Player {
    /// Cost times weight of following the planner from here. `left` maps the moves of `problem` to
    /// steps of the model, `seen` says what each step of the model showed, zero for nothing yet.
    fn cost(&mut self, problem: &Problem, left: &[usize], seen: &mut Vec<usize>) -> f64 {
        if let Some(known) = self.memo.get(seen) {
            return *known;
        }
        self.decisions += 1;
        let mass = problem.mass();
        let cost = match choose(problem).step {
            None => problem.service * mass,
            Some(index) => self.after(problem, left, seen, index),
        };
        self.memo.insert(seen.clone(), cost);
        cost
    }

    fn after(
        &mut self,
        problem: &Problem,
        left: &[usize],
        seen: &mut Vec<usize>,
        index: usize,
    ) -> f64 {
        let mut rest = problem.clone();
        let step = rest.moves.remove(index);
        let mut remaining = left.to_vec();
        let original = remaining.remove(index);
        let mut cost = step.cost * problem.mass();
        for (outcome, row) in (1..).zip(&step.open) {
            rest.weight = problem.weight.iter().zip(row).map(|(w, p)| w * p).collect();
            if rest.mass() > 0.0 {
                set(seen, original, outcome);
                cost += self.cost(&rest, &remaining, seen);
                set(seen, original, 0);
            }
        }
        cost
    }
}

fn set(seen: &mut [usize], position: usize, value: usize) {
    if let Some(slot) = seen.get_mut(position) {
        *slot = value;
    }
}

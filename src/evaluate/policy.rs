//! Playing the product's planner on decision models with a known optimum (`dtt-model/1`).

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::engine::{Choice, Move, Problem, choose};

/// Columns and priors may miss their sum by this much.
const TOLERANCE: f64 = 1e-6;

#[derive(Deserialize)]
struct Model {
    format: String,
    id: String,
    causes: Vec<Cause>,
    steps: Vec<Step>,
    service: Service,
    optimal: Option<Optimal>,
}

#[derive(Deserialize)]
struct Cause {
    prior: f64,
}

#[derive(Deserialize)]
struct Step {
    id: String,
    cost: f64,
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    solved: bool,
    p: Vec<f64>,
}

#[derive(Deserialize)]
struct Service {
    cost: f64,
}

#[derive(Deserialize)]
struct Optimal {
    ecr: f64,
}

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

/// Why a model cannot be played: file and reason.
#[derive(Debug)]
pub struct ModelError(String, String);

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a dtt-model/1: {}", self.0, self.1)
    }
}

impl std::error::Error for ModelError {}

/// What decides: the planner or a rule to compare it with.
pub type Planner = fn(&Problem) -> Choice;

/// Loads a model: its id and its decision problem.
///
/// # Errors
/// The file cannot be read or is not a valid `dtt-model/1`.
pub fn load(path: &Path) -> Result<(String, Problem), ModelError> {
    let (model, problem) = read(path)?;
    Ok((model.id, problem))
}

fn read(path: &Path) -> Result<(Model, Problem), ModelError> {
    let fail = |reason: String| ModelError(path.display().to_string(), reason);
    let text = fs::read_to_string(path).map_err(|it| fail(it.to_string()))?;
    let model: Model = serde_json::from_str(&text).map_err(|it| fail(it.to_string()))?;
    let problem = problem(&model).map_err(fail)?;
    Ok((model, problem))
}

/// Loads a model and plays it exactly: the planner's decision in every state it can reach.
///
/// # Errors
/// The file cannot be read or is not a valid `dtt-model/1`.
pub fn play(path: &Path) -> Result<Played, ModelError> {
    let (model, problem) = read(path)?;
    let mut player = Player { memo: BTreeMap::new(), decisions: 0 };
    let left: Vec<usize> = (0..model.steps.len()).collect();
    let ecr = player.cost(&problem, &left, &mut vec![0; model.steps.len()]) / problem.mass();
    let optimal = model.optimal.map(|it| it.ecr);
    let first = choose(&problem).step.and_then(|index| model.steps.get(index));
    Ok(Played {
        id: model.id,
        ecr,
        optimal,
        ratio: optimal.map(|optimal| ecr / optimal),
        first_step: first.map_or_else(|| "service".to_owned(), |step| step.id.clone()),
        decisions: player.decisions,
    })
}

fn problem(model: &Model) -> Result<Problem, String> {
    if model.format != "dtt-model/1" {
        return Err(format!("unknown format `{}`", model.format));
    }
    let weight: Vec<f64> = model.causes.iter().map(|cause| cause.prior).collect();
    if (weight.iter().sum::<f64>() - 1.0).abs() > TOLERANCE {
        return Err("the priors do not sum to 1".to_owned());
    }
    let moves: Result<Vec<Move>, String> =
        model.steps.iter().map(|step| to_move(step, weight.len())).collect();
    Ok(Problem { weight, moves: moves?, service: model.service.cost })
}

fn to_move(step: &Step, causes: usize) -> Result<Move, String> {
    let mut fix = vec![0.0; causes];
    let mut total = vec![0.0; causes];
    let mut open = Vec::new();
    for outcome in &step.outcomes {
        if outcome.p.len() != causes {
            return Err(format!(
                "step `{}` has {} columns, not {causes}",
                step.id,
                outcome.p.len()
            ));
        }
        total.iter_mut().zip(&outcome.p).for_each(|(sum, p)| *sum += p);
        if outcome.solved {
            fix.iter_mut().zip(&outcome.p).for_each(|(sum, p)| *sum += p);
        } else {
            open.push(outcome.p.clone());
        }
    }
    if total.iter().any(|sum| (sum - 1.0).abs() > TOLERANCE) {
        return Err(format!("the outcomes of step `{}` do not sum to 1", step.id));
    }
    Ok(Move { cost: step.cost, fix, open })
}

/// Expands the planner's decisions; a state is what each step showed, whatever the order.
struct Player {
    memo: BTreeMap<Vec<u8>, f64>,
    decisions: usize,
}

impl Player {
    /// Cost times weight of following the planner from here. `left` maps the moves of `problem` to
    /// steps of the model, `seen` says what each step of the model showed, zero for nothing yet.
    fn cost(&mut self, problem: &Problem, left: &[usize], seen: &mut Vec<u8>) -> f64 {
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
        seen: &mut Vec<u8>,
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

fn set(seen: &mut [u8], position: usize, value: u8) {
    if let Some(slot) = seen.get_mut(position) {
        *slot = value;
    }
}

//! Loading decision models with a known optimum (`dtt-model/1`, shared/models/FORMAT.md).

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::engine::{Move, Problem};

/// Columns and priors may miss their sum by this much.
const TOLERANCE: f64 = 1e-6;

/// A model: its decision problem, and what stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The model's id.
    pub id: String,
    /// Ids of the steps, in the order of the problem's moves.
    pub steps: Vec<String>,
    /// The expected cost of the best plan, if the model stores it.
    pub optimal: Option<f64>,
    /// The decision problem.
    pub problem: Problem,
}

/// Why a model cannot be played: file and reason.
#[derive(Debug)]
pub struct ModelError(pub(super) String, pub(super) String);

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.0, self.1)
    }
}

impl std::error::Error for ModelError {}

#[derive(Deserialize)]
struct File {
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

/// Loads a model.
///
/// # Errors
/// The file cannot be read or is not a valid `dtt-model/1`.
pub fn load(path: &Path) -> Result<Model, ModelError> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|it| ModelError(name.clone(), format!("cannot be read: {it}")))?;
    let fail = |reason: String| ModelError(name.clone(), format!("is not a dtt-model/1: {reason}"));
    let file: File = serde_json::from_str(&text).map_err(|it| fail(it.to_string()))?;
    let problem = problem(&file).map_err(fail)?;
    let steps = file.steps.into_iter().map(|step| step.id).collect();
    Ok(Model { id: file.id, steps, optimal: file.optimal.map(|it| it.ecr), problem })
}

fn problem(file: &File) -> Result<Problem, String> {
    if file.format != "dtt-model/1" {
        return Err(format!("unknown format `{}`", file.format));
    }
    let weight: Vec<f64> = file.causes.iter().map(|cause| cause.prior).collect();
    if !weight.iter().all(|prior| (0.0..=1.0).contains(prior)) || !is_one(weight.iter().sum()) {
        return Err("the priors are no probabilities that sum to 1".to_owned());
    }
    let service = file.service.cost;
    if service <= 0.0 {
        return Err(format!("the service costs {service}, which is not above 0"));
    }
    if file.optimal.as_ref().is_some_and(|it| it.ecr <= 0.0) {
        return Err("the stored optimum is not above 0".to_owned());
    }
    let moves: Result<Vec<Move>, String> =
        file.steps.iter().map(|step| to_move(step, weight.len())).collect();
    Ok(Problem { weight, moves: moves?, service })
}

fn to_move(step: &Step, causes: usize) -> Result<Move, String> {
    let fail = |reason: &str| Err(format!("step `{}` {reason}", step.id));
    let rows = || step.outcomes.iter().map(|outcome| &outcome.p);
    if step.cost < 0.0 {
        return fail("has a negative cost");
    }
    if rows().any(|row| row.len() != causes) {
        return fail(&format!("has an outcome without {causes} columns, one a cause"));
    }
    if rows().flatten().any(|p| !(0.0..=1.0).contains(p)) {
        return fail("has a number that is no probability");
    }
    if (0..causes).any(|cause| !is_one(rows().filter_map(|row| row.get(cause)).sum())) {
        return fail("has outcomes that do not sum to 1");
    }
    let mut fix = vec![0.0; causes];
    for outcome in step.outcomes.iter().filter(|it| it.solved) {
        fix.iter_mut().zip(&outcome.p).for_each(|(sum, p)| *sum += p);
    }
    let open = step.outcomes.iter().filter(|it| !it.solved).map(|it| it.p.clone()).collect();
    Ok(Move { cost: step.cost, fix, open })
}

fn is_one(sum: f64) -> bool {
    (sum - 1.0).abs() <= TOLERANCE
}

//! Exact search over a few chosen steps: the subset dynamic programme (shared/decisions.md §5).
//!
//! Every order and every outcome of the chosen steps is examined; states in which nothing more of
//! them is done are completed by the best prefix of the P/C order. The value is the cost of a plan
//! that can be carried out, hence never below the optimum.

use crate::engine::cost::{Order, Repairs};
use crate::engine::problem::Problem;

/// Questions of least one-step value, then questions of most information per second, then repairs,
/// then the rest of both as far as the work allows.
const BY_VALUE: usize = 2;
const BY_GAIN: usize = 2;
const REPAIRS: usize = 4;
const MORE: usize = 1;
/// Most states examined, times the repairs that complete each: about ten milliseconds of work.
/// Steps that would go beyond are left out, so a larger problem is searched less deeply.
const WORK: usize = 131_072;
/// Most states of any problem, for the sake of memory.
const STATES: usize = 16_384;

/// The best of the chosen steps at the root and its cost in seconds times weight.
///
/// `values` are the one-step values of all moves. `None` when the service is best or nothing is
/// left to choose from.
#[must_use]
pub fn search(problem: &Problem, repairs: &Repairs, values: &[f64]) -> (Option<usize>, f64) {
    let chosen = Chosen::of(problem, repairs, values);
    let weights = chosen.weights(problem);
    let cost = chosen.costs(problem, repairs, &weights);
    let root = chosen.root(problem, &cost);
    let service = problem.service * problem.mass();
    root.filter(|(_, value)| *value < service).map_or((None, service), |(i, v)| (Some(i), v))
}

/// A chosen step with the outcomes the search tells apart.
struct Step {
    index: usize,
    asks: bool,
    cost: f64,
    rows: Vec<Vec<f64>>,
    stride: usize,
}

/// The chosen steps; a state is, per step, "not done" or its outcome, as a mixed-radix number.
struct Chosen {
    steps: Vec<Step>,
    states: usize,
    most: usize,
}

impl Chosen {
    fn of(problem: &Problem, repairs: &Repairs, values: &[f64]) -> Chosen {
        let most = STATES.min(WORK / repairs.count().max(1));
        let mut chosen = Chosen { steps: Vec::new(), states: 1, most };
        for index in candidates(problem, repairs, values) {
            chosen.add(problem, repairs, index);
        }
        chosen
    }

    fn add(&mut self, problem: &Problem, repairs: &Repairs, index: usize) {
        let known = self.steps.iter().any(|step| step.index == index);
        let Some(step) = problem.moves.get(index).filter(|_| !known) else { return };
        let rows = merged(problem, repairs, index);
        let states = self.states * (rows.len() + 1);
        if states <= self.most {
            let asks = !step.repairs();
            self.steps.push(Step { index, asks, cost: step.cost, rows, stride: self.states });
            self.states = states;
        }
    }

    /// Fault weights of every state, one row of `faults` numbers a state.
    fn weights(&self, problem: &Problem) -> Vec<f64> {
        let mut weights = Vec::with_capacity(self.states * problem.weight.len());
        weights.extend_from_slice(&problem.weight);
        for step in &self.steps {
            let before = weights.len();
            for row in &step.rows {
                for at in (0..before).step_by(row.len().max(1)) {
                    weights.extend_from_within(at..at + row.len());
                    let state = weights.iter_mut().rev().take(row.len());
                    state.zip(row.iter().rev()).for_each(|(w, p)| *w *= p);
                }
            }
        }
        weights
    }

    /// Seconds times weight of every state, from the last to the first.
    fn costs(&self, problem: &Problem, repairs: &Repairs, weights: &[f64]) -> Vec<f64> {
        let faults = problem.weight.len();
        let mut costs = vec![0.0; self.states];
        let mut used = vec![false; problem.moves.len()];
        let mut order = Order::default();
        for state in (0..self.states).rev() {
            let weight = weights.get(state * faults..(state + 1) * faults).unwrap_or(&[]);
            let mass: f64 = weight.iter().sum();
            for step in &self.steps {
                if let Some(flag) = used.get_mut(step.index) {
                    *flag = step.digit(state) > 0;
                }
            }
            let open = self.steps.iter().filter(|step| step.digit(state) == 0);
            let searched =
                open.map(|step| step.value(state, mass, &costs)).fold(f64::INFINITY, f64::min);
            let best = repairs.completion_below(searched, weight, &used, &mut order);
            if let Some(cost) = costs.get_mut(state) {
                *cost = best;
            }
        }
        costs
    }

    /// The best step to begin with; of equals a repair, which makes for fewer steps, then the
    /// earlier move.
    fn root(&self, problem: &Problem, costs: &[f64]) -> Option<(usize, f64)> {
        let mut steps: Vec<&Step> = self.steps.iter().collect();
        steps.sort_by_key(|step| (step.asks, step.index));
        let mut best: Option<(usize, f64)> = None;
        for step in steps {
            let value = step.value(0, problem.mass(), costs);
            if best.is_none_or(|(_, least)| value < least * (1.0 - 1e-12)) {
                best = Some((step.index, value));
            }
        }
        best
    }
}

impl Step {
    fn digit(&self, state: usize) -> usize {
        state / self.stride % (self.rows.len() + 1)
    }

    /// Cost of taking this step in a state, given the costs of the states behind it.
    fn value(&self, state: usize, mass: f64, costs: &[f64]) -> f64 {
        let outcomes = (1..=self.rows.len()).map(|digit| state + digit * self.stride);
        self.cost * mass + outcomes.filter_map(|next| costs.get(next)).sum::<f64>()
    }
}

/// Indices of the steps worth searching, most promising first.
fn candidates(problem: &Problem, repairs: &Repairs, values: &[f64]) -> Vec<usize> {
    let value = |i: &usize| values.get(*i).copied().unwrap_or(f64::INFINITY);
    let moves = problem.moves.iter().enumerate();
    let (acts, questions): (Vec<_>, Vec<_>) = moves.partition(|(_, step)| step.repairs());
    let mut acts: Vec<usize> = acts.into_iter().map(|(index, _)| index).collect();
    let mut questions: Vec<usize> = questions.into_iter().map(|(index, _)| index).collect();
    questions.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut by_gain: Vec<(usize, f64)> = questions
        .split_off(BY_VALUE.min(questions.len()))
        .into_iter()
        .map(|i| (i, gain(problem, i)))
        .collect();
    by_gain.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let by_gain = by_gain.into_iter().map(|(index, _)| index);

    let head = repairs.head(&problem.weight, &vec![false; problem.moves.len()]);
    acts.sort_by(|a, b| {
        (Some(*b) == head).cmp(&(Some(*a) == head)).then(value(a).total_cmp(&value(b)))
    });
    let asked = by_gain.clone().take(BY_GAIN);
    let more = by_gain.skip(BY_GAIN).take(MORE);
    let acted = acts.iter().copied();
    let chosen = questions.into_iter().chain(asked).chain(acted.clone().take(REPAIRS));
    chosen.chain(more).chain(acted.skip(REPAIRS).take(MORE)).collect()
}

/// How much a question reduces the Gini impurity of the fault, per second.
fn gain(problem: &Problem, index: usize) -> f64 {
    let Some(step) = problem.moves.get(index) else { return 0.0 };
    let mut left = 0.0;
    for row in &step.open {
        let (mut mass, mut squares) = (0.0, 0.0);
        for (w, p) in problem.weight.iter().zip(row) {
            mass += w * p;
            squares += (w * p) * (w * p);
        }
        if mass > 0.0 {
            left += squares / mass;
        }
    }
    let mass = problem.mass();
    let before: f64 = problem.weight.iter().map(|w| w * w).sum::<f64>() / mass;
    (left - before) / step.cost.max(f64::MIN_POSITIVE)
}

/// Outcomes a step has at most in the search. More are merged by what would be repaired next.
const OUTCOMES: usize = 3;

/// The outcomes of a step. Where there are many, those after which the same repair comes first are
/// taken together: a coarser question, so the value stays that of a plan that can be carried out.
fn merged(problem: &Problem, repairs: &Repairs, index: usize) -> Vec<Vec<f64>> {
    let rows = problem.moves.get(index).map_or(&[][..], |step| &step.open);
    if rows.len() <= OUTCOMES {
        return rows.to_vec();
    }
    let mut used = vec![false; problem.moves.len()];
    if let Some(flag) = used.get_mut(index) {
        *flag = true;
    }
    let mut groups: Vec<(Option<usize>, Vec<f64>)> = Vec::new();
    for row in rows {
        let weight: Vec<f64> = problem.weight.iter().zip(row).map(|(w, p)| w * p).collect();
        let head = repairs.head(&weight, &used);
        match groups.iter_mut().find(|(known, _)| *known == head) {
            Some((_, sum)) => sum.iter_mut().zip(row).for_each(|(sum, p)| *sum += p),
            None => groups.push((head, row.clone())),
        }
    }
    groups.into_iter().map(|(_, row)| row).collect()
}

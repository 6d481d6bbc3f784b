//! Playing planners on models too large to play exactly: sampled sessions, the same for each.

#![expect(clippy::cast_precision_loss, reason = "counts of sessions are small")]

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::engine::{Choice, Problem, choose, choose_quickly};
use crate::evaluate::model::{Model, ModelError, load};

/// What decides: the planner or a rule to compare it with.
type Planner = fn(&Problem) -> Choice;

/// How planner and SACSO rule do on the same sampled sessions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sampled {
    /// The model's id.
    pub id: String,
    /// Sessions played by each.
    pub sessions: usize,
    /// Mean cost of the product's planner.
    pub planner: f64,
    /// Mean cost of the SACSO rule.
    pub sacso: f64,
    /// `planner / sacso`.
    pub ratio: f64,
    /// Milliseconds of a decision of the planner, median.
    pub median_ms: f64,
    /// Its 95th percentile.
    pub p95_ms: f64,
}

/// Plays sampled sessions of one model.
///
/// # Errors
/// The file cannot be read or is not a valid `dtt-model/1`.
pub fn sample(path: &Path, sessions: usize) -> Result<Sampled, ModelError> {
    let Model { id, problem, .. } = load(path)?;
    let mut times = Vec::new();
    let mut ignored = Vec::new();
    let (mut planner, mut sacso) = (0.0, 0.0);
    for session in 0..sessions {
        planner += play(&problem, choose, session, sessions, &mut times);
        sacso += play(&problem, choose_quickly, session, sessions, &mut ignored);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
    let mean = |sum: f64| sum / (sessions as f64).max(1.0);
    Ok(Sampled {
        id,
        sessions,
        planner: mean(planner),
        sacso: mean(sacso),
        ratio: planner / sacso,
        median_ms: at(50),
        p95_ms: at(95),
    })
}

/// The cost of one session. Fault and outcomes depend on the session alone, not on who plays:
/// faults are stratified over the sessions, each step of a session has its own fixed draw.
fn play(whole: &Problem, planner: Planner, session: usize, of: usize, times: &mut Vec<f64>) -> f64 {
    let fault = pick(&whole.weight, (session as f64 + 0.5) / of as f64);
    let mut problem = whole.clone();
    let mut left: Vec<usize> = (0..whole.moves.len()).collect();
    let mut cost = 0.0;
    loop {
        let start = Instant::now();
        let choice = planner(&problem);
        times.push(start.elapsed().as_secs_f64() * 1e3);
        let Some(index) = choice.step else { return cost + problem.service };
        let step = problem.moves.remove(index);
        cost += step.cost;
        let draw = draw(session, left.remove(index));
        let at = |row: &Vec<f64>| row.get(fault).copied().unwrap_or(0.0);
        let mut chances: Vec<f64> = step.open.iter().map(at).collect();
        chances.push(at(&step.fix));
        let Some(row) = step.open.get(pick(&chances, draw)) else { return cost };
        problem.weight.iter_mut().zip(row).for_each(|(w, p)| *w *= p);
    }
}

/// The position at which the running sum of the weights passes this share of their total.
fn pick(weights: &[f64], share: f64) -> usize {
    let mut left = share * weights.iter().sum::<f64>();
    for (position, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return position;
        }
    }
    weights.len().saturating_sub(1)
}

/// A fixed number in 0..1 for a session and a step (SplitMix64, Steele et al. 2014).
fn draw(session: usize, step: usize) -> f64 {
    let mut z = (session as u64).wrapping_mul(1_000_003).wrapping_add(step as u64 + 1);
    z = z.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

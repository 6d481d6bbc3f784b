//! A problem as large as `shared/models/large`, made from a number alone, and a session of it.

use outbox_doctor::engine::{Move, Problem};

const CAUSES: usize = 40;
const KINDS: usize = 60;
/// Most faults that one repair is good for.
const REPAIRED: usize = 5;

/// Plays one session; `decide` says which step comes next, if any.
pub fn session(seed: u64, mut decide: impl FnMut(&Problem) -> Option<usize>) {
    let mut draw = Draw(seed);
    let mut problem = problem(&mut draw);
    let fault = pick(&problem.weight, draw.next());
    while let Some(index) = decide(&problem) {
        let step = problem.moves.remove(index);
        let mut chances: Vec<f64> = step.open.iter().map(|row| row[fault]).collect();
        chances.push(step.fix[fault]);
        let Some(row) = step.open.get(pick(&chances, draw.next())) else { return };
        problem.weight.iter_mut().zip(row).for_each(|(w, p)| *w *= p);
    }
}

fn problem(draw: &mut Draw) -> Problem {
    let weight = shares(CAUSES, draw);
    let questions: Vec<Move> = (0..KINDS).map(|_| question(draw)).collect();
    let repairs = (0..KINDS).map(|number| repair(number % CAUSES, draw));
    let moves = questions.into_iter().chain(repairs).collect();
    Problem { weight, moves, service: 2500.0 }
}

/// Three answers; a third of the causes have one that stands out.
fn question(draw: &mut Draw) -> Move {
    let usual = shares(3, draw);
    let columns: Vec<Vec<f64>> = (0..CAUSES)
        .map(|_| if draw.next() < 0.33 { shares(3, draw) } else { usual.clone() })
        .collect();
    let open = (0..3).map(|answer| columns.iter().map(|column| column[answer]).collect()).collect();
    Move { cost: 5.0 + 55.0 * draw.next(), fix: vec![0.0; CAUSES], open }
}

fn repair(main: usize, draw: &mut Draw) -> Move {
    let mut fix = vec![0.0; CAUSES];
    for _ in 0..pick(&[1.0; REPAIRED], draw.next()) {
        fix[pick(&[1.0; CAUSES], draw.next())] = 0.2 + 0.6 * draw.next();
    }
    fix[main] = 0.6 + 0.38 * draw.next();
    let open = vec![fix.iter().map(|p| 1.0 - p).collect()];
    Move { cost: 30.0 + 400.0 * draw.next(), fix, open }
}

/// So many numbers that sum to one, none of them tiny.
fn shares(count: usize, draw: &mut Draw) -> Vec<f64> {
    let parts: Vec<f64> = (0..count).map(|_| draw.next().powi(3) + 0.01).collect();
    let whole: f64 = parts.iter().sum();
    parts.iter().map(|part| part / whole).collect()
}

/// The position at which the running sum of the weights passes this share of their total.
fn pick(weights: &[f64], share: f64) -> usize {
    let mut left = share * weights.iter().sum::<f64>();
    let passed = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    passed.unwrap_or(weights.len() - 1)
}

/// Fixed numbers in 0..1 (SplitMix64, Steele et al. 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap()) / 4_294_967_296.0
    }
}

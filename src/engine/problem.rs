//! A decision problem in numbers alone: which fault, which steps, what each may show.

/// A step that can be taken once: a question, a test, a repair.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Seconds it costs, paid when it is taken. Never negative.
    pub cost: f64,
    /// P(solved | fault): it ends the session.
    pub fix: Vec<f64>,
    /// P(outcome | fault) of every outcome that does not end it, indexed `[outcome][fault]`.
    /// Together with `fix` each fault's column sums to one.
    pub open: Vec<Vec<f64>>,
}

impl Move {
    /// Whether it can end the session at all.
    #[must_use]
    pub fn repairs(&self) -> bool {
        self.fix.iter().any(|chance| *chance > 0.0)
    }
}

/// Weights of the faults, steps still to be taken, and the service that always solves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Unnormalised weight of every fault. Never negative.
    pub weight: Vec<f64>,
    /// Steps not yet taken.
    pub moves: Vec<Move>,
    /// Seconds that contacting support costs; it ends the session.
    pub service: f64,
}

impl Problem {
    /// Total weight.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.weight.iter().sum()
    }
}

//! Expected cost of repair when only repairs and the service are left.

use crate::engine::problem::{Move, Problem};

/// A fault below this share of the weight is taken to be beyond every repair: it still costs time,
/// and the service has to solve it. The cost stays that of a plan that can be carried out.
const NEGLIGIBLE: f64 = 1e-6;

/// The repairs of a problem, sparse: which faults each one repairs, and the other way round.
///
/// Built once for a decision, so that completing one of thousands of states costs no more than
/// what is left to repair.
#[derive(Clone, Debug)]
pub struct Repairs {
    service: f64,
    repairs: Vec<Repair>,
    /// For every fault, positions in `repairs` with the chance.
    of_fault: Vec<Vec<(usize, f64)>>,
}

/// A move that repairs something.
#[derive(Clone, Debug)]
struct Repair {
    index: usize,
    cost: f64,
    fixes: Vec<(usize, f64)>,
}

impl Repairs {
    /// Extracts the repairs of a problem. One that costs as much as the service is never worth it.
    #[must_use]
    pub fn of(problem: &Problem) -> Repairs {
        let mut repairs = Vec::new();
        let mut of_fault = vec![Vec::new(); problem.weight.len()];
        let worth = |step: &Move| step.repairs() && step.cost < problem.service;
        for (index, step) in problem.moves.iter().enumerate().filter(|(_, it)| worth(it)) {
            let chances = step.fix.iter().copied().enumerate();
            let fixes: Vec<(usize, f64)> = chances.filter(|(_, chance)| *chance > 0.0).collect();
            for (fault, chance) in &fixes {
                if let Some(list) = of_fault.get_mut(*fault) {
                    let list: &mut Vec<(usize, f64)> = list;
                    list.push((repairs.len(), *chance));
                }
            }
            repairs.push(Repair { index, cost: step.cost.max(f64::MIN_POSITIVE), fixes });
        }
        Repairs { service: problem.service, repairs, of_fault }
    }

    /// How many moves repair something.
    #[must_use]
    pub fn count(&self) -> usize {
        self.repairs.len()
    }

    /// Seconds times weight until the fault is repaired, asking nothing more: the best prefix of
    /// the order by updated P/C, followed by the service.
    ///
    /// It is the cost of a plan that can be carried out, hence never below the optimum, and exact
    /// for independent actions (Jensen et al. 2001, doi:10.1017/S0890060401154065; best prefix:
    /// shared/decisions.md §1). `used` has one flag a move; moves that are used are left out.
    #[must_use]
    pub fn completion(&self, weight: &[f64], used: &[bool]) -> f64 {
        self.completion_below(f64::INFINITY, weight, used, &mut Order::default())
    }

    /// The completion, or `limit` if that is less. Stops as soon as it must be the limit; `order`
    /// is room to work in, for callers that complete thousands of states.
    #[must_use]
    pub fn completion_below(
        &self,
        limit: f64,
        weight: &[f64],
        used: &[bool],
        order: &mut Order,
    ) -> f64 {
        order.begin(self, weight, used);
        let mut spent = 0.0;
        let mut best = limit.min(self.service * order.mass);
        while let Some(head) = order.head() {
            if spent + self.at_least(order.mass, head.rate) >= best {
                break;
            }
            spent += head.cost * order.mass;
            order.take(self, head.position);
            best = best.min(spent + self.service * order.mass);
        }
        best
    }

    /// No prefix costs less from here: nothing repairs more weight a second than `rate`, and the
    /// weight that is left pays for every second. The least is at one of the ends, everything
    /// repaired at that rate or nothing, because the cost is concave in the time spent.
    fn at_least(&self, mass: f64, rate: f64) -> f64 {
        (self.service * mass).min(0.5 * mass * mass / rate)
    }

    /// The move that the completion begins with, if it begins with a repair.
    #[must_use]
    pub fn head(&self, weight: &[f64], used: &[bool]) -> Option<usize> {
        let mut order = Order::default();
        order.begin(self, weight, used);
        self.repairs.get(order.head()?.position).map(|it| it.index)
    }
}

/// The order by updated P/C, as far as it has been followed.
#[derive(Clone, Debug, Default)]
pub struct Order {
    weight: Vec<f64>,
    mass: f64,
    /// Weight that each repair would take away now.
    gain: Vec<f64>,
    /// Repairs not yet carried out that may take something away, in their order.
    open: Vec<Open>,
}

/// A repair that can still be carried out.
#[derive(Clone, Copy, Debug)]
struct Open {
    position: usize,
    cost: f64,
}

/// The repair that comes next, and how much weight it takes away a second.
struct Head {
    position: usize,
    cost: f64,
    rate: f64,
}

impl Order {
    fn begin(&mut self, repairs: &Repairs, weight: &[f64], used: &[bool]) {
        self.mass = weight.iter().sum();
        self.weight.clear();
        self.weight.extend_from_slice(weight);
        self.gain.clear();
        self.gain.resize(repairs.repairs.len(), 0.0);
        let counts = NEGLIGIBLE * self.mass;
        for (weight, list) in self.weight.iter_mut().zip(&repairs.of_fault) {
            if *weight <= counts {
                *weight = 0.0;
                continue;
            }
            for (position, chance) in list {
                if let Some(gain) = self.gain.get_mut(*position) {
                    *gain += *weight * chance;
                }
            }
        }
        self.open.clear();
        for (position, (gain, repair)) in self.gain.iter().zip(&repairs.repairs).enumerate() {
            if *gain > 0.0 && !used.get(repair.index).copied().unwrap_or(false) {
                self.open.push(Open { position, cost: repair.cost });
            }
        }
    }

    /// The repair with the highest chance per second; the earlier one of equals.
    fn head(&self) -> Option<Head> {
        let mut best = None;
        // Below the rounding of the updates nothing is left to gain.
        let least = 1e-12 * self.mass;
        let mut most = 0.0;
        for Open { position, cost } in self.open.iter().copied() {
            let gain = self.gain.get(position).copied().unwrap_or(0.0);
            if gain > most * cost && gain > least {
                most = gain / cost;
                best = Some(Head { position, cost, rate: most });
            }
        }
        best
    }

    /// Carries a repair out: its faults lose weight, and so do the other repairs of those faults.
    fn take(&mut self, repairs: &Repairs, position: usize) {
        let Some(repair) = repairs.repairs.get(position) else { return };
        for (fault, chance) in &repair.fixes {
            let Some(weight) = self.weight.get_mut(*fault) else { continue };
            let lost = *weight * chance;
            *weight -= lost;
            self.mass -= lost;
            for (other, p) in repairs.of_fault.get(*fault).into_iter().flatten() {
                if let Some(gain) = self.gain.get_mut(*other) {
                    *gain -= lost * p;
                }
            }
        }
        self.open.retain(|it| it.position != position);
    }
}

/// The expected cost of repair of a whole problem by repairs alone, in seconds times weight.
///
/// ```
/// use outbox_doctor::engine::{completion, Move, Problem};
/// let repair = |cost, fix: [f64; 2]| Move {
///     cost,
///     open: vec![fix.iter().map(|p| 1.0 - p).collect()],
///     fix: fix.to_vec(),
/// };
/// let problem = Problem {
///     weight: vec![0.5, 0.5],
///     moves: vec![repair(1.0, [0.0, 1.0]), repair(1.0, [1.0, 0.0])],
///     service: 10.0,
/// };
/// // One minute always, a second one in half of the cases.
/// assert_eq!(completion(&problem), 1.5);
/// ```
#[must_use]
pub fn completion(problem: &Problem) -> f64 {
    Repairs::of(problem).completion(&problem.weight, &vec![false; problem.moves.len()])
}

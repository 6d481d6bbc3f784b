//! Expected cost of repair when only repairs and the service are left.

use crate::engine::problem::Problem;

/// The repairs of a problem, sparse: which faults each one repairs, and the other way round.
///
/// Built once for a decision, so that completing one of thousands of states costs no more than
/// what is left to repair.
#[derive(Clone, Debug)]
pub struct Repairs {
    service: f64,
    /// Move index, cost and repaired faults of every move that repairs something.
    repairs: Vec<Repair>,
    /// For every fault, positions in `repairs` with the chance.
    of_fault: Vec<Vec<(usize, f64)>>,
}

#[derive(Clone, Debug)]
struct Repair {
    index: usize,
    cost: f64,
    fixes: Vec<(usize, f64)>,
}

impl Repairs {
    /// Extracts the repairs of a problem.
    #[must_use]
    pub fn of(problem: &Problem) -> Repairs {
        let mut repairs = Vec::new();
        let mut of_fault = vec![Vec::new(); problem.weight.len()];
        for (index, step) in problem.moves.iter().enumerate().filter(|(_, it)| it.repairs()) {
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

    /// Seconds times weight until the fault is repaired, asking nothing more: the best prefix of
    /// the order by updated P/C, followed by the service.
    ///
    /// It is the cost of a plan that can be carried out, hence never below the optimum, and exact
    /// for independent actions (Jensen et al. 2001, doi:10.1017/S0890060401154065; best prefix:
    /// shared/decisions.md §1). `used` has one flag a move; moves that are used are left out.
    #[must_use]
    pub fn completion(&self, weight: &[f64], used: &[bool]) -> f64 {
        let mut order = Order::new(self, weight, used);
        let mut spent = 0.0;
        let mut best = self.service * order.mass;
        while let Some(position) = order.head() {
            spent += self.repairs.get(position).map_or(0.0, |it| it.cost) * order.mass;
            if spent >= best {
                break;
            }
            order.take(position);
            best = best.min(spent + self.service * order.mass);
        }
        best
    }

    /// The move that the completion begins with, if it begins with a repair.
    #[must_use]
    pub fn head(&self, weight: &[f64], used: &[bool]) -> Option<usize> {
        let order = Order::new(self, weight, used);
        self.repairs.get(order.head()?).map(|it| it.index)
    }
}

/// The order by updated P/C, as far as it has been followed.
struct Order<'a> {
    repairs: &'a Repairs,
    weight: Vec<f64>,
    mass: f64,
    /// Weight that each repair would take away now; negative once it is used.
    gain: Vec<f64>,
}

impl<'a> Order<'a> {
    fn new(repairs: &'a Repairs, weight: &[f64], used: &[bool]) -> Order<'a> {
        let gain = repairs.repairs.iter().map(|it| {
            if used.get(it.index).copied().unwrap_or(false) {
                return -1.0;
            }
            it.fixes.iter().map(|(fault, p)| weight.get(*fault).copied().unwrap_or(0.0) * p).sum()
        });
        let gain = gain.collect();
        Order { repairs, weight: weight.to_vec(), mass: weight.iter().sum(), gain }
    }

    /// The repair with the highest chance per second; the earlier one of equals.
    fn head(&self) -> Option<usize> {
        let mut best = None;
        let mut most = 0.0;
        for (position, (gain, repair)) in self.gain.iter().zip(&self.repairs.repairs).enumerate() {
            // Below the rounding of the updates nothing is left to gain.
            if *gain > 1e-12 * self.mass && *gain > most * repair.cost {
                most = gain / repair.cost;
                best = Some(position);
            }
        }
        best
    }

    /// Carries a repair out: its faults lose weight, and so do the other repairs of those faults.
    fn take(&mut self, position: usize) {
        let Some(repair) = self.repairs.repairs.get(position) else { return };
        for (fault, chance) in &repair.fixes {
            let Some(weight) = self.weight.get_mut(*fault) else { continue };
            let lost = *weight * chance;
            *weight -= lost;
            self.mass -= lost;
            for (other, p) in self.repairs.of_fault.get(*fault).into_iter().flatten() {
                if let Some(gain) = self.gain.get_mut(*other) {
                    *gain -= lost * p;
                }
            }
        }
        if let Some(gain) = self.gain.get_mut(position) {
            *gain = -1.0;
        }
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

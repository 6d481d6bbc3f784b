//! Knowledge and evidence to the next step: builds the decision problem and reads the plan back.

use crate::engine::carry_out::repairs;
use crate::engine::evidence::Evidence;
use crate::engine::plan::Effort;
use crate::engine::posterior::{Posterior, Warning, posterior, warnings};
use crate::engine::problem::{Move, Problem};
use crate::knowledge::{
    ActionId, AnswerId, Condition, Knowledge, Observation, ObservationId, Risk,
};

/// A question that saves less than this share of the expected cost is not worth interrupting for:
/// the best repair comes first (shared/decisions.md §2, "ties within 2 %: fewer steps").
const WORTH_ASKING: f64 = 0.05;

/// A repair that failed is asked for once more only if it then has at least this chance to help:
/// nobody likes to be sent back for less.
const WORTH_REDOING: f64 = 0.1;

/// A repair that may lose data gives way to any other step within this share of its cost
/// (shared/decisions.md §2, "no reversible step within 20 %").
const SAFER: f64 = 0.2;

/// A step the user can be asked to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Answer one question.
    Ask(ObservationId),
    /// Read these settings off the app's outgoing-server page.
    CheckSettings(Vec<ObservationId>),
    /// Have probes look at the server; the user waits.
    Check(ObservationId),
    /// Carry out a repair and try to send.
    Repair(ActionId),
    /// Carry out a repair that failed once more, with care: a step is easily missed.
    Redo(ActionId),
    /// Contact the provider's support.
    ContactSupport,
}

/// A check that probes can make now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it answers.
    pub observation: ObservationId,
    /// A probe looks from the user's own computer; else from outside alone, which tells less.
    pub from_here: bool,
}

/// What may be asked and offered: the session knows the app and what was declined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usable {
    /// Questions not yet answered, declined or out of place.
    pub questions: Vec<ObservationId>,
    /// Settings not yet read; asked for together.
    pub settings: Vec<ObservationId>,
    /// The check, if there is a probe and it was not made or declined.
    pub check: Option<Check>,
    /// Repairs not yet tried or declined, with a procedure in the user's app.
    pub actions: Vec<ActionId>,
    /// Repairs that failed once and can be done again.
    pub again: Vec<ActionId>,
}

/// Where things stand and what to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// How likely each fault is.
    pub posterior: Posterior,
    /// The next step.
    pub step: Step,
    /// Seconds expected from now until the mail goes out, following the advice.
    pub cost: f64,
    /// Every step with the seconds expected when it is taken first, cheapest first.
    pub alternatives: Vec<(Step, f64)>,
    /// Doubts about the evidence.
    pub warnings: Vec<Warning>,
}

/// The next step of least expected cost of repair. Never fails: contact support is always left.
#[must_use]
pub fn next_step(kb: &Knowledge, evidence: &Evidence, usable: &Usable, effort: Effort) -> Advice {
    let posterior = posterior(kb, evidence);
    let steps = steps(kb, evidence, usable, &posterior);
    let problem = Problem {
        weight: posterior.all().to_vec(),
        moves: steps.iter().map(|step| to_move(kb, usable, step)).collect(),
        service: kb.constants.support_seconds,
    };
    let choice = effort.choose(&problem);
    let chosen = choice.step.and_then(|index| steps.get(index)).cloned();
    let mut alternatives: Vec<(Step, f64)> = steps.into_iter().zip(choice.costs).collect();
    alternatives.push((Step::ContactSupport, problem.service));
    alternatives.sort_by(|a, b| a.1.total_cmp(&b.1));
    let chosen = chosen.unwrap_or(Step::ContactSupport);
    // Before anything is known, a short question is kinder than ten minutes on a guess.
    let known = !evidence.seen.is_empty() || !evidence.failed.is_empty();
    let chosen = if known { fewer_steps(chosen, choice.cost, &alternatives) } else { chosen };
    Advice {
        posterior,
        step: safer(kb, chosen, choice.cost, &alternatives),
        cost: choice.cost,
        alternatives,
        warnings: warnings(kb, evidence),
    }
}

/// The best repair in place of a question or check that is hardly better.
fn fewer_steps(chosen: Step, cost: f64, alternatives: &[(Step, f64)]) -> Step {
    let asks = matches!(chosen, Step::Ask(_) | Step::CheckSettings(_) | Step::Check(_));
    let repairs = |step: &Step| matches!(step, Step::Repair(_) | Step::Redo(_));
    let repair = alternatives.iter().find(|(step, _)| repairs(step));
    match repair {
        Some((step, other)) if asks && *other <= cost * (1.0 + WORTH_ASKING) => step.clone(),
        _ => chosen,
    }
}

/// The best harmless step in place of a repair that may lose data and is hardly better.
fn safer(kb: &Knowledge, chosen: Step, cost: f64, alternatives: &[(Step, f64)]) -> Step {
    let harmful = |step: &Step| match step {
        Step::Repair(id) | Step::Redo(id) => kb.action(*id).risk == Risk::LosesData,
        _ => false,
    };
    let harmless = alternatives.iter().find(|(step, _)| !harmful(step));
    match harmless {
        Some((step, other)) if harmful(&chosen) && *other <= cost * (1.0 + SAFER) => step.clone(),
        _ => chosen,
    }
}

/// Usable steps in a fixed order: questions, the settings check, the network check, repairs whose
/// conditions hold, repairs to be done again.
fn steps(kb: &Knowledge, evidence: &Evidence, usable: &Usable, now: &Posterior) -> Vec<Step> {
    let mut steps: Vec<Step> = usable.questions.iter().copied().map(Step::Ask).collect();
    if !usable.settings.is_empty() {
        steps.push(Step::CheckSettings(usable.settings.clone()));
    }
    steps.extend(usable.check.map(|it| Step::Check(it.observation)));
    let offered = usable.actions.iter().copied().filter(|id| offered(kb, evidence, *id));
    steps.extend(offered.map(Step::Repair));
    let hopeful = |id: &ActionId| {
        let helps = |fault| now.of(fault) * repairs(kb, *id, fault, 1);
        kb.fault_ids().map(helps).sum::<f64>() >= WORTH_REDOING
    };
    steps.extend(usable.again.iter().copied().filter(hopeful).map(Step::Redo));
    steps
}

/// Whether an action makes sense given what has been answered.
fn offered(kb: &Knowledge, evidence: &Evidence, id: ActionId) -> bool {
    let holds = |it: &Condition| evidence.answer(it.observation) == Some(it.answer);
    let action = kb.action(id);
    !action.unless.iter().any(holds)
        && (action.only_if.is_empty() || action.only_if.iter().any(holds))
}

fn to_move(kb: &Knowledge, usable: &Usable, step: &Step) -> Move {
    match step {
        Step::Ask(id) => question(kb, kb.observation(*id).seconds, &[*id]),
        Step::Check(id) => check(kb, *id, usable.check.is_some_and(|it| it.from_here)),
        Step::CheckSettings(ids) => {
            let reading: f64 = ids.iter().map(|id| kb.observation(*id).seconds).sum();
            question(kb, kb.constants.settings_check_seconds + reading, ids)
        }
        Step::Repair(id) => repair(kb, *id, 0),
        Step::Redo(id) => repair(kb, *id, 1),
        Step::ContactSupport => {
            Move { cost: 0.0, fix: vec![0.0; kb.faults.len()], open: Vec::new() }
        }
    }
}

/// Outcomes are the combinations of all answers, plus "not sure", which tells nothing.
fn question(kb: &Knowledge, cost: f64, ids: &[ObservationId]) -> Move {
    let sure = 1.0 - kb.constants.unsure;
    let mut open = vec![vec![sure; kb.faults.len()]];
    for id in ids {
        let rows = &kb.observation(*id).likelihood;
        open = open.iter().flat_map(|so_far| rows.iter().map(|row| product(so_far, row))).collect();
    }
    open.push(vec![kb.constants.unsure; kb.faults.len()]);
    Move { cost, fix: vec![0.0; kb.faults.len()], open }
}

/// Outcomes are the answers that can be had from where the probes stand, plus "could not test".
fn check(kb: &Knowledge, id: ObservationId, from_here: bool) -> Move {
    let observation = kb.observation(id);
    let rows = if from_here { observation.likelihood.clone() } else { from_outside(observation) };
    let scaled = |by: f64| move |row: &Vec<f64>| row.iter().map(|p| p * by).collect();
    let mut open: Vec<Vec<f64>> = rows.iter().map(scaled(1.0 - kb.constants.unsure)).collect();
    open.push(vec![kb.constants.unsure; kb.faults.len()]);
    Move { cost: observation.seconds, fix: vec![0.0; kb.faults.len()], open }
}

/// P(answer | fault) of a look from outside alone: its own answers; all others amount to its first.
fn from_outside(observation: &Observation) -> Vec<Vec<f64>> {
    let own = |id: AnswerId| observation.outside.contains(&id);
    let mut rows: Vec<Vec<f64>> =
        observation.outside.iter().map(|id| observation.row(*id).to_vec()).collect();
    let others = (0..).map(AnswerId).zip(&observation.likelihood).filter(|(id, _)| !own(*id));
    for (_, row) in others {
        if let Some(first) = rows.first_mut() {
            first.iter_mut().zip(row).for_each(|(sum, p)| *sum += p);
        }
    }
    rows
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * b).collect()
}

fn repair(kb: &Knowledge, id: ActionId, before: usize) -> Move {
    let action = kb.action(id);
    let fix: Vec<f64> = kb.fault_ids().map(|fault| repairs(kb, id, fault, before)).collect();
    Move {
        cost: action.seconds + action.risk_seconds,
        open: vec![fix.iter().map(|p| 1.0 - p).collect()],
        fix,
    }
}

//! The design rules of the decision model (shared/decisions.md §2), on the shipped knowledge.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "test code stops at surprises")]

use outbox_doctor::engine::{
    Advice, Effort, Evidence, Seen, Step, Usable, Warning, next_step, posterior, warnings,
};
use outbox_doctor::knowledge::{self, ActionId, AnswerId, Kind, Knowledge, ObservationId};

/// Likelihoods are kept as sixteen-bit fractions.
const PACKED: f64 = 1.0 / 65535.0;

fn seen(kb: &Knowledge, key: &str, answer: &str) -> Seen {
    let observation = kb.observation_by_key(key).unwrap();
    Seen { observation, answer: kb.observation(observation).answer(answer).unwrap(), told: false }
}

fn everything(kb: &Knowledge) -> Usable {
    let kind = |wanted: fn(Kind) -> bool| {
        kb.observation_ids().filter(|id| wanted(kb.observation(*id).kind)).collect()
    };
    Usable {
        questions: kind(|it| it == Kind::Question),
        settings: kind(|it| matches!(it, Kind::Setting(_))),
        check: None,
        again: Vec::new(),
        actions: kb.action_ids().collect(),
    }
}

fn advice(kb: &Knowledge, evidence: &Evidence, usable: &Usable) -> Advice {
    next_step(kb, evidence, usable, Effort::Full)
}

fn cost_of(advice: &Advice, step: &Step) -> f64 {
    advice.alternatives.iter().find(|(it, _)| it == step).unwrap().1
}

/// The leak has a prior of 3 to 5 %, and nothing but support repairs it.
#[test]
fn the_leak_is_small_and_only_support_solves_it() {
    let kb = knowledge::embedded();
    let prior = kb.fault(kb.unknown()).prior;
    assert!((0.03..=0.05).contains(&prior), "{prior}");
    for action in &kb.actions {
        assert_eq!(action.repairs(kb.unknown()), 0.0, "{} repairs what nobody knows", action.key);
    }
}

/// What people mention of their own accord is as likely under the leak as on average.
#[test]
fn the_leak_sees_every_answer_at_its_base_rate() {
    let kb = knowledge::embedded();
    let named = 1.0 - kb.fault(kb.unknown()).prior;
    for observation in &kb.observations {
        for row in &observation.told {
            let (leak, rest) = row.split_last().unwrap();
            let joint: f64 = rest.iter().zip(&kb.faults).map(|(p, fault)| p * fault.prior).sum();
            assert!((leak - joint / named).abs() < 2.0 * PACKED, "{}", observation.key);
        }
    }
}

/// One wrong answer never excludes a fault: every likelihood has a floor of 0.5 to 1 %.
#[test]
fn every_likelihood_has_a_floor() {
    let kb = knowledge::embedded();
    assert!((0.005..=0.01).contains(&kb.constants.floor));
    for observation in &kb.observations {
        // Rows are normalised after flooring, so with many answers the floor may shrink a little.
        let floor = kb.constants.floor / (1.0 + kb.constants.floor * 10.0) - PACKED;
        for p in observation.likelihood.iter().flatten() {
            assert!(*p >= floor, "{}: {p}", observation.key);
        }
    }
}

/// "Not sure" is an outcome that costs the time of asking and tells nothing: the likelier it is, the
/// less a question is worth, and a question nobody can answer is never asked.
#[test]
fn what_nobody_can_answer_is_not_asked() {
    let mut kb = knowledge::embedded();
    let usable = Usable { settings: Vec::new(), ..everything(&kb) };
    let before = advice(&kb, &Evidence::default(), &usable);
    assert!(matches!(before.step, Step::Ask(_)), "a question comes first when nothing is known");
    kb.constants.unsure = 0.999_999;
    let after = advice(&kb, &Evidence::default(), &usable);
    assert!(!matches!(after.step, Step::Ask(_)), "{:?}", after.step);
    for id in &usable.questions {
        let step = Step::Ask(*id);
        let asked = cost_of(&after, &step) - after.cost;
        assert!(asked >= kb.observation(*id).seconds * 0.99, "asking in vain costs its seconds");
    }
}

/// ln P(evidence), from the definition.
fn log_evidence(kb: &Knowledge, seen: &[Seen]) -> f64 {
    let joint = |fault: usize| seen.iter().map(|it| it.row(kb)[fault]).product::<f64>();
    (0..kb.faults.len()).map(|fault| kb.faults[fault].prior * joint(fault)).sum::<f64>().ln()
}

/// How much less likely the findings are together than one by one, in nats.
fn conflict(kb: &Knowledge, seen: &[Seen]) -> f64 {
    seen.iter().map(|it| log_evidence(kb, &[*it])).sum::<f64>() - log_evidence(kb, seen)
}

/// Findings that contradict each other are said, and the one without which the rest fits best is
/// named; findings that fit are left in peace.
#[test]
fn a_contradiction_names_the_finding_that_fits_worst() {
    let kb = knowledge::embedded();
    let signs: Vec<ObservationId> =
        kb.observation_ids().filter(|id| kb.observation(*id).kind == Kind::Sign).collect();
    let (mut contradictions, mut calm) = (0, 0);
    let sign = |id: &ObservationId| Seen { observation: *id, answer: AnswerId(0), told: true };
    // Signs that stand far apart in the knowledge speak of different stages.
    let apart = |from: usize, step: usize, of: usize| {
        (0..of).map(move |at| from + at * step).collect::<Vec<usize>>()
    };
    let sets = (2..=6)
        .flat_map(|of| (3..9).flat_map(move |step| (0..9).map(move |from| apart(from, step, of))));
    for set in sets.filter(|set| set.iter().all(|at| *at < signs.len())) {
        let seen = set.iter().map(|at| sign(&signs[*at])).collect();
        let evidence = Evidence { seen, ..Evidence::default() };
        let leak = posterior(&kb, &evidence).of(kb.unknown());
        let doubtful = conflict(&kb, &evidence.seen) > 2.0 || leak > 0.3;
        let found = warnings(&kb, &evidence);
        assert_eq!(doubtful, !found.is_empty());
        calm += usize::from(found.is_empty());
        for Warning::Recheck(named) in found {
            contradictions += 1;
            let without = |id: ObservationId| {
                let rest = evidence.seen.iter().filter(|it| it.observation != id);
                conflict(&kb, &rest.copied().collect::<Vec<_>>())
            };
            for other in &evidence.seen {
                assert!(without(named) <= without(other.observation) + 1e-9);
            }
        }
    }
    assert!(contradictions > 9 && calm > 9, "the test must meet both: {contradictions}, {calm}");
}

/// A repair may have been carried out wrongly: it is never certain, and after it failed its faults
/// keep what is left.
#[test]
fn a_repair_that_failed_leaves_its_fault_possible() {
    let kb = knowledge::embedded();
    for id in kb.action_ids() {
        let failed = Evidence { failed: vec![id], ..Evidence::default() };
        let (before, after) = (posterior(&kb, &Evidence::default()), posterior(&kb, &failed));
        let leak = after.of(kb.unknown()) / before.of(kb.unknown());
        for (fault, chance) in &kb.action(id).repairs {
            assert!(*chance <= 0.95, "{} is certain", kb.action(id).key);
            let left = after.of(*fault) / before.of(*fault) / leak;
            assert!((left - (1.0 - chance)).abs() < 1e-9, "{}", kb.action(id).key);
        }
    }
}

/// What stands on one settings page is read in one step, for less than one question each.
#[test]
fn settings_on_one_page_are_one_step() {
    let kb = knowledge::embedded();
    let usable = everything(&kb);
    let advice = advice(&kb, &Evidence::default(), &usable);
    let checks: Vec<&Step> = advice
        .alternatives
        .iter()
        .map(|(step, _)| step)
        .filter(|step| matches!(step, Step::CheckSettings(_)))
        .collect();
    assert_eq!(checks, [&Step::CheckSettings(usable.settings.clone())]);
    assert!(usable.settings.len() > 1);
    let asked = |step: &Step| matches!(step, Step::Ask(id) if usable.settings.contains(id));
    assert!(!advice.alternatives.iter().any(|(step, _)| asked(step)));
}

/// Harm is priced in the same currency as time.
#[test]
fn harm_costs_what_it_takes_to_undo() {
    let mut kb = knowledge::embedded();
    let id = kb.action_by_key("vpn-off").unwrap();
    let usable = Usable { actions: vec![id], ..Usable::default() };
    let evidence = Evidence { seen: vec![seen(&kb, "vpn", "on")], ..Evidence::default() };
    let before = cost_of(&advice(&kb, &evidence, &usable), &Step::Repair(id));
    kb.actions[usize::from(id.0)].risk_seconds += 77.0;
    let after = cost_of(&advice(&kb, &evidence, &usable), &Step::Repair(id));
    assert!((after - before - 77.0).abs() < 1e-6, "{before} {after}");
}

/// Of steps that are worth the same, the one with the smaller id.
#[test]
fn ties_go_to_the_smaller_id() {
    let mut kb = knowledge::embedded();
    let id = kb.action_by_key("vpn-off").unwrap();
    kb.actions.push(kb.actions[usize::from(id.0)].clone());
    let twin = ActionId(u16::try_from(kb.actions.len() - 1).unwrap());
    let vpn = seen(&kb, "vpn", "on");
    let evidence =
        Evidence { seen: vec![vpn, seen(&kb, "sign.ip-blocked", "seen")], ..Evidence::default() };
    let usable = Usable { actions: vec![id, twin], ..Usable::default() };
    assert_eq!(advice(&kb, &evidence, &usable).step, Step::Repair(id));
}

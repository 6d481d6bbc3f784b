//! Laws that the engine keeps whatever the knowledge says.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "test code stops at surprises")]

use outbox_doctor::engine::{
    Check, Evidence, Item, Seen, Step, Usable, next_step, posterior, reasons,
};
use outbox_doctor::knowledge::{self, ActionId, AnswerId, Kind, Knowledge, ObservationId};
use proptest::prelude::*;

/// Rounding that sums and logarithms of a few dozen terms may show.
const ROUNDING: f64 = 1e-9;

fn evidence(kb: &Knowledge, picks: &[(u16, u8)]) -> Evidence {
    let mut evidence = Evidence::default();
    for (observation, answer) in picks {
        let id = ObservationId(observation % u16::try_from(kb.observations.len()).unwrap());
        let answers = u8::try_from(kb.observation(id).answers.len()).unwrap();
        if evidence.answer(id).is_none() {
            let told = answer % 2 == 0;
            evidence.seen.push(Seen { observation: id, answer: AnswerId(answer % answers), told });
        }
    }
    evidence
}

fn everything(kb: &Knowledge) -> Usable {
    let kind = |wanted: fn(Kind) -> bool| {
        kb.observation_ids().filter(|id| wanted(kb.observation(*id).kind)).collect()
    };
    Usable {
        questions: kind(|it| it == Kind::Question),
        settings: kind(|it| matches!(it, Kind::Setting(_))),
        check: kb
            .observation_ids()
            .find(|id| kb.observation(*id).kind == Kind::Check)
            .map(|observation| Check { observation, from_here: true }),
        actions: kb.action_ids().collect(),
    }
}

fn picks() -> impl Strategy<Value = Vec<(u16, u8)>> {
    prop::collection::vec((any::<u16>(), any::<u8>()), 0..15)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn probabilities_are_probabilities(picks in picks()) {
        let kb = knowledge::embedded();
        let all = posterior(&kb, &evidence(&kb, &picks));
        prop_assert!((all.all().iter().sum::<f64>() - 1.0).abs() < ROUNDING);
        prop_assert!(all.all().iter().all(|p| p.is_finite() && *p > 0.0), "no fault is ever excluded");
    }

    #[test]
    fn the_order_of_evidence_does_not_matter(picks in picks(), seed in any::<usize>()) {
        let kb = knowledge::embedded();
        let first = evidence(&kb, &picks);
        let mut second = first.clone();
        let turn = seed % second.seen.len().max(1);
        second.seen.rotate_left(turn);
        second.seen.reverse();
        prop_assert_eq!(posterior(&kb, &first), posterior(&kb, &second), "bit for bit");
        prop_assert_eq!(next_step(&kb, &first, &everything(&kb)).step, next_step(&kb, &second, &everything(&kb)).step);
    }

    #[test]
    fn a_reason_is_what_its_evidence_does(picks in picks()) {
        let kb = knowledge::embedded();
        let evidence = evidence(&kb, &picks);
        let odds = |p: f64| 10.0 * (p / (1.0 - p)).log10();
        for fault in kb.fault_ids() {
            for reason in reasons(&kb, &evidence, fault) {
                let Item::Seen(observation, _) = reason.item else { continue };
                let mut rest = evidence.clone();
                rest.seen.retain(|it| it.observation != observation);
                let (with, without) = (posterior(&kb, &evidence).of(fault), posterior(&kb, &rest).of(fault));
                prop_assert!((odds(with) - odds(without) - reason.decibans).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn a_repair_that_did_not_help_makes_its_faults_less_likely(picks in picks(), action in any::<u16>()) {
        let kb = knowledge::embedded();
        let before = evidence(&kb, &picks);
        let mut after = before.clone();
        let id = ActionId(action % u16::try_from(kb.actions.len()).unwrap());
        after.failed.push(id);
        let best = kb.action(id).repairs.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
        prop_assert!(posterior(&kb, &after).of(best) < posterior(&kb, &before).of(best));
    }

    #[test]
    fn advice_never_fails_and_never_costs_more_than_support(picks in picks()) {
        let kb = knowledge::embedded();
        let evidence = evidence(&kb, &picks);
        let advice = next_step(&kb, &evidence, &everything(&kb));
        prop_assert!(advice.cost.is_finite() && advice.cost <= kb.constants.support_seconds);
        prop_assert!(advice.alternatives.windows(2).all(|two| two[0].1 <= two[1].1));
        let nothing = next_step(&kb, &evidence, &Usable::default());
        prop_assert_eq!(nothing.step, Step::ContactSupport);
    }

    #[test]
    fn a_repair_of_nothing_likely_changes_nothing(picks in picks()) {
        // An action that is more expensive than support is never part of a plan.
        let mut kb = knowledge::embedded();
        let evidence = evidence(&kb, &picks);
        let before = next_step(&kb, &evidence, &everything(&kb));
        let mut useless = kb.actions[0].clone();
        useless.key = "useless".to_owned();
        useless.seconds = 2.0 * kb.constants.support_seconds;
        kb.actions.push(useless);
        let after = next_step(&kb, &evidence, &everything(&kb));
        prop_assert_eq!(before.step, after.step);
        prop_assert!((before.cost - after.cost).abs() < 1e-6);
    }
}

#[test]
fn a_repair_that_may_lose_data_gives_way_to_a_harmless_one() {
    let mut kb = knowledge::embedded();
    let id = kb.action_by_key("vpn-off").unwrap();
    let seen = |key: &str| Seen {
        observation: kb.observation_by_key(key).unwrap(),
        answer: AnswerId(0),
        told: false,
    };
    let evidence = Evidence { seen: vec![seen("vpn"), seen("sign.ip-blocked")], failed: vec![] };
    let usable = Usable { actions: vec![id], ..Usable::default() };
    assert_eq!(next_step(&kb, &evidence, &usable).step, Step::Repair(id));
    // A twin that is as good but may lose data stands first in the knowledge and is not chosen.
    let mut twin = kb.actions[usize::from(id.0)].clone();
    twin.risk = knowledge::Risk::LosesData;
    twin.seconds *= 0.99;
    kb.actions.push(twin);
    let twin = ActionId(u16::try_from(kb.actions.len() - 1).unwrap());
    let usable = Usable { actions: vec![twin, id], ..Usable::default() };
    assert_eq!(next_step(&kb, &evidence, &usable).step, Step::Repair(id));
}

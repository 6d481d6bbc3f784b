//! Laws that the engine keeps whatever the knowledge says.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "test code stops at surprises")]

use std::collections::BTreeSet;

use outbox_doctor::engine::{
    Check, Effort, Evidence, Item, Outcome, Seen, Step, Usable, decides, next_step, posterior,
    reasons, repairs,
};
use outbox_doctor::knowledge::{self, ActionId, AnswerId, Kind, Knowledge, ObservationId, TermId};
use outbox_doctor::session::{Attempt, Event, Reply, Session};
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

fn actions(kb: &Knowledge, picks: &[u16]) -> Vec<ActionId> {
    let count = u16::try_from(kb.actions.len()).unwrap();
    let mut ids: Vec<ActionId> = picks.iter().map(|pick| ActionId(pick % count)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn terms(kb: &Knowledge, picks: &[u16]) -> Vec<TermId> {
    let count = u16::try_from(kb.terms.len()).unwrap();
    picks.iter().map(|pick| TermId(pick % count)).collect::<BTreeSet<_>>().into_iter().collect()
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
        again: kb.action_ids().collect(),
        actions: kb.action_ids().collect(),
    }
}

fn picks() -> impl Strategy<Value = Vec<(u16, u8)>> {
    prop::collection::vec((any::<u16>(), any::<u8>()), 0..15)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

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
        prop_assert_eq!(next_step(&kb, &first, &everything(&kb), Effort::Full).step, next_step(&kb, &second, &everything(&kb), Effort::Full).step);
    }

    #[test]
    fn a_reason_is_what_its_evidence_does(picks in picks(), failed in prop::collection::vec(any::<u16>(), 0..3), said in prop::collection::vec(any::<u16>(), 0..30)) {
        let kb = knowledge::embedded();
        let mut evidence = evidence(&kb, &picks);
        evidence.failed = actions(&kb, &failed);
        evidence.terms = terms(&kb, &said);
        let odds = |p: f64| 10.0 * (p / (1.0 - p)).log10();
        for fault in kb.fault_ids() {
            for reason in reasons(&kb, &evidence, fault) {
                let mut rest = evidence.clone();
                match reason.item {
                    Item::Seen(observation, _) => rest.seen.retain(|it| it.observation != observation),
                    Item::Failed(action) => rest.failed.retain(|it| *it != action),
                    Item::Terms => rest.terms.clear(),
                }
                let (with, without) = (posterior(&kb, &evidence).of(fault), posterior(&kb, &rest).of(fault));
                prop_assert!((odds(with) - odds(without) - reason.decibans).abs() < 1e-6);
            }
        }
    }

    /// The words of a text move the odds by the sum of their pulls, as exponents of one step.
    #[test]
    fn words_multiply_the_odds_by_their_pulls(picks in picks(), said in prop::collection::vec(any::<u16>(), 1..60)) {
        let kb = knowledge::embedded();
        let without = evidence(&kb, &picks);
        let with = Evidence { terms: terms(&kb, &said), ..without.clone() };
        let (before, after) = (posterior(&kb, &without), posterior(&kb, &with));
        let pull = |fault| with.terms.iter().map(|it| f64::from(kb.term(*it).pull(fault))).sum::<f64>();
        let first = kb.fault_ids().next().unwrap();
        for fault in kb.fault_ids().filter(|it| *it != kb.unknown()) {
            let moved = (after.of(fault) / after.of(first)) / (before.of(fault) / before.of(first));
            let pulled = (pull(fault) - pull(first)) * kb.constants.term_step.ln();
            prop_assert!((moved.ln() - pulled).abs() < 1e-6);
        }
    }

    /// What a step would decide is what is thought once it has come out so.
    #[test]
    fn what_a_step_decides_is_what_its_outcome_shows(picks in picks(), at in any::<usize>()) {
        let kb = knowledge::embedded();
        let mut evidence = evidence(&kb, &picks);
        let steps = next_step(&kb, &evidence, &everything(&kb), Effort::Full).alternatives;
        let step = &steps[at % steps.len()].0;
        if let Step::Redo(id) = step {
            evidence.failed.push(*id);
        }
        for decided in decides(&kb, &evidence, step) {
            let mut after = evidence.clone();
            match decided.outcome {
                Outcome::Answer(observation, answer) => {
                    after.seen.retain(|it| it.observation != observation);
                    after.seen.push(Seen { observation, answer, told: false });
                }
                Outcome::StillFails(action) => after.failed.push(action),
            }
            let then = posterior(&kb, &after);
            prop_assert_eq!(then.of(decided.leader), decided.probability, "bit for bit");
            let named = kb.fault_ids().filter(|id| *id != kb.unknown());
            prop_assert!(named.into_iter().all(|id| then.of(id) <= decided.probability));
        }
    }

    /// The answers of a question share out what is thought now: P(f) = Σ P(answer) P(f | answer).
    #[test]
    fn the_outcomes_of_a_question_add_up_to_what_is_thought_now(picks in picks(), at in any::<usize>()) {
        let kb = knowledge::embedded();
        let evidence = evidence(&kb, &picks);
        let open: Vec<ObservationId> = everything(&kb).questions.into_iter()
            .filter(|id| evidence.answer(*id).is_none()).collect();
        let id = open[at % open.len()];
        let now = posterior(&kb, &evidence);
        let mut summed = vec![0.0; kb.faults.len()];
        for decided in decides(&kb, &evidence, &Step::Ask(id)) {
            let Outcome::Answer(observation, answer) = decided.outcome else { continue };
            let mut after = evidence.clone();
            after.seen.push(Seen { observation, answer, told: false });
            let then = posterior(&kb, &after);
            summed.iter_mut().zip(then.all()).for_each(|(sum, p)| *sum += decided.chance * p);
        }
        // Columns sum to one up to the sixteen bits they are kept in.
        prop_assert!(summed.iter().zip(now.all()).all(|(sum, p)| (sum - p).abs() < 1e-4));
    }

    /// What is ruled out is below one in a hundred, far below where it began, and not suspected.
    #[test]
    fn what_is_ruled_out_really_is(picks in picks()) {
        let kb = knowledge::embedded();
        let answered = |session: Session, seen: &Seen| match kb.observation(seen.observation).kind {
            Kind::Question | Kind::Sign => session.apply(&kb, Event::Answer(seen.observation, Reply::Is(seen.answer))),
            _ => session,
        };
        let session = evidence(&kb, &picks).seen.iter().fold(Session::default(), answered);
        let view = session.view(&kb);
        let now = posterior(&kb, &session.evidence(&kb));
        for id in &view.ruled_out {
            prop_assert!(now.of(*id) < 0.01 && now.of(*id) < kb.fault(*id).prior / 5.0);
            prop_assert!(view.ranking.iter().all(|it| it.fault != *id));
        }
        let kept = kb.fault_ids().filter(|id| !view.ruled_out.contains(id));
        let far = |id| now.of(id) < 0.01 && now.of(id) < kb.fault(id).prior / 5.0 - ROUNDING;
        prop_assert!(session.state.entries.is_empty() || kept.into_iter().all(|id| id == kb.unknown() || !far(id)));
    }

    /// What the view foretells is what the view after that answer says.
    #[test]
    fn the_view_foretells_the_next_view(picks in picks()) {
        let kb = knowledge::embedded();
        let answered = |session: Session, seen: &Seen| match kb.observation(seen.observation).kind {
            Kind::Question => session.apply(&kb, Event::Answer(seen.observation, Reply::Is(seen.answer))),
            _ => session,
        };
        let session = evidence(&kb, &picks).seen.iter().fold(Session::default(), answered);
        for decided in session.view(&kb).decides {
            let event = match decided.outcome {
                Outcome::Answer(id, answer) if kb.observation(id).kind == Kind::Question => Event::Answer(id, Reply::Is(answer)),
                Outcome::StillFails(id) => Event::Done(id, Attempt::StillFails),
                Outcome::Answer(..) => continue,
            };
            let then = session.apply(&kb, event).view(&kb).advice.posterior;
            prop_assert_eq!(then.of(decided.leader), decided.probability, "bit for bit");
        }
    }

    /// Two tries leave what two independent tries of carrying it out leave.
    #[test]
    fn doing_it_again_helps_whoever_missed_a_step(action in any::<u16>()) {
        let kb = knowledge::embedded();
        let id = ActionId(action % u16::try_from(kb.actions.len()).unwrap());
        let done = kb.constants.carry_out;
        for fault in kb.fault_ids().filter(|fault| kb.action(id).repairs(*fault) <= done) {
            let works = kb.action(id).repairs(fault) / done;
            let left = (1.0 - repairs(&kb, id, fault, 0)) * (1.0 - repairs(&kb, id, fault, 1));
            let expected = 1.0 - works * (1.0 - (1.0 - done).powi(2));
            prop_assert!((left - expected).abs() < ROUNDING);
            prop_assert_eq!(repairs(&kb, id, fault, 2), 0.0);
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
        let advice = next_step(&kb, &evidence, &everything(&kb), Effort::Full);
        prop_assert!(advice.cost.is_finite() && advice.cost <= kb.constants.support_seconds);
        prop_assert!(advice.alternatives.windows(2).all(|two| two[0].1 <= two[1].1));
        let nothing = next_step(&kb, &evidence, &Usable::default(), Effort::Full);
        prop_assert_eq!(nothing.step, Step::ContactSupport);
    }

    #[test]
    fn a_repair_of_nothing_likely_changes_nothing(picks in picks()) {
        // An action that is more expensive than support is never part of a plan.
        let mut kb = knowledge::embedded();
        let evidence = evidence(&kb, &picks);
        let before = next_step(&kb, &evidence, &everything(&kb), Effort::Full);
        let mut useless = kb.actions[0].clone();
        useless.key = "useless".to_owned();
        useless.seconds = 2.0 * kb.constants.support_seconds;
        kb.actions.push(useless);
        let after = next_step(&kb, &evidence, &everything(&kb), Effort::Full);
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
    let evidence =
        Evidence { seen: vec![seen("vpn"), seen("sign.ip-blocked")], ..Evidence::default() };
    let usable = Usable { actions: vec![id], ..Usable::default() };
    assert_eq!(next_step(&kb, &evidence, &usable, Effort::Full).step, Step::Repair(id));
    // A twin that is as good but may lose data stands first in the knowledge and is not chosen.
    let mut twin = kb.actions[usize::from(id.0)].clone();
    twin.risk = knowledge::Risk::LosesData;
    twin.seconds *= 0.99;
    kb.actions.push(twin);
    let twin = ActionId(u16::try_from(kb.actions.len() - 1).unwrap());
    let usable = Usable { actions: vec![twin, id], ..Usable::default() };
    assert_eq!(next_step(&kb, &evidence, &usable, Effort::Full).step, Step::Repair(id));
}

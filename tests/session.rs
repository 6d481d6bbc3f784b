//! The session: a table of events and what they leave.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "test code stops at surprises")]

use std::collections::BTreeMap;

use outbox_doctor::engine::{Effort, Step};
use outbox_doctor::knowledge::{self, ActionId, Field, Knowledge, ObservationId};
use outbox_doctor::network::{self, Report};
use outbox_doctor::session::{
    Attempt, Entry, Event, Next, Origin, Reply, Session, State, Vantages, Verdict, judge,
    provider_of,
};

fn observation(kb: &Knowledge, key: &str) -> ObservationId {
    kb.observation_by_key(key).unwrap()
}

fn action(kb: &Knowledge, key: &str) -> ActionId {
    kb.action_by_key(key).unwrap()
}

fn answer(kb: &Knowledge, key: &str, answer: &str) -> Event {
    let id = observation(kb, key);
    Event::Answer(id, Reply::Is(kb.observation(id).answer(answer).unwrap()))
}

fn after(kb: &Knowledge, events: impl IntoIterator<Item = Event>) -> Session {
    events.into_iter().fold(Session::default(), |session, event| session.apply(kb, event))
}

#[test]
fn changing_an_earlier_answer_keeps_the_later_ones() {
    let kb = knowledge::embedded();
    let session = after(
        &kb,
        [answer(&kb, "vpn", "on"), answer(&kb, "receiving", "works"), answer(&kb, "vpn", "off")],
    );
    let direct = after(&kb, [answer(&kb, "vpn", "off"), answer(&kb, "receiving", "works")]);
    assert_eq!(session.state, direct.state);
}

#[test]
fn undo_takes_back_one_event_at_a_time() {
    let kb = knowledge::embedded();
    let first = after(&kb, [answer(&kb, "vpn", "on")]);
    let second = first.apply(&kb, Event::Done(action(&kb, "vpn-off"), Attempt::StillFails));
    assert_eq!(second.apply(&kb, Event::Undo), first);
    assert_eq!(first.apply(&kb, Event::Undo).state, Session::default().state);
    assert_eq!(Session::default().apply(&kb, Event::Undo), Session::default());
}

#[test]
fn undo_takes_back_a_change_too() {
    let kb = knowledge::embedded();
    let first = after(&kb, [answer(&kb, "vpn", "on"), answer(&kb, "receiving", "works")]);
    let changed = first.apply(&kb, answer(&kb, "vpn", "off"));
    assert_eq!(changed.apply(&kb, Event::Undo), first);
}

#[test]
fn an_event_that_changes_nothing_is_no_step_to_undo() {
    let kb = knowledge::embedded();
    let session = after(&kb, [answer(&kb, "vpn", "on")]);
    assert_eq!(session.apply(&kb, answer(&kb, "vpn", "on")), session);
}

/// What is advised when everything fails and nothing is known, up to contacting support.
fn all_in_vain(kb: &Knowledge, mut session: Session) -> Vec<Step> {
    let mut steps = Vec::new();
    while let Next::Step(step) = session.view(kb).next {
        let event = match &step {
            Step::Ask(id) | Step::Check(id) => Event::Answer(*id, Reply::NotSure),
            Step::CheckSettings(_) => Event::Settings(BTreeMap::new()),
            Step::Repair(id) => Event::Done(*id, Attempt::StillFails),
            Step::Redo(id) => Event::Done(*id, Attempt::FailsAgain),
            Step::ContactSupport => break,
        };
        session = session.apply(kb, event);
        steps.push(step);
    }
    steps
}

#[test]
fn what_failed_is_done_again_with_care_before_support_is_called_and_never_a_third_time() {
    let kb = knowledge::embedded();
    let said = "Since yesterday I am told my address is on a block list. I use a VPN.";
    let steps = all_in_vain(&kb, after(&kb, [Event::Describe(said.into())]));
    let redone: Vec<&Step> = steps.iter().filter(|it| matches!(it, Step::Redo(_))).collect();
    assert!(!redone.is_empty(), "{steps:?}");
    for (at, step) in steps.iter().enumerate() {
        assert_eq!(steps.iter().position(|it| it == step), Some(at), "no step comes twice");
        if let Step::Redo(id) = step {
            assert!(steps[..at].contains(&Step::Repair(*id)), "it was tried before");
        }
    }
}

#[test]
fn a_different_message_takes_the_place_of_the_old_one_and_the_story_stays() {
    let kb = knowledge::embedded();
    let said = "Webmail sends fine. The app says: Connection timed out.";
    let before = after(&kb, [Event::Describe(said.into())]);
    let timed_out = observation(&kb, "sign.timed-out");
    let webmail = observation(&kb, "webmail-sends");
    assert!(before.state.reply(timed_out).is_some() && before.state.reply(webmail).is_some());
    let tried = action(&kb, "vpn-off");
    let now = before.apply(&kb, Event::Changed(tried, "535 Authentication failed".into()));
    assert_eq!(now.state.attempt(tried), Some(Attempt::StillFails));
    assert_eq!(now.state.reply(timed_out), None, "the old message is gone");
    assert!(now.state.reply(observation(&kb, "sign.login-failed")).is_some());
    assert_eq!(now.state.reply(webmail), before.state.reply(webmail));
    assert_eq!(now.apply(&kb, Event::Undo), before, "one event, one undo");
    let twice = now.apply(&kb, Event::Changed(tried, "timed out".into()));
    assert_eq!(twice.state.attempt(tried), Some(Attempt::FailsAgain));
}

#[test]
fn cannot_do_removes_the_step_and_not_the_fault() {
    let kb = knowledge::embedded();
    let before = after(&kb, [Event::Describe("AUP#Out-1130".into()), answer(&kb, "vpn", "on")]);
    let Next::Step(Step::Repair(offered)) = before.view(&kb).next else {
        panic!("a VPN that is on is switched off when the server blocks the address")
    };
    assert_eq!(kb.action(offered).key, "vpn-off");
    let refused = before.apply(&kb, Event::Done(offered, Attempt::CannotDo));
    assert_eq!(refused.view(&kb).advice.posterior, before.view(&kb).advice.posterior);
    assert_ne!(refused.view(&kb).next, before.view(&kb).next);
}

#[test]
fn not_sure_is_no_evidence_and_is_not_asked_again() {
    let kb = knowledge::embedded();
    let id = observation(&kb, "vpn");
    let session = after(&kb, [Event::Answer(id, Reply::NotSure)]);
    assert_eq!(session.evidence(&kb), Session::default().evidence(&kb));
    let view = session.view(&kb);
    assert!(view.advice.alternatives.iter().all(|(step, _)| *step != Step::Ask(id)));
}

#[test]
fn the_users_answer_outweighs_the_text() {
    let kb = knowledge::embedded();
    let said = after(&kb, [Event::Describe("I use NordVPN".into())]);
    assert_eq!(said.state.reply(observation(&kb, "vpn")), Some(reply(&kb, "vpn", "on")));
    let corrected = said.apply(&kb, answer(&kb, "vpn", "off"));
    let again = corrected.apply(&kb, Event::Describe("I use NordVPN and it times out".into()));
    assert_eq!(again.state.reply(observation(&kb, "vpn")), Some(reply(&kb, "vpn", "off")));
}

fn reply(kb: &Knowledge, key: &str, answer: &str) -> Reply {
    Reply::Is(kb.observation(observation(kb, key)).answer(answer).unwrap())
}

#[test]
fn a_new_text_replaces_what_the_old_one_said() {
    let kb = knowledge::embedded();
    let session = after(
        &kb,
        [Event::Describe("I use NordVPN".into()), Event::Describe("AUP#Out-1500".into())],
    );
    assert_eq!(session.state.reply(observation(&kb, "vpn")), None);
}

#[test]
fn what_was_paused_is_put_back_before_the_case_is_closed() {
    let kb = knowledge::embedded();
    let id = action(&kb, "vpn-off");
    let solved = after(&kb, [Event::Done(id, Attempt::Sends)]);
    let view = solved.view(&kb);
    assert!(matches!(view.next, Next::Solved(ending) if ending.solved_by == Some(id)));
    assert_eq!(view.put_back, [id]);
    assert!(solved.apply(&kb, Event::PutBack(id)).view(&kb).put_back.is_empty());
}

#[test]
fn mail_that_goes_out_by_itself_ends_the_case_until_it_fails_again() {
    let kb = knowledge::embedded();
    let asked = after(&kb, [answer(&kb, "vpn", "off")]);
    let sends = asked.apply(&kb, Event::Sends);
    assert!(matches!(sends.view(&kb).next, Next::Solved(ending) if ending.solved_by.is_none()));
    assert_eq!(sends.apply(&kb, Event::RetractSends).state, asked.state);
}

/// The events a view makes possible are answers to the step it shows, each to a state of its own.
#[test]
fn what_is_possible_answers_the_step_shown() {
    let kb = knowledge::embedded();
    let blocked = after(&kb, [Event::Describe("AUP#Out-1130".into()), answer(&kb, "vpn", "on")]);
    let solved = blocked.apply(&kb, Event::Sends);
    for (session, events) in [(Session::default(), 3..12), (blocked, 3..4), (solved, 0..1)] {
        let view = session.view(&kb);
        let possible = view.possible(&kb);
        assert!(events.contains(&possible.len()), "{possible:?}");
        for event in possible {
            let next = session.apply(&kb, event.clone());
            assert_ne!(next.state, session.state, "{event:?}");
            assert_ne!(next.view(&kb).next, view.next, "{event:?} leaves its own step");
        }
    }
}

/// Less effort may change the step, never what is thought.
#[test]
fn a_quick_view_thinks_the_same_of_every_fault() {
    let kb = knowledge::embedded();
    let session = after(&kb, [Event::Describe("AUP#Out-1130".into())]);
    assert_eq!(session.view(&kb), session.view_with(&kb, Effort::Full));
    let (full, quick) = (session.view(&kb), session.view_with(&kb, Effort::Quick));
    assert_eq!(full.advice.posterior, quick.advice.posterior);
    assert_eq!(full.ranking, quick.ranking);
    assert_ne!(full.advice.cost, quick.advice.cost, "the case tells the planners apart");
}

#[test]
fn starting_over_keeps_app_and_domain() {
    let kb = knowledge::embedded();
    let app = kb.app_by_key("thunderbird");
    let session = after(
        &kb,
        [
            Event::App(app, String::new()),
            Event::Domain("ann@nc.rr.com".into()),
            answer(&kb, "vpn", "on"),
            Event::Restart,
        ],
    );
    assert_eq!((session.state.app, session.state.domain.as_str()), (app, "nc.rr.com"));
    assert!(session.state.entries.is_empty());
}

#[track_caller]
fn check_setting(domain: &str, field: Field, value: &str, verdict: Verdict) {
    let kb = knowledge::embedded();
    let values = BTreeMap::from([(field, value.to_owned())]);
    let judged = judge(&kb, provider_of(&kb, domain), &values);
    assert_eq!(judged.first().map(|it| it.verdict), Some(verdict), "{domain} {field:?} {value}");
}

#[test]
fn settings_are_judged_against_the_provider() {
    check_setting("charter.net", Field::Host, "mobile.charter.net", Verdict::Right);
    check_setting("charter.net", Field::Host, "smtp.charter.net", Verdict::Wrong);
    check_setting("nc.rr.com", Field::Host, "smtp-server.nc.rr.com", Verdict::Wrong);
    check_setting("example.org", Field::Host, "smtp.example.org", Verdict::Unknown);
    check_setting("charter.net", Field::Security, "tls", Verdict::Right);
    check_setting("charter.net", Field::Security, "starttls", Verdict::Possible);
    check_setting("nc.rr.com", Field::Security, "starttls", Verdict::Right);
    check_setting("nc.rr.com", Field::Security, "none", Verdict::Wrong);
    check_setting("nc.rr.com", Field::Port, "587", Verdict::Right);
    check_setting("nc.rr.com", Field::Port, "5 8 7", Verdict::Wrong);
    check_setting("nc.rr.com", Field::SignIn, "none", Verdict::Wrong);
    check_setting("nc.rr.com", Field::UserName, "full-address", Verdict::Right);
}

#[test]
fn left_out_settings_are_not_asked_again() {
    let kb = knowledge::embedded();
    let session = after(&kb, [Event::Settings(BTreeMap::new())]);
    let asks = |step: &Step| matches!(step, Step::CheckSettings(_));
    assert!(session.view(&kb).advice.alternatives.iter().all(|(step, _)| !asks(step)));
}

#[test]
fn the_situation_is_evidence_only_once_something_was_told() {
    let kb = knowledge::embedded();
    let app = kb.app_by_key("thunderbird");
    let placed = after(&kb, [Event::App(app, String::new()), Event::Domain("nc.rr.com".into())]);
    assert!(placed.evidence(&kb).seen.is_empty());
    let told = placed.apply(&kb, answer(&kb, "vpn", "off"));
    let known: Vec<&str> = told
        .evidence(&kb)
        .seen
        .iter()
        .map(|it| kb.observation(it.observation).key.as_str())
        .collect();
    assert_eq!(known.first(), Some(&"vpn"));
    for context in ["app-kind", "mailbox-at"] {
        let exists = kb.observation_by_key(context).is_some();
        assert_eq!(known.contains(&context), exists, "{context}");
    }
}

/// A report of `charter`, made from that of a server whose certificate has expired.
fn report(vantage: &str, finished: &str, works: bool) -> Report {
    let text = std::fs::read_to_string("tests/fixtures/report.json").unwrap();
    let mut report = Report::parse(&text).unwrap();
    report.provider = "charter".to_owned();
    report.vantage.id = vantage.to_owned();
    report.vantage.network = vantage.to_owned();
    report.finished = network::Moment::parse(finished).unwrap();
    let public = vantage != "local";
    report.vantage.kind = if public { network::Kind::Public } else { network::Kind::Local };
    if works {
        for stage in report.targets.iter_mut().flat_map(|it| &mut it.stages) {
            stage.status = network::Status::Ok;
        }
    }
    report
}

const EARLY: &str = "2026-11-24T16:00:00Z";
const LATER: &str = "2026-11-24T16:00:20Z";

fn check(kb: &Knowledge, session: &Session) -> Option<String> {
    let id = observation(kb, network::evidence::OBSERVATION);
    session.state.entries.iter().find_map(|entry| match entry {
        Entry::Answer(other, Reply::Is(answer), Origin::Probe) if *other == id => {
            Some(kb.observation(id).answer_key(*answer).to_owned())
        }
        Entry::Answer(other, Reply::NotSure, Origin::Probe) if *other == id => {
            Some("not sure".to_owned())
        }
        _ => None,
    })
}

#[test]
fn what_probes_report_is_an_answer() {
    let kb = knowledge::embedded();
    let works = after(&kb, [Event::Reports(vec![report("local", EARLY, true)])]);
    assert_eq!(check(&kb, &works).as_deref(), Some("works"));
    assert_eq!(works.evidence(&kb).seen.first().map(|it| it.told), Some(false));
    let found = works.view(&kb).finding.unwrap();
    assert_eq!(found.verdict, network::Verdict::WorksHere);
    // one look from one place blames nobody, and is no evidence
    let fails = after(&kb, [Event::Reports(vec![report("fra", EARLY, false)])]);
    assert_eq!(check(&kb, &fails).as_deref(), Some("not sure"));
    assert_eq!(fails.evidence(&kb), Session::default().evidence(&kb));
    // two networks, twice each: now it counts
    let more = ["fra", "chi"].map(|it| report(it, EARLY, false)).to_vec();
    let twice = ["fra", "chi"].map(|it| report(it, LATER, false)).to_vec();
    let all = fails.apply(&kb, Event::Reports(more)).apply(&kb, Event::Reports(twice));
    assert_eq!(check(&kb, &all).as_deref(), Some("server-certificate"));
    assert_eq!(all.state.reports.len(), 4);
}

#[test]
fn reports_can_be_taken_back_undone_and_are_bounded() {
    let kb = knowledge::embedded();
    let id = observation(&kb, network::evidence::OBSERVATION);
    let before = after(&kb, [answer(&kb, "vpn", "off")]);
    let checked = before.apply(&kb, Event::Reports(vec![report("local", EARLY, true)]));
    assert_eq!(checked.apply(&kb, Event::Undo), before);
    let back = checked.apply(&kb, Event::Retract(id));
    assert_eq!((back.state.reports.len(), check(&kb, &back)), (0, None));
    assert_eq!(back.state.entries, before.state.entries);
    assert_eq!(checked.apply(&kb, Event::Reports(vec![report("local", EARLY, true)])), checked);
    let many = (10..30)
        .map(|at| Event::Reports(vec![report("local", &format!("2026-11-24T16:00:{at}Z"), true)]));
    let many = after(&kb, many);
    assert_eq!(many.state.reports.len(), State::LOOKS);
    assert_eq!(
        many.state.reports.first().map(|it| it.finished.to_string()).as_deref(),
        Some("2026-11-24T16:00:29Z")
    );
}

#[test]
fn measurements_of_one_provider_say_nothing_of_another() {
    let kb = knowledge::embedded();
    let events =
        [Event::Domain("charter.net".into()), Event::Reports(vec![report("local", EARLY, true)])];
    let checked = after(&kb, events);
    let same = checked.apply(&kb, Event::Domain("spectrum.net".into()));
    assert_eq!(check(&kb, &same).as_deref(), Some("works"));
    let other = checked.apply(&kb, Event::Domain("twc.com".into()));
    assert_eq!((other.state.reports.len(), check(&kb, &other)), (0, None));
    let mut report = report("local", LATER, true);
    report.provider = "twc".to_owned();
    let replaced = checked.apply(&kb, Event::Reports(vec![report]));
    assert_eq!(replaced.state.reports.len(), 1, "of the new provider alone");
}

#[test]
fn a_check_is_offered_only_where_a_probe_can_look() {
    let kb = knowledge::embedded();
    let id = observation(&kb, network::evidence::OBSERVATION);
    let offered = |session: &Session| {
        let view = session.view(&kb);
        let step = view.advice.alternatives.into_iter().find(|(step, _)| *step == Step::Check(id));
        step.map(|(_, cost)| cost)
    };
    let told = Event::Describe("The connection to the server timed out.".into());
    let at = Event::Domain("charter.net".into());
    let none = after(&kb, [at.clone(), told.clone()]);
    assert_eq!(offered(&none), None, "no probe");
    let nowhere = after(&kb, [told.clone(), Event::Vantages(Vantages::Local)]);
    assert_eq!(offered(&nowhere), None, "no provider");
    let [outside, here] = [Vantages::Public, Vantages::Local]
        .map(|it| offered(&none.apply(&kb, Event::Vantages(it))).unwrap());
    assert!(here < outside, "a look from here tells more: {here} and {outside}");
    let declined = none
        .apply(&kb, Event::Vantages(Vantages::Local))
        .apply(&kb, Event::Answer(id, Reply::NotSure));
    assert_eq!(offered(&declined), None, "declined");
    let undone = declined.apply(&kb, Event::Undo).apply(&kb, Event::Undo);
    assert_eq!(undone.vantages, Vantages::Local, "undo takes back what the user did");
}

//! The page as text, without a browser: what a session shows.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

use std::collections::BTreeMap;

use outbox_doctor::app::checkup::{Checkup, Ended, Note, Probe, Told};
use outbox_doctor::app::past;
use outbox_doctor::app::{Ahead, App, AppProps, Device, LIMIT, Pace, Store, guess, store};
use outbox_doctor::engine::{Effort, Step};
use outbox_doctor::knowledge::{self, Field, Knowledge, Words};
use outbox_doctor::network::{self, Kind, Report, Stage, Status};
use outbox_doctor::session::{Attempt, Event, Next, Reply, Session, State};
use yew::ServerRenderer;

const MUST_MATCH: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email \
    address you are sending as must match the email address you used to auth. Please check your \
    SMTP settings. AUP#Out-1500.";

/// A session made by events, for building the page from.
fn told(events: impl FnOnce(&Knowledge) -> Vec<Event>) -> State {
    let kb = knowledge::embedded();
    let apply = |session: Session, event| session.apply(&kb, event);
    events(&kb).into_iter().fold(Session::default(), apply).state
}

/// The page of a state.
fn page(state: State) -> String {
    whole_page(state, Checkup::default(), false)
}

/// The page of a state with a check, perhaps the one about the network.
fn whole_page(state: State, checkup: Checkup, network: bool) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let renderer = ServerRenderer::<App>::with_props(move || {
        let store = Store::new(knowledge::embedded(), knowledge::english()).with_state(state);
        let ahead = Ahead::default();
        AppProps { store, guess: None, ahead, dropped: false, checkup, network }
    });
    runtime.block_on(renderer.hydratable(false).render())
}

#[track_caller]
fn check(page: &str, expected: &[&str]) {
    for text in expected {
        assert!(page.contains(text), "the page lacks `{text}`:\n{page}");
    }
}

fn thunderbird(kb: &Knowledge) -> Event {
    Event::App(kb.app_by_key("thunderbird"), String::new())
}

#[test]
fn home_asks_in_the_words_of_the_language() {
    let words = knowledge::english();
    let page = page(State::default());
    check(
        &page,
        &["data-test=\"text\"", "data-test=\"find\"", "data-test=\"app\"", "data-test=\"domain\""],
    );
    for key in [
        "ui.home.title",
        "ui.tell.label",
        "ui.starter.stays",
        "ui.webmail.title",
        "ui.safety.title",
    ] {
        check(&page, &[words.text(key)]);
    }
    assert!(!page.contains("data-test=\"step\""));
}

/// What is readable before the app arrives says the same as the app.
#[test]
fn the_static_page_has_the_sentences_of_the_home_page() {
    let html = include_str!("../index.html");
    let words = knowledge::english();
    let keys = [
        "brand",
        "home.title",
        "home.lead",
        "webmail.title",
        "webmail.text",
        "webmail.link",
        "safety.title",
        "safety.items",
        "footer.private",
        "footer.independent",
    ];
    for key in keys {
        for text in words.list(&format!("ui.{key}")) {
            assert!(html.contains(text), "index.html lacks `{text}` (ui.{key})");
        }
    }
}

#[test]
fn the_commonest_message_leads_to_the_entry_in_thunderbirds_words() {
    let state = told(|kb| vec![thunderbird(kb), Event::Describe(MUST_MATCH.to_owned())]);
    let page = page(state);
    check(
        &page,
        &[
            "AUP#Out-1500",
            "data-kind=\"repair\"",
            "<span class=\"label\">Outgoing Server</span>",
            "mail.twc.com",
            "data-test=\"copy\"",
            "data-test=\"sends\"",
            "data-test=\"still-fails\"",
            "data-test=\"cannot\"",
            "data-test=\"told-sign.sender-must-match\"",
        ],
    );
    assert!(!page.contains("user@"), "the address must not be kept");
}

#[test]
fn unknown_words_get_kind_ones_and_a_step() {
    let page = page(told(|_| vec![Event::Describe("qwxyz".to_owned())]));
    check(&page, &["data-test=\"unrecognised\"", "data-test=\"step\""]);
}

#[test]
fn compared_settings_show_the_right_values() {
    let wrong = [(Field::Port, "25"), (Field::Security, "none"), (Field::SignIn, "none")];
    let values: BTreeMap<Field, String> =
        wrong.map(|(field, value)| (field, value.to_owned())).into();
    let state = told(|kb| {
        vec![thunderbird(kb), Event::Domain("ann@nc.rr.com".to_owned()), Event::Settings(values)]
    });
    check(
        &page(state),
        &[
            "data-test=\"judged-port\" data-light=\"stopped\"",
            "data-test=\"judged-security\" data-light=\"stopped\"",
            "<strong>STARTTLS</strong>",
            "data-test=\"told-settings\"",
        ],
    );
}

#[test]
fn what_was_paused_is_to_be_put_back_even_at_the_end() {
    let state = told(|kb| {
        let action = kb.action_by_key("vpn-off").unwrap();
        vec![thunderbird(kb), Event::Done(action, Attempt::Sends)]
    });
    check(
        &page(state),
        &["data-kind=\"solved\" data-id=\"vpn-off\"", "data-test=\"put-back-vpn-off\""],
    );
}

/// Whatever the answers, every step has a card, and every card a way on.
#[test]
fn no_sentence_is_missing_along_the_way() {
    let (kb, words) = (knowledge::embedded(), knowledge::english());
    let mut session = Session::default().apply(&kb, thunderbird(&kb));
    session = session.apply(&kb, Event::Domain("charter.net".to_owned()));
    for round in 0..80 {
        let view = session.view(&kb);
        let Next::Step(step) = view.next else { panic!("nothing was repaired") };
        let event = match step {
            Step::ContactSupport => break,
            Step::Ask(id) => {
                named(&words, &format!("observation.{}.question", kb.observation(id).key));
                Event::Answer(id, Reply::NotSure)
            }
            Step::Check(id) => Event::Answer(id, Reply::NotSure),
            Step::CheckSettings(_) => Event::Settings(BTreeMap::new()),
            Step::Repair(id) => {
                named(&words, &format!("action.{}.title", kb.action(id).key));
                let attempt = [Attempt::StillFails, Attempt::CannotDo][round % 2];
                Event::Done(id, attempt)
            }
            Step::Redo(id) => Event::Done(id, Attempt::FailsAgain),
        };
        session = session.apply(&kb, event);
    }
    let page = page(session.state);
    check(&page, &["data-kind=\"support\"", "https://www.spectrum.net/contact-us"]);
    assert!(!page.contains("></h2>"), "a heading is empty:\n{page}");
}

#[track_caller]
fn named(words: &Words, key: &str) {
    assert!(!words.text(key).is_empty(), "no words for `{key}`");
}

#[test]
fn a_kept_case_comes_back_as_it_was() {
    let kb = knowledge::embedded();
    let values = BTreeMap::from([(Field::Host, "smtp.example.com".to_owned())]);
    let state = told(|kb| {
        let vpn = kb.action_by_key("vpn-off").unwrap();
        let asked = kb.observation_by_key("vpn").unwrap();
        vec![
            Event::App(kb.app_by_key("ios-mail"), "14".to_owned()),
            Event::Describe(format!("{MUST_MATCH}\nsecond line")),
            Event::Answer(asked, Reply::NotSure),
            Event::Settings(values),
            Event::Done(vpn, Attempt::StillFails),
            Event::PutBack(vpn),
        ]
    });
    assert_eq!(store::from_text(&kb, &store::to_text(&kb, &state)), Some((state, false)));
}

#[test]
fn what_no_longer_exists_is_dropped_and_said() {
    let kb = knowledge::embedded();
    let state =
        told(|kb| vec![Event::Answer(kb.observation_by_key("vpn").unwrap(), Reply::NotSure)]);
    let old = store::to_text(&kb, &state).replace("vpn", "carrier-pigeon");
    let expected = State { entries: Vec::new(), ..state };
    assert_eq!(store::from_text(&kb, &old), Some((expected, true)));
}

#[test]
fn damaged_storage_is_as_good_as_none() {
    let kb = knowledge::embedded();
    for text in ["", "{}", "\u{1e}\u{1f}", "null", "app", "\u{1f}\u{1f}\u{1e}\u{1f}"] {
        assert_eq!(store::from_text(&kb, text), None, "{text:?}");
    }
}

#[test]
fn only_apples_devices_tell_their_mail_app() {
    let kb = knowledge::embedded();
    let found = |agent: &str, fingers| {
        let device = Device { agent: agent.to_owned(), fingers };
        guess(&kb, &device).map(|(app, version)| (kb.app(app).key.clone(), version))
    };
    let ios = |version: &str| Some(("ios-mail".to_owned(), version.to_owned()));
    assert_eq!(found("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)", 5), ios("18"));
    assert_eq!(found("Mozilla/5.0 (iPad; CPU OS 15_1 like Mac OS X)", 5), ios("14"));
    assert_eq!(found("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5), ios(""));
    assert_eq!(found("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0), None);
    assert_eq!(found("Mozilla/5.0 (Linux; Android 15; Pixel 9)", 5), None);
}

/// A report of a server whose certificate has expired, seen from here or elsewhere.
fn report(vantage: &str) -> Report {
    let text = std::fs::read_to_string("tests/fixtures/report.json").unwrap();
    let mut report = Report::parse(&text).unwrap();
    report.provider = "charter".to_owned();
    report.vantage.id = vantage.to_owned();
    report.vantage.kind = if vantage == "local" { Kind::Local } else { Kind::Public };
    report
}

fn probe(name: &str) -> Probe {
    let local = name == "local";
    let origin = if local { String::new() } else { format!("https://{name}.example") };
    Probe { name: name.to_owned(), origin, local }
}

fn noted(checkup: Checkup, notes: Vec<Note>) -> Checkup {
    use yew::Reducible;
    notes.into_iter().fold(checkup, |it, note| (*std::rc::Rc::new(it).reduce(note)).clone())
}

#[test]
fn home_and_diagnosis_lead_to_the_network_page() {
    check(&page(State::default()), &["data-test=\"open-network\""]);
    let told = told(|_| vec![Event::Describe("it times out".to_owned())]);
    check(&page(told), &["data-test=\"open-network\""]);
}

#[test]
fn the_network_page_says_who_can_look() {
    let none = whole_page(State::default(), Checkup::default(), true);
    check(
        &none,
        &["data-test=\"no-probes\"", "data-test=\"own-computer\"", "id=\"network-heading\""],
    );
    assert!(!none.contains("data-test=\"check\""), "nothing to press");
    let public = whole_page(State::default(), Checkup::new(vec![probe("Fra"), probe("Chi")]), true);
    check(
        &public,
        &[
            "From outside (Fra)",
            "From outside (Chi)",
            "data-test=\"check\"",
            " disabled",
            knowledge::english().text("network.page.choose-first"),
        ],
    );
    let local = noted(Checkup::new(vec![probe("Fra")]), vec![Note::Local(Vec::new(), Vec::new())]);
    let state = told(|_| vec![Event::Domain("charter.net".to_owned())]);
    let local = whole_page(state, local, true);
    check(&local, &["Your computer", "data-test=\"own-here\"", "value=\"charter\" selected"]);
    assert!(!local.contains("data-test=\"own-computer\""), "it is there already");
}

/// The page while this computer looks, after these notes.
fn while_looking(notes: Vec<Note>) -> String {
    let mut known = report("local");
    let mut first = known.targets.swap_remove(0);
    known.targets.clear();
    first.stages.truncate(1);
    let target = network::Event::Target { number: 0, control: false, target: first };
    let begun = [
        Note::Local(Vec::new(), Vec::new()),
        Note::Begin("charter".to_owned()),
        Note::Heard(1, 0, Told::Report(Box::new(known))),
        Note::Heard(1, 0, Told::Event(target)),
    ];
    let notes = begun.into_iter().chain(notes).collect();
    whole_page(State::default(), noted(Checkup::default(), notes), true)
}

/// The lights of name, connection and encryption.
fn lights(page: &str) -> [&str; 3] {
    ["name", "connect", "encryption"].map(|stage| {
        let mark = format!("data-test=\"signal-{stage}\" data-light=\"");
        let rest = page.split_once(&mark).map(|(_, rest)| rest);
        rest.and_then(|it| it.split('"').next()).unwrap_or("no light")
    })
}

#[test]
fn stages_light_up_as_they_arrive() {
    let whole = report("local");
    let stages = |from: usize, to: usize| -> Vec<Note> {
        let note = |it: &network::Measurement| {
            let event = network::Event::Stage { number: 0, measurement: it.clone() };
            Note::Heard(1, 0, Told::Event(event))
        };
        whole.targets[0].stages[from..to].iter().map(note).collect()
    };
    let at_cert = &whole.targets[0].stages[6];
    assert_eq!((at_cert.stage, at_cert.status), (Stage::Cert, Status::Failed));
    let first = while_looking(Vec::new());
    assert_eq!(lights(&first), ["passed", "looking", "unknown"]);
    assert!(!first.contains("data-test=\"finding\""), "no verdict before its time");
    assert_eq!(lights(&while_looking(stages(1, 2))), ["passed", "passed", "unknown"]);
    assert_eq!(lights(&while_looking(stages(1, 7))), ["passed", "passed", "stopped"]);
    let mut notes = stages(1, 7);
    notes.push(Note::Late(1));
    check(
        &while_looking(notes),
        &["data-test=\"late\"", "data-test=\"so-far\"", "data-test=\"enough\""],
    );
    let mut notes = stages(1, 7);
    notes.extend([Note::Late(1), Note::Enough]);
    check(&while_looking(notes), &["data-state=\"partial\"", "data-test=\"finding\""]);
    let told = Note::Heard(1, 0, Told::Report(Box::new(whole.clone())));
    let done = while_looking(vec![told, Note::Ended(1, 0, Ended::Whole)]);
    check(
        &done,
        &["data-state=\"whole\"", "data-verdict=\"undecided\"", "The certificate is out of date."],
    );
}

#[test]
fn controls_are_no_ways_of_the_provider() {
    let control = report("local").targets.swap_remove(0);
    let host = control.host.clone();
    let event = network::Event::Target { number: 2000, control: true, target: control };
    let page = while_looking(vec![Note::Heard(1, 0, Told::Event(event))]);
    assert_eq!(page.matches(&format!("{host}, port")).count(), 1, "its own way alone");
    check(&page, &["looking: 0 of 1 ways"]);
}

/// Whatever becomes of the probes, the page says so and goes on.
#[test]
fn every_way_of_not_hearing_ends_in_an_answer() {
    for how in [Ended::Offline, Ended::Unreachable, Ended::Slow, Ended::Busy, Ended::Unreadable] {
        let notes = vec![Note::Begin("charter".to_owned()), Note::Ended(1, 0, how)];
        let page =
            whole_page(State::default(), noted(Checkup::new(vec![probe("Fra")]), notes), true);
        let state = format!("data-state=\"{}\"", how.key());
        check(&page, &[&state, "data-verdict=\"could-not-test\"", "data-test=\"own-computer\""]);
    }
}

/// A program that was ended leaves an old verdict on the page, which says that it is old.
#[test]
fn a_check_in_vain_says_that_what_is_known_is_older() {
    let state = told(|_| vec![Event::Reports(vec![report("local")])]);
    let words = knowledge::english();
    let after = |how| {
        let local = Note::Local(Vec::new(), Vec::new());
        let notes = vec![local, Note::Begin("charter".to_owned()), Note::Ended(1, 0, how)];
        whole_page(state.clone(), noted(Checkup::default(), notes), true)
    };
    let gone = after(Ended::Unreachable);
    let found = ["data-test=\"in-vain\"", "data-verdict=\"undecided\""];
    check(&gone, &[found[0], found[1], words.text("network.place.gone")]);
    assert!(gone.find(found[0]) < gone.find(found[1]), "that it is old is said first");
    assert!(!whole_page(state.clone(), Checkup::default(), true).contains(found[0]));
}

/// The program on this computer knows best who can look: the lab's places in place of the build's.
#[test]
fn places_that_the_local_program_names_take_the_place_of_others() {
    let named = vec![probe("north"), probe("east")];
    let local = Note::Local(Vec::new(), named.clone());
    let of_build = || Checkup::new(vec![probe("Fra")]);
    let names = |it: &Checkup| it.probes.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&noted(of_build(), vec![local])), ["", "north", "east"]);
    let none = Note::Local(Vec::new(), Vec::new());
    assert_eq!(names(&noted(of_build(), vec![none])), ["", "Fra"]);
}

#[test]
fn a_probe_speaks_only_for_its_own_kind_of_place() {
    let foreign = |it: Report| {
        let notes = vec![
            Note::Begin("charter".to_owned()),
            Note::Heard(1, 0, Told::Report(Box::new(it))),
            Note::Ended(1, 0, Ended::Whole),
        ];
        let checkup = noted(Checkup::new(vec![probe("Fra")]), notes);
        let run = checkup.run.unwrap();
        (run.looks[0].ended, run.reports().first().map(|it| it.vantage.id.clone()))
    };
    assert_eq!(foreign(report("local")), (Some(Ended::Unreadable), None));
    let mut other = report("x");
    other.provider = "twc".to_owned();
    assert_eq!(foreign(other), (Some(Ended::Unreadable), None));
    assert_eq!(foreign(report("x")), (Some(Ended::Whole), Some("Fra".to_owned())), "named by us");
}

#[test]
fn what_comes_late_of_an_earlier_check_is_dropped() {
    let notes = vec![
        Note::Begin("charter".to_owned()),
        Note::Begin("charter".to_owned()),
        Note::Heard(1, 0, Told::Report(Box::new(report("x")))),
        Note::Ended(1, 0, Ended::Whole),
        Note::Late(1),
    ];
    let run = noted(Checkup::new(vec![probe("Fra")]), notes).run.unwrap();
    assert_eq!((run.looks[0].ended, run.late, run.reports().len()), (None, false, 0));
}

#[test]
fn a_checked_case_shows_the_verdict_and_comes_back() {
    let kb = knowledge::embedded();
    let state = told(|_| {
        vec![Event::Domain("charter.net".to_owned()), Event::Reports(vec![report("local")])]
    });
    assert_eq!(store::from_text(&kb, &store::to_text(&kb, &state)), Some((state.clone(), false)));
    let damaged = store::to_text(&kb, &state).replace("smtp-probe/1", "smtp-probe/9");
    assert!(store::from_text(&kb, &damaged).unwrap().1, "and that is said");
    let shown = page(state.clone());
    check(
        &shown,
        &[
            "data-test=\"finding\"",
            "data-verdict=\"undecided\"",
            "data-test=\"told-network-check\"",
        ],
    );
    let network = whole_page(state, Checkup::default(), true);
    check(
        &network,
        &["data-verdict=\"undecided\"", "data-state=\"whole\"", "expired.test, port 587, STARTTLS"],
    );
}

#[test]
fn the_past_of_a_server_is_a_strip_with_words() {
    let slots =
        |it: &str| format!("{{\"from\":\"2026-11-23T16:00:00Z\",\"step\":900,\"slots\":[{it}]}}");
    let day = slots("{\"good\":3},{\"bad\":2,\"good\":1},{},{\"good\":30,\"bad\":1}");
    let text = format!(
        "{{\"provider\":\"charter\",\"every\":300,\"servers\":[{{\"host\":\"mobile.charter.net\",\"state\":\"good\",\"since\":\"2026-11-24T10:00:00Z\",\"day\":{day},\"month\":{}}}]}}",
        slots("")
    );
    let past = past::parse(&text).unwrap();
    let notes = vec![Note::Begin("charter".to_owned()), Note::Past(1, "Fra".to_owned(), past)];
    let page = whole_page(State::default(), noted(Checkup::new(vec![probe("Fra")]), notes), true);
    check(
        &page,
        &[
            "Seen by Fra",
            "It works. So it was at every look since",
            "It failed in 1 of 3 spans of time.",
            "role=\"img\"",
        ],
    );
    for text in ["", "{}", "[]", "{\"servers\":[{}]}", "<html>"] {
        assert_eq!(past::parse(text), None, "{text}");
    }
}

/// Every view prepared ahead is used once its answer is given, and is the one computed afresh.
#[test]
fn views_computed_ahead_are_those_computed_afresh() {
    let kb = knowledge::embedded();
    let mut session = Session::default();
    let ahead = Ahead::default();
    for turn in 0..6 {
        let view = ahead.view(&kb, &session);
        assert_eq!(*view, session.view(&kb));
        while ahead.prepare(&kb, &session, &view) {}
        let possible = view.possible(&kb);
        assert_eq!(ahead.ready(), possible.len(), "all that may follow, and nothing else");
        let answer = if turn % 2 == 0 { possible.first() } else { possible.last() };
        session = session.apply(&kb, answer.unwrap().clone());
    }
    assert_eq!(ahead.used(), 5, "each answer found its view ready");
    assert_eq!(*ahead.view(&kb, &Session::default()), Session::default().view(&kb));
    assert_eq!(ahead.ready(), 0, "another state drops what was ready");
    let late = ahead.prepare(&kb, &session, &session.view(&kb));
    assert!(!late && ahead.ready() == 0, "what would follow an older state is not prepared");
}

/// The view after what is being filled in is used if that is told as it stood last.
#[test]
fn what_is_filled_in_is_computed_ahead() {
    let (kb, start, ahead) = (knowledge::embedded(), Session::default(), Ahead::default());
    let told = |text: &str| Event::Describe(text.to_owned());
    assert_eq!(*ahead.view(&kb, &start), start.view(&kb));
    ahead.expect(&kb, &start, told("half of"));
    ahead.expect(&kb, &start, told(MUST_MATCH));
    let session = start.apply(&kb, told(MUST_MATCH));
    assert_eq!(*ahead.view(&kb, &session), session.view(&kb));
    assert_eq!(ahead.used(), 1);
    ahead.expect(&kb, &start, told(MUST_MATCH));
    assert!(!ahead.expects(), "what would follow an older state is not computed");
    ahead.expect(&kb, &session, told("something else"));
    assert_eq!(*ahead.view(&kb, &start), start.view(&kb));
    assert!(!ahead.expects() && ahead.used() == 1, "another state drops it");
}

/// A device that is slow twice in a row gets the quick planner, and keeps it.
#[test]
fn a_slow_device_goes_over_to_quick_decisions() {
    let steady = [LIMIT - 1.0, LIMIT + 1.0, LIMIT - 1.0, LIMIT + 1.0];
    let pace = steady.into_iter().fold(Pace::default(), Pace::after);
    assert_eq!(pace.effort(), Effort::Full, "one slow decision is a hiccup");
    assert_eq!(pace.after(LIMIT + 1.0).effort(), Effort::Quick);
    assert_eq!(pace.after(LIMIT + 1.0).after(1.0).effort(), Effort::Quick, "no way back");
}

#[test]
fn the_page_measures_its_decisions() {
    thread_local!(static TIME: std::cell::Cell<f64> = const { std::cell::Cell::new(0.0) });
    let kb = knowledge::embedded();
    let ahead = Ahead::with_clock(|| {
        TIME.set(TIME.get() + LIMIT + 1.0);
        TIME.get()
    });
    let session = Session::default().apply(&kb, Event::Describe(MUST_MATCH.to_owned()));
    assert_eq!(*ahead.view(&kb, &Session::default()), Session::default().view(&kb));
    assert_eq!(*ahead.view(&kb, &session), session.view(&kb));
    assert_eq!(*ahead.view(&kb, &session), session.view_with(&kb, Effort::Quick));
    assert_ne!(session.view(&kb), session.view_with(&kb, Effort::Quick));
}

#[test]
fn the_page_says_what_the_next_step_would_tell() {
    let kb = knowledge::embedded();
    let view = Session::default().view(&kb);
    let Next::Step(Step::Ask(id)) = view.next else { panic!("a case begins with a question") };
    let again = Session::default().apply(&kb, Event::Answer(id, Reply::NotSure)).state;
    let shown = page(again);
    check(&shown, &["data-test=\"decides\""]);
    let blocked = told(|_| vec![Event::Describe("AUP#Out-1130".into())]);
    check(&page(blocked), &["data-test=\"decides\""]);
}

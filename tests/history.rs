//! The history: what is kept, for how long, and what a crash leaves.
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code stops at surprises")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use outbox_doctor::network::{Code, Moment, Stage};
use outbox_doctor::probe::Server;
use outbox_doctor::serve::History;
use outbox_doctor::serve::catalogue::Entry;
use outbox_doctor::serve::history::{EVERY, Sample, State};
use outbox_doctor::serve::strip::Slot;

const NOW: Moment = Moment(1_795_536_000);
const DAY: i64 = 86_400;
const GOOD: Sample = Sample { state: State::Good, stage: None, code: None };
const BAD: Sample =
    Sample { state: State::Bad, stage: Some(Stage::Tcp), code: Some(Code::TcpTimeout) };

fn file(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("outbox-doctor-{}-{name}", std::process::id()));
    let _none = std::fs::remove_file(&path);
    path
}

#[test]
fn ninety_days_are_kept_and_no_more() {
    let path = file("days");
    let history = History::open(&path).unwrap();
    let at = |days: i64| Moment(NOW.0 - days * DAY);
    for days in [100, 91, 90, 89, 1] {
        history.record("smtp.test", at(days), &GOOD).unwrap();
    }
    history.record("other.test", at(100), &BAD).unwrap();
    history.record("smtp.test", NOW, &BAD).unwrap();
    let kept = history.samples("smtp.test", Moment(0)).unwrap();
    let expected = [(at(90), GOOD), (at(89), GOOD), (at(1), GOOD), (NOW, BAD)];
    assert_eq!(kept, expected);
    assert_eq!(history.samples("other.test", Moment(0)).unwrap().len(), 1, "each by its own");
    history.record("smtp.test", Moment(NOW.0 + 7), &GOOD).unwrap();
    assert_eq!(
        history.samples("smtp.test", Moment(0)).unwrap().len(),
        4,
        "one for each five minutes"
    );
    history.record("smtp.test", at(1), &GOOD).unwrap();
    let kept = history.samples("smtp.test", Moment(0)).unwrap();
    assert_eq!(kept.last().unwrap().0, at(1), "a clock that was ahead leaves nothing behind");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_past_is_told_as_two_strips_and_since_when() {
    let path = file("strips");
    let history = History::open(&path).unwrap();
    for ago in (0..=3 * DAY / EVERY).rev() {
        let sample = if ago * EVERY <= 7200 { BAD } else { GOOD };
        history.record("smtp.test", Moment(NOW.0 - ago * EVERY), &sample).unwrap();
    }
    let server = Server { host: "smtp.test".into(), control: false, doors: vec![] };
    let entry = Entry { id: "test".into(), domains: vec![], servers: vec![server] };
    let past = history.of(&entry, NOW).unwrap();
    let server = past.servers.first().unwrap();
    assert_eq!((server.state, server.since), (State::Bad, Some(Moment(NOW.0 - 7200))));
    assert_eq!((server.stage, server.code), (Some(Stage::Tcp), Some(Code::TcpTimeout)));
    let count = |slots: &[Slot]| -> (u32, u32) {
        (slots.iter().map(|it| it.good).sum(), slots.iter().map(|it| it.bad).sum())
    };
    assert_eq!(count(&server.month.slots), (864 - 24, 25));
    assert_eq!(count(&server.day.slots), (286 - 25, 25));
    assert_eq!((server.day.slots.len(), server.month.slots.len()), (96, 120));
    std::fs::remove_file(path).unwrap();
}

// --- a crash

const WRITER: &str = "OUTBOX_DOCTOR_HISTORY";

/// Writes for ever when it is run as a process of its own; says what it has written.
#[test]
fn the_writer_of_the_crash_test() {
    let Some(path) = std::env::var_os(WRITER) else { return };
    let history = History::open(Path::new(&path)).unwrap();
    let begin = history.samples("smtp.test", Moment(0)).unwrap().last().map_or(0, |it| it.0.0);
    for slot in 1.. {
        let at = Moment(begin + slot * EVERY);
        history.record("smtp.test", at, &BAD).unwrap();
        println!("kept {}", at.0);
    }
}

#[test]
fn what_was_kept_survives_kill_dash_nine() {
    let path = file("crash");
    let mut kept: i64 = 0;
    for round in 0..12 {
        kept = kept.max(killed_writer(&path, Duration::from_millis(20 + 17 * round)));
        let history = History::open(&path).unwrap();
        let found = history.samples("smtp.test", Moment(0)).unwrap();
        let last = found.last().map_or(0, |it| it.0.0);
        assert!(last == kept || last == kept + EVERY, "round {round}: kept {kept}, found {last}");
        let whole = found.windows(2).all(|it| matches!(it, [a, b] if b.0.0 - a.0.0 == EVERY));
        assert!(whole && found.iter().all(|it| it.1 == BAD), "round {round}");
        kept = last;
    }
    assert!(kept > 12 * EVERY, "the writers wrote: {kept}");
    std::fs::remove_file(path).unwrap();
}

/// The last record that the writer said was kept, killed after that time.
fn killed_writer(path: &Path, after: Duration) -> i64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_writer_of_the_crash_test", "--nocapture"])
        .env(WRITER, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        let kept =
            lines.map_while(Result::ok).filter_map(|it| it.strip_prefix("kept ")?.parse().ok());
        kept.last().unwrap_or(0)
    });
    std::thread::sleep(Duration::from_millis(150) + after);
    writer.kill().unwrap(); // SIGKILL on Unix
    writer.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_file_that_is_no_history_is_refused() {
    let path = file("foreign");
    std::fs::write(&path, "Dear diary".repeat(1000)).unwrap();
    assert!(History::open(&path).is_err());
    std::fs::remove_file(path).unwrap();
    let shared = file("shared");
    let _first = History::open(&shared).unwrap();
    assert!(History::open(&shared).is_err(), "two programs do not write one file");
}

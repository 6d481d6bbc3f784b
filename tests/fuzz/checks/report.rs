//! A report from outside: whatever is taken stays within the limits, is written so that it reads
//! the same, by serde too, and has a verdict.

use outbox_doctor::network::read::{MAX_TARGETS, MAX_TEXT};
use outbox_doctor::network::{Event, Progress, Report, Target, evidence, signals, verdict};

pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Report::parse(&text) {
        Ok(report) => taken(&report),
        Err(refusal) => assert!(refusal.to_string().chars().count() < 2 * MAX_TEXT),
    }
    if let Some(event) = Event::parse(&text) {
        let mut progress = Progress::default();
        progress.apply(event.clone());
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(Event::parse(&json), Some(event));
    }
}

fn taken(report: &Report) {
    let written = report.to_json();
    assert_eq!(Report::parse(&written).as_ref(), Ok(report));
    assert_eq!(serde_json::from_str::<Report>(&written).as_ref().ok(), Some(report));
    assert!(report.targets.len() <= MAX_TARGETS && report.controls.len() <= MAX_TARGETS);
    let said = |it: &Target| it.stages.iter().filter_map(|it| it.smtp.clone()).collect::<Vec<_>>();
    for reply in report.targets.iter().flat_map(said) {
        assert!(reply.text.chars().count() <= MAX_TEXT && !reply.text.contains(char::is_control));
    }
    let finding = verdict(std::slice::from_ref(report));
    assert!(!finding.verdict.blames_provider(), "one vantage said `down`");
    let _answers = evidence(&finding);
    let _road = signals(&report.targets);
}

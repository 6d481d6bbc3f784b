//! The knowledge files: what ships is clean, every rule finds what it is for, and what compiles
//! is a distribution.
//!
//! `tests/fixtures/knowledge/valid` is a small folder in which nothing is wrong. Each case of
//! `tests/fixtures/knowledge/bad` edits a copy of it and lists every finding that must come of it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use outbox_doctor::knowledge::compile::compile;
use outbox_doctor::knowledge::files::Files;
use outbox_doctor::knowledge::lint::lint;
use outbox_doctor::knowledge::{self, AnswerId, Kind, Knowledge, Observation};
use outbox_doctor::network::{self, Code, Egress, Finding, Mode, Stage, Status, Verdict};
use serde::Deserialize;

/// Rows sum to one but for the last bits of a float.
const EXACT: f64 = 1e-12;

#[test]
fn what_ships_is_clean() {
    let findings = findings(&root().join("static/knowledge"));
    let text = findings.join("\n");
    assert!(findings.is_empty(), "{} found:\n{text}", findings.len());
}

#[test]
fn the_fixture_is_clean() {
    assert_eq!(findings(&fixtures().join("valid")), [""; 0]);
}

#[test]
fn every_rule_finds_what_it_is_for() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(fixtures().join("bad")).unwrap() {
        let path = entry.unwrap().path();
        let group: Group = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(!group.case.is_empty(), "no case in {}", path.display());
        wrong.extend(group.case.iter().filter_map(|case| case.wrong(&path)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    case: Vec<Case>,
}

/// Edits of the valid folder and all that is then found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// File, what stands there once, and what is to stand there instead. Nothing instead of
    /// something appends, to a new file if need be.
    edits: Vec<[String; 3]>,
    findings: Vec<String>,
}

impl Case {
    /// How the findings differ from the expected ones, if they do.
    fn wrong(&self, path: &Path) -> Option<String> {
        let folder = copy();
        for [file, from, to] in &self.edits {
            edit(&folder.join(file), from, to);
        }
        let found = findings(&folder);
        fs::remove_dir_all(folder).unwrap();
        let (name, edits) = (path.display(), &self.edits);
        let (found, expected) = (found.join("\n  "), self.findings.join("\n  "));
        let text = format!("{name}: {edits:?}\nfound\n  {found}\nexpected\n  {expected}\n");
        (found != expected).then_some(text)
    }
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap_or_default();
    let edited = if from.is_empty() {
        text + to
    } else {
        let count = text.matches(from).count();
        assert_eq!(count, 1, "`{from}` stands once in {}", path.display());
        text.replace(from, to)
    };
    fs::write(path, edited).unwrap();
}

#[test]
fn what_compiles_is_a_distribution() {
    let kb = compiled();
    let keys: Vec<&str> = kb.faults.iter().map(|fault| fault.key.as_str()).collect();
    let expected = ["settings.wrong-port", "account.wrong-password", "unknown"];
    assert_eq!(keys, expected);
    let priors: Vec<f64> = kb.faults.iter().map(|fault| fault.prior).collect();
    // Weights 3 and 1 share what the leak of 0.1 leaves.
    check(&priors, &[0.675, 0.225, 0.1]);
    let questions = kb.observations.iter().filter(|it| it.answers != ["seen"]);
    for (question, fault) in questions.flat_map(|it| [(it, 0), (it, 1), (it, 2)]) {
        check(&[column(question, fault).iter().sum()], &[1.0]);
    }
}

/// Probes and knowledge name the same answers, and every one of them can come about.
#[test]
fn the_network_check_answers_what_the_verdict_says() {
    let kb = knowledge::embedded();
    let check = observation(&kb, network::evidence::OBSERVATION);
    assert_eq!(check.kind, Kind::Check);
    let mut said: Vec<&str> = Vec::new();
    for (verdict, stage) in
        Verdict::ALL.iter().flat_map(|it| [(*it, None), (*it, Some(Stage::Cert))])
    {
        let finding = Finding { verdict, stage, reasons: Vec::new(), seen: Vec::new() };
        said.extend(network::evidence(&finding).into_iter().map(|(_, answer)| answer));
    }
    said.sort_unstable();
    said.dedup();
    let mut known: Vec<&str> = check.answers.iter().map(String::as_str).collect();
    known.sort_unstable();
    assert_eq!(known, said);
    let outside: Vec<&str> = check.outside.iter().map(|it| check.answer_key(*it)).collect();
    assert_eq!(outside, ["server-up", "server-certificate", "server-down", "some-addresses"]);
}

/// What probes measure speaks for the fault that it is about, and against those it is not about.
#[test]
fn each_answer_of_the_check_speaks_for_its_faults() {
    let kb = knowledge::embedded();
    let check = observation(&kb, network::evidence::OBSERVATION);
    let p = |answer: &str, fault: &str| {
        let row = check.row(check.answer(answer).unwrap());
        row.get(usize::from(kb.fault_by_key(fault).unwrap().0)).copied().unwrap()
    };
    let neutral = "settings.auth-off";
    for (answer, fault, factor) in [
        ("works", "server.outage", 1.0 / 6.5),
        ("server-up", "server.outage", 1.0 / 2.5),
        ("server-up", "network.port-blocked", 1.0 / 1.5),
        ("other-port", "network.port-blocked", 8.0),
        ("port-blocked", "network.port-blocked", 10.0),
        ("port-blocked", "network.firewall-antivirus", 8.0),
        ("not-from-here", "network.vpn-proxy", 8.0),
        ("refused-here", "network.firewall-antivirus", 6.0),
        ("server-certificate", "tls.certificate", 30.0),
        ("server-down", "server.outage", 30.0),
        ("name-fails-here", "network.dns", 30.0),
        ("intercepted", "tls.interception", 30.0),
        ("clock-wrong", "tls.clock", 30.0),
        ("address-refused", "policy.ip-blocklisted", 25.0),
        ("portal", "network.offline", 15.0),
        ("some-addresses", "server.outage", 8.0),
    ] {
        let ratio = p(answer, fault) / p(answer, neutral);
        let right =
            if factor < 1.0 { ratio >= factor * 0.8 && ratio <= 1.0 } else { ratio >= factor };
        assert!(right, "{answer} for {fault}: {ratio:.2}, expected about {factor:.2}");
    }
    // seen from outside, a fine server says next to nothing of two networks
    let outside = check.outside.first().map(|it| check.row(*it).to_vec()).unwrap();
    assert_eq!(outside.len(), kb.faults.len());
    assert_eq!(check.told_row(AnswerId(0)), check.row(AnswerId(0)), "no text stands for it");
}

/// Every verdict, reason, stage and code has its sentence.
#[test]
fn everything_a_probe_can_find_has_words() {
    let words = knowledge::english();
    let mut keys: Vec<String> = Vec::new();
    for it in Verdict::ALL {
        keys.extend(["title", "text", "next"].map(|part| format!("verdict.{}.{part}", it.key())));
    }
    keys.extend(Code::ALL.iter().map(|it| format!("code.{}", it.key())));
    keys.extend(Status::ALL.iter().map(|it| format!("status.{}", it.key())));
    keys.extend(Egress::ALL.iter().map(|it| format!("reason.control.{}", it.key())));
    keys.extend(Mode::Starttls.stages().iter().map(|it| format!("stage.{}", it.key())));
    let reasons = "works other-port patchy ipv6-broken fails untested seen-once no-canary clock-ahead portal \
        only-trusted-here";
    keys.extend(reasons.split_whitespace().map(|it| format!("reason.{it}")));
    let missing: Vec<&String> =
        keys.iter().filter(|it| words.text(&format!("network.{it}")).is_empty()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn no_answer_is_impossible_once_compiled() {
    let kb = compiled();
    let webmail = observation(&kb, "webmail-sends");
    // A default of [1, 0] with a floor of 0.01, brought back to a sum of 1.
    check(&column(webmail, 0), &[1.0 / 1.01, 0.01 / 1.01]);
    check(&column(webmail, 1), &[0.3, 0.7]);
    // The leak answers as the named faults do on average.
    let average = (0.675 * (1.0 / 1.01) + 0.225 * 0.3) / 0.9;
    check(&column(webmail, 2), &[average, 1.0 - average]);
    // A row of its own counts instead, and is floored like any other: 0.005 becomes 0.01.
    let sign = observation(&kb, "sign.timed-out");
    check(&column(sign, 0), &[0.4]);
    check(&column(sign, 2), &[0.01]);
}

#[track_caller]
fn check(found: &[f64], expected: &[f64]) {
    let pairs = found.iter().zip(expected);
    let far = pairs.filter(|(it, other)| (*it - *other).abs() > EXACT).count();
    let close = found.len() == expected.len() && far == 0;
    assert!(close, "{found:?} is not {expected:?}");
}

fn compiled() -> Knowledge {
    compile(&Files::read(&fixtures().join("valid")).unwrap())
}

fn observation<'a>(kb: &'a Knowledge, key: &str) -> &'a Observation {
    kb.observation(kb.observation_by_key(key).unwrap())
}

/// P(answer | fault) of every answer.
fn column(observation: &Observation, fault: usize) -> Vec<f64> {
    let rows = observation.likelihood.iter();
    rows.map(|row| row.get(fault).copied().unwrap()).collect()
}

fn findings(folder: &Path) -> Vec<String> {
    let found = match Files::read(folder) {
        Ok(files) => lint(&files),
        Err(findings) => findings,
    };
    found.iter().map(ToString::to_string).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn fixtures() -> PathBuf {
    root().join("tests/fixtures/knowledge")
}

/// A copy of the valid folder that no other case edits.
fn copy() -> PathBuf {
    static COPIES: AtomicU32 = AtomicU32::new(0);
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let name = format!("outbox-doctor-knowledge-{}-{number}", process::id());
    let folder = env::temp_dir().join(name);
    copy_folder(&fixtures().join("valid"), &folder);
    folder
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

//! The command line as a user meets it: what it says, and one line for everything that is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use outbox_doctor::evaluate::{Model, load};

const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. Please check your SMTP \
    settings. AUP#Out-1500.";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outbox-doctor")).args(arguments).output().unwrap()
}

fn out(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A failing command says one line that contains these words, and ends with code 2.
#[track_caller]
fn check_error(arguments: &[&str], words: &[&str]) {
    let output = run(arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert_eq!(message.trim_end().lines().count(), 1, "{arguments:?}: {message}");
    for word in words {
        assert!(message.contains(word), "{arguments:?}: no `{word}` in {message}");
    }
}

fn file(name: &str, content: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("outbox-doctor-{}-{name}", std::process::id()));
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn the_pasted_error_leads_to_an_entry_for_each_account() {
    let said = out(&["diagnose", "--app", "thunderbird", "--text", AUP]);
    for label in
        ["[Account Settings]", "[Outgoing Server]", "[Add…]", "[User Name]", "[Use Default Server]"]
    {
        assert!(said.contains(label), "no {label} in\n{said}");
    }
    assert!(said.contains("“mail.twc.com”") && said.contains("full e-mail address"), "{said}");
    assert!(!said.contains("user@nc"), "the address is not repeated");
}

#[test]
fn the_same_diagnosis_is_there_for_programs() {
    let said = out(&["diagnose", "--app", "thunderbird", "--text", AUP, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["next"]["kind"], "repair");
    assert_eq!(json["next"]["id"], "own-server-entry");
    assert_eq!(json["domain"], "nc.rr.com");
    let recognised = json["recognised"].as_array().unwrap();
    assert!(recognised.iter().any(|it| it["id"] == "aup-1500"), "{recognised:?}");
}

#[test]
fn every_help_names_an_example() {
    for command in ["check", "diagnose", "evaluate", "knowledge", "serve"] {
        let help = out(&[command, "--help"]);
        assert!(help.contains(&format!("outbox-doctor {command}")) || help.contains("--port 9000"));
    }
    assert!(out(&["--help"]).contains("diagnose"));
    assert!(out(&["--version"]).contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn only_providers_of_the_catalogue_are_checked() {
    check_error(&["check"], &["name one address domain", "nc.rr.com"]);
    check_error(&["check", "gmail.com"], &["unknown domain `gmail.com`", "charter.net"]);
    check_error(&["check", "127.0.0.1"], &["unknown domain `127.0.0.1`"]);
    check_error(&["check", "a.test", "b.test"], &["name one address domain"]);
    check_error(&["check", "nc.rr.com", "--lab"], &["unknown flag `--lab`"]);
}

#[test]
fn wrong_flags_are_named() {
    check_error(&["diagnoze"], &["unknown command `diagnoze`", "--help"]);
    check_error(&["--prot", "1"], &["unknown flag `--prot`"]);
    check_error(&["diagnose"], &["--text"]);
    check_error(&["diagnose", "--text"], &["--text"]);
    check_error(
        &["diagnose", "--text", "x", "--app", "pine"],
        &["unknown app `pine`", "thunderbird"],
    );
    check_error(
        &["diagnose", "--text", "x", "--app", "ios-mail", "--version", "3"],
        &["unknown version `3`", "18"],
    );
    check_error(&["diagnose", "--text", "x", "--domain", "?"], &["--domain"]);
    check_error(&["diagnose", "--text", "x", "extra"], &["unexpected argument `extra`"]);
    check_error(&["knowledge"], &["knowledge lint"]);
    check_error(&["knowledge", "lint", "/nowhere"], &["no folder `/nowhere`"]);
    check_error(&["serve", "--port", "70000"], &["--port", "70000"]);
    check_error(&["serve", "--public"], &["--listen ADDR"]);
    check_error(&["serve", "--public", "--listen", "here"], &["--listen", "`here`"]);
    check_error(&["serve", "--public", "--lab"], &["--lab is not for --public"]);
    check_error(&["serve", "--public", "--port", "1"], &["--port is not for --public"]);
    check_error(&["serve", "--listen", "0.0.0.0:1"], &["--listen is for --public only"]);
    let proxy = ["serve", "--public", "--listen", "127.0.0.1:0", "--trusted-proxy", "all"];
    check_error(&proxy, &["--trusted-proxy", "`all`"]);
    check_error(
        &["serve", "--lab", "--port", "0", "--history", "/nowhere/x"],
        &["history", "/nowhere/x"],
    );
}

#[test]
fn case_files_that_cannot_be_used_are_named() {
    check_error(&["evaluate"], &["name at least one file"]);
    check_error(&["evaluate", "/nowhere.jsonl"], &["cannot read `/nowhere.jsonl`"]);
    let empty = file("empty.jsonl", "\n");
    check_error(&["evaluate", empty.to_str().unwrap()], &["holds no case"]);
    let broken = file("broken.jsonl", "{\"id\": \"x\"}\n");
    check_error(
        &["evaluate", broken.to_str().unwrap()],
        &["broken.jsonl:1: not a case", "missing field"],
    );
}

/// The expected cost of the best plan, by trying every step in every state.
fn optimum(model: &Model, seen: &mut Vec<usize>, memo: &mut BTreeMap<Vec<usize>, f64>) -> f64 {
    if let Some(known) = memo.get(seen) {
        return *known;
    }
    let moves = &model.problem.moves;
    let mut weight = model.problem.weight.clone();
    for (step, outcome) in moves.iter().zip(seen.iter()).filter(|(_, outcome)| **outcome > 0) {
        weight.iter_mut().zip(&step.open[outcome - 1]).for_each(|(w, p)| *w *= p);
    }
    let mass: f64 = weight.iter().sum();
    let mut best = model.problem.service * mass;
    for (index, step) in moves.iter().enumerate().filter(|(index, _)| seen[*index] == 0) {
        let mut cost = step.cost * mass;
        for outcome in 1..=step.open.len() {
            let mut next = seen.clone();
            next[index] = outcome;
            cost += optimum(model, &mut next, memo);
        }
        best = best.min(cost);
    }
    memo.insert(seen.clone(), best);
    best
}

/// The committed models: their stored optimum is recomputed, and the planner played against it.
#[test]
fn the_planner_is_played_against_the_provable_optimum() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/models");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let files: Vec<String> = files.map(|it| it.to_str().unwrap().to_owned()).collect();
    let arguments: Vec<&str> =
        ["policy", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let json: serde_json::Value = serde_json::from_str(&out(&arguments)).unwrap();
    assert!(files.len() >= 5);
    for (file, played) in files.iter().zip(json["models"].as_array().unwrap()) {
        let model = load(Path::new(file)).unwrap();
        let steps = model.problem.moves.len();
        let best = optimum(&model, &mut vec![0; steps], &mut BTreeMap::new());
        assert!((played["optimal"].as_f64().unwrap() - best).abs() < 1e-6, "{file}: {best}");
        let ratio = played["ratio"].as_f64().unwrap();
        assert!((ratio - played["ecr"].as_f64().unwrap() / best).abs() < 1e-9);
        assert!((1.0 - 1e-9..1.001).contains(&ratio), "{file}: {ratio}");
        let independent = model.id == "small-independent";
        assert!(!independent || ratio < 1.0 + 1e-9, "independent actions are exact: {ratio}");
    }
    let summary = &json["summary"];
    assert_eq!(summary["with_optimum"], files.len());
    assert!(summary["worst_percent_above"].as_f64().unwrap() < 0.1);
    let said = out(&arguments[..1].iter().chain(&arguments[2..]).copied().collect::<Vec<_>>());
    for word in ["small-shared", "ratio 1.0", "mean", "p95", "worst"] {
        assert!(said.contains(word), "no {word} in\n{said}");
    }
}

/// A model with one cause, one repair and what the case is about put in.
fn model(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut model = serde_json::json!({
        "format": "dtt-model/1", "id": "m", "causes": [{"id": "c", "prior": 1.0}],
        "steps": [{"id": "a", "cost": 9, "outcomes": [
            {"id": "sent", "solved": true, "p": [0.5]}, {"id": "not", "p": [0.5]}]}],
        "service": {"cost": 100}, "optimal": {"ecr": 59.0},
    });
    change(&mut model);
    model.to_string()
}

#[test]
fn models_that_cannot_be_played_are_named() {
    let check = |text: &str, words: &[&str]| {
        let path = file("model.json", text);
        check_error(&["policy", path.to_str().unwrap()], &[&["model.json"], words].concat());
    };
    check_error(&["policy"], &["name at least one model file"]);
    check_error(&["policy", "/nowhere.json"], &["`/nowhere.json` cannot be read"]);
    check("{", &["is not a dtt-model/1", "EOF"]);
    check("{}", &["missing field `format`"]);
    check(&model(|it| it["format"] = "x/2".into()), &["unknown format `x/2`"]);
    check(&model(|it| it["causes"][0]["prior"] = 0.9.into()), &["priors", "sum to 1"]);
    check(&model(|it| it["service"]["cost"] = 0.into()), &["the service costs 0"]);
    check(&model(|it| it["optimal"]["ecr"] = 0.into()), &["stored optimum"]);
    check(&model(|it| it["steps"][0]["cost"] = (-1).into()), &["step `a`", "negative cost"]);
    let outcome = |it: &mut serde_json::Value, p| it["steps"][0]["outcomes"][0]["p"] = p;
    check(&model(|it| outcome(it, [0.5, 0.5].into())), &["step `a`", "1 columns"]);
    check(&model(|it| outcome(it, [1.5].into())), &["step `a`", "no probability"]);
    check(&model(|it| outcome(it, [0.4].into())), &["step `a`", "do not sum to 1"]);
    let many = |it: &mut serde_json::Value| {
        let steps = vec![it["steps"][0].clone(); 40];
        it["steps"] = steps.into();
    };
    check(&model(many), &["too many states", "--sessions"]);
    let path = file("good.json", &model(|_| {}));
    assert!(out(&["policy", path.to_str().unwrap()]).contains("1 of 1 exactly optimal"));
}

#[test]
fn an_occupied_port_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["serve", "--port", &port]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    let built_without_site = message.contains("cargo xtask start");
    assert!(built_without_site || message.contains(&format!("port {port} is in use")), "{message}");
}

/// A server that ends with the test.
#[cfg(target_os = "linux")]
struct Serving(std::process::Child);

#[cfg(target_os = "linux")]
impl Drop for Serving {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[cfg(target_os = "linux")]
fn serving(arguments: &[&str]) -> (Serving, u16) {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(env!("CARGO_BIN_EXE_outbox-doctor"))
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    (Serving(child), port)
}

#[cfg(target_os = "linux")]
#[test]
fn a_local_server_listens_on_loopback_alone_and_ends_when_told() {
    use std::io::{Read, Write};
    let (mut serving, port) = serving(&["serve", "--lab", "--port", "0"]);
    let wanted = format!(":{port:04X}");
    for (table, loopback) in [("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")] {
        let table = fs::read_to_string(format!("/proc/net/{table}")).unwrap();
        let listens = |it: &&str| it.contains(&wanted) && it.contains(" 0A ");
        for line in table.lines().filter(listens) {
            let own = line.split_whitespace().nth(1).unwrap();
            assert_eq!(own, format!("{loopback}{wanted}"), "{line}");
        }
    }
    for address in ["127.0.0.1", "::1"] {
        let Ok(mut stream) = std::net::TcpStream::connect((address, port)) else {
            assert_eq!(address, "::1", "a computer may have no IPv6");
            continue;
        };
        stream
            .write_all(
                b"GET /v1/providers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            )
            .unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(said.contains("lab-healthy") && !said.contains("charter"), "{said}");
    }
    let id = serving.0.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert_eq!(serving.0.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_public_server_knows_nothing_of_the_lab() {
    use std::io::{Read, Write};
    let (_serving, port) = serving(&["serve", "--public", "--listen", "127.0.0.1:0"]);
    for id in ["lab-healthy", "lab-silent", "healthy.test"] {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!(
            "GET /v1/report/{id} HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(said.contains("404") && said.contains("unknown-provider"), "{said}");
    }
}

#[test]
fn invalid_knowledge_is_reported_with_file_and_line() {
    let folder = std::env::temp_dir().join(format!("outbox-doctor-{}-kb", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("device.toml"), "[[fault]]\nid = \n").unwrap();
    let output = run(&["knowledge", "lint", folder.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("device.toml:2:") && said.contains("1 finding"), "{said}");
}

#[test]
fn scores_of_a_case_file_are_reported() {
    let case = format!(
        r#"{{"id":"t1","provider":"rr","client":"thunderbird","error_text":{AUP:?},"complaint":"I have two accounts.","observations":{{"accounts-at-provider":"several"}},"faults":["settings.wrong-smtp-selected"],"confidence":"high"}}
{{"id":"t2","provider":"rr","client":"thunderbird","error_text":"","complaint":"x","observations":{{}},"faults":["other"],"confidence":"high"}}"#
    );
    let path = file("cases.jsonl", &case);
    let said = out(&["evaluate", path.to_str().unwrap(), "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((json[0]["cases"].as_u64(), json[0]["scored"].as_u64()), (Some(2), Some(1)));
    assert_eq!(json[0]["top1"], 1.0);
    assert_eq!(json[0]["guided"]["solved"], 1.0);
    assert_eq!(json[0]["guided"]["repairs_mean"], 1.0);
    assert!(
        json[0]["baseline"]["minutes_mean"].as_f64() > json[0]["guided"]["minutes_mean"].as_f64()
    );
}

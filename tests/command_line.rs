//! The command line as a user meets it: what it says, and one line for everything that is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code stops at surprises")]

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

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

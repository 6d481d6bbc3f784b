//! Intake: what is recognised, in whatever shape it arrives, and what is not kept.
#![allow(clippy::unwrap_used, reason = "test code stops at surprises")]

use outbox_doctor::intake::{LIMIT, Reading, read, redact};
use outbox_doctor::knowledge::lexicon::Interner;
use outbox_doctor::knowledge::pattern::{Classes, parse};
use outbox_doctor::knowledge::{self, AnswerId, Condition, Field, Knowledge};
use proptest::prelude::*;

const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. Please check your SMTP \
    settings. AUP#Out-1500.";

fn says(kb: &Knowledge, reading: &Reading, key: &str) -> Option<String> {
    let (id, answer) =
        reading.answers.iter().find(|(id, _)| kb.observation(*id).key == key).copied()?;
    Some(kb.observation(id).answer_key(answer).to_owned())
}

#[track_caller]
fn check(text: &str, observation: &str, answer: Option<&str>) {
    let kb = knowledge::embedded();
    let reading = read(&kb, text);
    assert_eq!(says(&kb, &reading, observation).as_deref(), answer, "{text:?}: {observation}");
}

#[test]
fn codes_are_read_in_every_spelling() {
    for text in ["AUP#Out-1500", "aup#out 1500", "AUP #OUT- I5OO", "A\u{200b}UP#Out\n-1500"] {
        check(text, "sign.sender-must-match", Some("seen"));
    }
    for text in ["0x800CCC0E", "800ccc0e", "0×8OOCCCOE", "error (0X800ccc0e)."] {
        check(text, "sign.connect-failed", Some("seen"));
    }
}

#[test]
fn literals_match_with_their_placeholders_filled() {
    let text = "Sending of the message failed. The message could not be sent because connecting to \
        Outgoing server (SMTP) mail.twc.com failed. The server may be unavailable or is refusing \
        SMTP connections.";
    check(text, "sign.connect-failed", Some("seen"));
    check(
        "Login to server smtp.charter.net with username ann failed.",
        "sign.login-failed",
        Some("seen"),
    );
}

#[test]
fn plain_phrases_answer_questions() {
    check("It keeps asking for my password", "password-prompt-repeats", Some("yes"));
    check("I can receive but not send", "receiving", Some("works"));
    check("I use NordVPN at home", "vpn", Some("on"));
    check("There is no VPN on this computer", "vpn", Some("off"));
    check("nothing to see here", "vpn", None);
}

#[test]
fn several_matches_are_all_evidence() {
    let kb = knowledge::embedded();
    let reading = read(&kb, &format!("{AUP} I have two accounts and my phone sends fine."));
    assert_eq!(says(&kb, &reading, "sign.sender-must-match").as_deref(), Some("seen"));
    assert_eq!(says(&kb, &reading, "accounts-at-provider").as_deref(), Some("several"));
    assert_eq!(says(&kb, &reading, "other-device-sends").as_deref(), Some("yes"));
}

#[test]
fn the_domain_and_the_server_are_read_from_the_text() {
    let kb = knowledge::embedded();
    assert_eq!(read(&kb, AUP).domain, "nc.rr.com");
    assert_eq!(read(&kb, "my rochester.rr.com account").domain, "rochester.rr.com");
    assert_eq!(read(&kb, "login to pop-server.kc.rr.com").domain, "");
    let reading = read(&kb, "connecting to mail.chartermi.net, port 465, failed");
    assert_eq!(reading.settings.get(&Field::Host).unwrap(), "mail.chartermi.net");
    assert_eq!(reading.settings.get(&Field::Port).unwrap(), "465");
    assert!(read(&kb, "blocked by impout003.msg.chrl.nc.charter.net").settings.is_empty());
}

#[test]
fn addresses_and_passwords_are_not_kept() {
    assert_eq!(redact("from=<Ann.B+x@nc.rr.com>;"), "from=<…@nc.rr.com>;");
    assert_eq!(redact("Password: hunter2 and pw=abc\nx"), "Password: … and pw=…\nx");
    assert_eq!(redact("a@b@c.com"), "…@b@c.com".replace("…@b", "…@…"));
}

#[test]
fn long_text_is_cut_with_a_notice() {
    let kb = knowledge::embedded();
    let reading = read(&kb, &"ü".repeat(LIMIT));
    assert!(reading.truncated && reading.text.len() <= LIMIT);
    assert!(!read(&kb, AUP).truncated);
    assert!(read(&kb, "").found.is_empty());
}

#[test]
fn a_match_before_endless_repetition_is_still_found() {
    let kb = knowledge::embedded();
    let text = format!("{AUP} {}", "sender rejected by the mail server ".repeat(100_000));
    assert_eq!(says(&kb, &read(&kb, &text), "sign.sender-must-match").as_deref(), Some("seen"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let kb = knowledge::embedded();
        let reading = read(&kb, &text);
        for found in reading.found {
            prop_assert!(text.get(found.start..found.end).is_some());
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let _reading = read(&knowledge::embedded(), &String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn shape_does_not_matter(breaks in prop::collection::vec(any::<bool>(), AUP.len()),
                             upper in any::<bool>()) {
        let kb = knowledge::embedded();
        let mut shaped = String::new();
        for (letter, at) in AUP.chars().zip(breaks) {
            match letter {
                ' ' if at => shaped.push_str("\r\n  "),
                '\'' if at => shaped.push('’'),
                letter if at => shaped.extend([letter, '\u{200b}']),
                letter => shaped.push(letter),
            }
        }
        let shaped = if upper { shaped.to_uppercase() } else { shaped };
        prop_assert_eq!(read(&kb, &shaped).answers, read(&kb, AUP).answers);
    }

    #[test]
    fn no_address_survives(local in "[a-z0-9._+-]{1,20}", domain in "[a-z]{1,10}\\.(com|net)") {
        let text = format!("sender <{local}@{domain}> rejected");
        let kept = redact(&text);
        let expected = format!("sender <…@{domain}> rejected");
        prop_assert_eq!(kept, expected);
    }
}

/// A knowledge whose only signatures are these patterns: each with the answer of `vpn` it means,
/// none for a blocker.
fn with_patterns(patterns: &[(&str, Option<u8>)]) -> Knowledge {
    let mut kb = knowledge::embedded();
    let observation = kb.observation_by_key("vpn").unwrap();
    let mut signature = kb.signatures.last().cloned().unwrap();
    signature.explained = false;
    kb.signatures.clear();
    let mut interner = Interner::default();
    for (text, answer) in patterns {
        let mut signature = signature.clone();
        signature.patterns = vec![interner.pattern(&parse(text, &Classes::new()).unwrap())];
        let answer = answer.map(|it| Condition { observation, answer: AnswerId(it) });
        signature.means = answer.into_iter().collect();
        kb.signatures.push(signature);
    }
    kb.lexicon = interner.lexicon();
    kb
}

#[track_caller]
fn pattern(pattern: &str, text: &str, matches: bool) {
    let kb = with_patterns(&[(pattern, Some(0))]);
    assert_eq!(!read(&kb, text).found.is_empty(), matches, "{pattern:?} in {text:?}");
}

#[test]
fn codes_match_in_every_spelling() {
    pattern("aup … 1500", "AUP#Out-1500.", true);
    pattern("aup … 1500", "aup#0ut 15OO", true);
    pattern("0x800ccc0e|800ccc0e", "error 0×8OOCCCOE!", true);
    pattern("0x800ccc0e|800ccc0e", "(800CCC0F)", false);
    pattern("5.7.1", "550-5.7.1 no", true);
    pattern("5.7.1", "5.7.1.9", false);
}

#[test]
fn gaps_are_bounded() {
    pattern("asking … password", "keeps asking for my password", true);
    pattern("asking … password", "asking one two three four password", false);
    pattern("responded {} rejected", "responded: <a.b@c.rr.com> sender rejected", true);
}

#[test]
fn rows_stand_in_one_sentence_in_any_order() {
    pattern("phone & sends", "it sends from my phone", true);
    pattern("phone & sends", "my old phone still sends", true);
    pattern("phone & sends", "I have a phone. The PC sends.", false);
    let far = format!("phone {} sends", "word ".repeat(20));
    pattern("phone & sends", &far, false);
    pattern("my phone & my", "my phone", false);
}

#[test]
fn excluded_rows_do_not_stand_near() {
    pattern("phone & sends & !not|never", "my phone never sends", false);
    pattern("phone & sends & !not|never", "it is not true that my phone sends", true);
    pattern("phone & sends & !not|never", "my phone sends. My PC does not.", true);
    pattern("vpn & !no", "no vpn", false);
}

#[test]
fn of_two_answers_the_one_with_more_words_counts() {
    let kb = with_patterns(&[("vpn", Some(0)), ("no … vpn", Some(1))]);
    assert_eq!(says(&kb, &read(&kb, "vpn? I have no vpn"), "vpn").as_deref(), Some("off"));
}

#[test]
fn a_blocker_keeps_what_is_inside_it_from_counting() {
    let kb = with_patterns(&[("vpn", Some(0)), ("wonder whether … vpn", None)]);
    let vpn = |text: &str| says(&kb, &read(&kb, text), "vpn");
    assert_eq!(vpn("I wonder whether it is my vpn"), None);
    assert_eq!(vpn("I use a VPN. I wonder whether it is my vpn").as_deref(), Some("on"));
}

#[test]
fn messages_that_time_out_are_understood() {
    check("outgoing messages time out", "sign.timed-out", Some("seen"));
}

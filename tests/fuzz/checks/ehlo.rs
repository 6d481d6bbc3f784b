//! What a server offers next to `smtp-proto`: STARTTLS or not, and the same ways to sign in, but
//! for what [`Apart`] names.

use outbox_doctor::network::read::{MAX_LIST, MAX_TEXT};
use outbox_doctor::probe::Size;
use outbox_doctor::probe::smtp::reply::{Parsed, mechanisms, offers_starttls, parse};
use smtp_proto::{
    AUTH_ANONYMOUS, AUTH_CRAM_MD5, AUTH_DIGEST_MD5, AUTH_EXTERNAL, AUTH_GSSAPI, AUTH_LOGIN,
    AUTH_NTLM, AUTH_OAUTHBEARER, AUTH_PLAIN, AUTH_SCRAM_SHA_1, AUTH_SCRAM_SHA_256, AUTH_XOAUTH2,
    EXT_START_TLS, EhloResponse,
};

use super::reply;

/// Where both may differ, and why that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// As with any reply.
    Reply(reply::Apart),
    /// A line without a word: theirs wants a blank behind the code, RFC 5321 §4.2 does not.
    NoText,
    /// Blanks before a keyword: theirs skips them, for ours the keyword is empty.
    Indented,
    /// A keyword with something else behind it than a blank or `=`, such as `STARTTLS;`: theirs
    /// reads the start of it, for ours it is another word.
    Tail,
    /// White space that is no blank between the ways to sign in (RFC 5321 §4.1.1.1 has blanks only).
    OtherBlank,
    /// `=` within the ways to sign in: ours splits there, theirs behind `AUTH` only.
    Equals,
    /// More ways to sign in than a report holds.
    Many,
    /// Theirs loses the line behind `ENHANCEDSTATUSCOD`, if a bare LF ends it.
    LostLine,
}

const NAMED: [(u64, &str); 12] = [
    (AUTH_ANONYMOUS, "ANONYMOUS"),
    (AUTH_CRAM_MD5, "CRAM-MD5"),
    (AUTH_DIGEST_MD5, "DIGEST-MD5"),
    (AUTH_EXTERNAL, "EXTERNAL"),
    (AUTH_GSSAPI, "GSSAPI"),
    (AUTH_LOGIN, "LOGIN"),
    (AUTH_NTLM, "NTLM"),
    (AUTH_OAUTHBEARER, "OAUTHBEARER"),
    (AUTH_PLAIN, "PLAIN"),
    (AUTH_SCRAM_SHA_1, "SCRAM-SHA-1"),
    (AUTH_SCRAM_SHA_256, "SCRAM-SHA-256"),
    (AUTH_XOAUTH2, "XOAUTH2"),
];

pub fn check(bytes: &[u8]) {
    let Parsed::Complete { code: 250, lines, used } = parse(bytes, &Size::default()) else {
        return;
    };
    let ways = mechanisms(&lines);
    assert!(ways.len() <= MAX_LIST && ways.iter().all(|it| it.chars().count() <= MAX_TEXT));
    if apart(&bytes[..used], &lines).is_some() {
        return;
    }
    let theirs = EhloResponse::parse(&mut bytes[..used].iter()).unwrap();
    assert_eq!(offers_starttls(&lines), theirs.capabilities & EXT_START_TLS != 0);
    for (bit, name) in NAMED {
        let ours = ways.iter().any(|it| it == name);
        assert_eq!(ours, theirs.auth_mechanisms & bit != 0, "{name} in {lines:?}");
    }
}

/// What keeps the two apart on this reply, if anything may.
pub fn apart(bytes: &[u8], lines: &[String]) -> Option<Apart> {
    // numbers at the start of a line are nothing special here
    match reply::apart(bytes) {
        None | Some(reply::Apart::Enhanced | reply::Apart::Blank) => {}
        Some(other) => return Some(Apart::Reply(other)),
    }
    let without_blank = |it: &[u8]| matches!(it.get(3), Some(b'\r' | b'\n'));
    if bytes.split_inclusive(|it| *it == b'\n').any(without_blank) {
        return Some(Apart::NoText);
    }
    let blanks = lines.iter().map(|it| it.matches(' ').count()).sum::<usize>();
    if blanks + lines.len() > MAX_LIST {
        return Some(Apart::Many);
    }
    lines.iter().skip(1).find_map(|line| of_line(line))
}

fn of_line(line: &str) -> Option<Apart> {
    let tail = line.trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '-');
    let upper = line.to_ascii_uppercase();
    let begins = |word: &str| upper.starts_with(word);
    if line.starts_with(' ') {
        return Some(Apart::Indented);
    }
    if begins("ENHANCEDSTATUSCO") {
        return Some(Apart::LostLine);
    }
    if !tail.is_empty() && !tail.starts_with([' ', '=']) {
        return Some(Apart::Tail);
    }
    if !begins("AUTH") {
        return None;
    }
    if tail.contains(|it: char| it.is_ascii_whitespace() && it != ' ') {
        return Some(Apart::OtherBlank);
    }
    tail.get(1..).is_some_and(|it| it.contains('=')).then_some(Apart::Equals)
}

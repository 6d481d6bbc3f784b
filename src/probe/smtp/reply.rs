//! The replies of a mail server (RFC 5321 §4.2), parsed from what has arrived so far. Pure.

use crate::network::read::{MAX_TEXT, plain};
use crate::network::{Code, Reply};
use crate::probe::limits::Size;

/// What the bytes so far amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// More must come.
    Incomplete,
    /// A whole reply.
    Complete {
        /// Its code.
        code: u16,
        /// The text of each line.
        lines: Vec<String>,
        /// How many of the bytes it took.
        used: usize,
    },
    /// Never a reply, whatever comes.
    Wrong(Code),
}

/// Reads one reply from the start of the bytes. A bare LF ends a line too, as mail apps have it.
///
/// ```
/// use outbox_doctor::probe::{Size, smtp::reply::{Parsed, parse}};
/// let parsed = parse(b"250-smtp.test\r\n250 STARTTLS\r\n", &Size::default());
/// let lines = vec!["smtp.test".to_owned(), "STARTTLS".to_owned()];
/// assert_eq!(parsed, Parsed::Complete { code: 250, lines, used: 29 });
/// ```
#[must_use]
pub fn parse(bytes: &[u8], size: &Size) -> Parsed {
    // where the network cuts the bytes must not change what is said of them: nothing is judged by
    // bytes beyond the limit, nor before it must be
    let bytes = bytes.get(..size.bytes).unwrap_or(bytes);
    let (mut used, mut lines, mut first) = (0, Vec::new(), None);
    loop {
        let rest = bytes.get(used..).unwrap_or_default();
        let Some(end) = rest.iter().position(|it| *it == b'\n') else {
            return unfinished(rest, bytes.len(), size);
        };
        used += end + 1;
        let line = rest.get(..end).unwrap_or_default();
        if !numbered(line) {
            return Parsed::Wrong(stranger(line));
        }
        if end >= size.line || lines.len() >= size.lines {
            return Parsed::Wrong(Code::ReplyTooLong);
        }
        let Some((code, last, text)) = split(line) else {
            return Parsed::Wrong(stranger(line));
        };
        if *first.get_or_insert(code) != code {
            return Parsed::Wrong(Code::ReplyMalformed); // RFC 5321 §4.2.1: all lines alike
        }
        lines.push(text);
        if last {
            return Parsed::Complete { code, lines, used };
        }
    }
}

/// A line without its end: too long already, or no reply already, or waiting.
fn unfinished(rest: &[u8], all: usize, size: &Size) -> Parsed {
    if !numbered(rest) && rest.len() >= TELLING {
        return Parsed::Wrong(stranger(rest));
    }
    let full = rest.len() >= size.line || all >= size.bytes;
    if full { Parsed::Wrong(Code::ReplyTooLong) } else { Parsed::Incomplete }
}

/// So many bytes of a line tell a web page: `HTTP/`.
const TELLING: usize = 5;

/// Whether a line begins, as far as it is there, with a code.
fn numbered(line: &[u8]) -> bool {
    line.iter().take(3).all(u8::is_ascii_digit)
}

/// Code, whether it is the last line, and text.
fn split(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_at_checked(3)?;
    let code: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let well_formed = (200..600).contains(&code) && digits.iter().all(u8::is_ascii_digit);
    let last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default()).into_owned();
    well_formed.then_some((code, last, text))
}

/// Whether a web page came, or something else.
fn stranger(bytes: &[u8]) -> Code {
    let start = String::from_utf8_lossy(bytes.get(..TELLING).unwrap_or(bytes)).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') || start.starts_with("http/") {
        Code::ReplyHtml
    } else {
        Code::ReplyMalformed
    }
}

/// The reply as it is reported: words cut, escaped and on one line.
#[must_use]
pub fn reported(code: u16, lines: &[String]) -> Reply {
    let text = lines.join(" ");
    let (enhanced, text) = enhanced(code, &text).unwrap_or(("", &text));
    Reply { code, enhanced: enhanced.to_owned(), text: plain(text, MAX_TEXT) }
}

/// The enhanced code at the start of a text (RFC 2034 §4), and the rest.
fn enhanced(code: u16, text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let parts: Vec<&str> = word.split('.').collect();
    let number =
        |it: &&str| (1..=3).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
    let same_class = parts.first() == Some(&(code / 100).to_string().as_str());
    (parts.len() == 3 && parts.iter().all(number) && same_class).then_some((word, rest))
}

/// What an EHLO reply offers (RFC 5321 §4.1.1.1): the lines after the first, by their first word.
fn offers<'a>(lines: &'a [String], keyword: &str) -> impl Iterator<Item = &'a str> {
    let matching = move |line: &&'a String| {
        let word = line.split([' ', '=']).next().unwrap_or_default();
        word.eq_ignore_ascii_case(keyword)
    };
    lines.iter().skip(1).filter(matching).map(String::as_str)
}

/// Whether STARTTLS is offered (RFC 3207 §2), on whichever line.
#[must_use]
pub fn offers_starttls(lines: &[String]) -> bool {
    offers(lines, "STARTTLS").next().is_some()
}

/// The ways to sign in that are offered (RFC 4954 §3; `AUTH=` is an old spelling), each once.
#[must_use]
pub fn mechanisms(lines: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for line in offers(lines, "AUTH") {
        for word in line.split([' ', '=']).skip(1).filter(|it| !it.is_empty()) {
            let name = plain(&word.to_ascii_uppercase(), 20); // RFC 4422 §3.1: at most 20
            if !found.contains(&name) && found.len() < crate::network::read::MAX_LIST {
                found.push(name);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Parsed) {
        let size = Size { line: 20, lines: 3, bytes: 50 };
        assert_eq!(parse(text.as_bytes(), &size), expected, "{text:?}");
    }

    fn complete(code: u16, lines: &[&str], used: usize) -> Parsed {
        let lines = lines.iter().map(|it| (*it).to_owned()).collect();
        Parsed::Complete { code, lines, used }
    }

    #[test]
    fn replies_are_read() {
        check("220 hello\r\nrest", complete(220, &["hello"], 11));
        check("220\r\n", complete(220, &[""], 5));
        check("220 \n", complete(220, &[""], 5));
        check("250-a\r\n250-b\r\n250 c\r\n", complete(250, &["a", "b", "c"], 21));
        check("250 \u{e9}\r\n", complete(250, &["\u{e9}"], 8));
    }

    #[test]
    fn what_is_not_there_yet_is_waited_for() {
        for text in ["", "2", "22", "220", "220 hello", "250-a\r\n", "250-a\r\n25", "HTTP"] {
            check(text, Parsed::Incomplete);
        }
    }

    #[test]
    fn what_is_no_reply_is_named() {
        for text in ["<html>", "<\r\n", "HTTP/1.1 400 Bad", "\r<html>"] {
            check(text, Parsed::Wrong(Code::ReplyHtml));
        }
        let others = [
            "SSH-2.0-x",
            "hi\r\n",
            "\r\n",
            "22x hi\r\n",
            "220_hi\r\n",
            "100 x\r\n",
            "600 x\r\n",
            "250-a\r\n251 b\r\n",
            "+20 x\r\n",
        ];
        for text in others {
            check(text, Parsed::Wrong(Code::ReplyMalformed));
        }
    }

    #[test]
    fn nothing_is_read_beyond_the_limits() {
        check("220 345678901234567\r\n", Parsed::Wrong(Code::ReplyTooLong));
        check("220 34567890123456\r\n", complete(220, &["34567890123456"], 20));
        check("220 3456789012345678", Parsed::Wrong(Code::ReplyTooLong));
        check("250-\n250-\n250-\n250 \n", Parsed::Wrong(Code::ReplyTooLong));
        check(&"250-4567890123456\r\n".repeat(3), Parsed::Wrong(Code::ReplyTooLong));
    }

    #[test]
    fn every_prefix_of_a_reply_is_incomplete() {
        let whole = b"250-smtp.test\r\n250-SIZE 10\r\n250 AUTH PLAIN\r\n";
        for length in 0..whole.len() {
            assert_eq!(parse(&whole[..length], &Size::default()), Parsed::Incomplete, "{length}");
        }
    }

    /// Found by the fuzzer: a page with a long first line was "too long" or "a web page" by the size
    /// of the packets.
    #[test]
    fn what_is_said_does_not_depend_on_where_the_bytes_are_cut() {
        let long = "x".repeat(30_000);
        for start in ["<html>", "HTTP/1.1 200", "hello", "\r\r\r\r\r<html>", "250 ", "250_", "2"] {
            for text in [format!("{start}{long}\r\n"), format!("{}{start}", "250-\n".repeat(70))] {
                let whole = parse(text.as_bytes(), &Size::default());
                for length in 0..700 {
                    let early = parse(&text.as_bytes()[..length.min(text.len())], &Size::default());
                    assert!(early == Parsed::Incomplete || early == whole, "{start}: {early:?}");
                }
            }
        }
    }

    #[test]
    fn enhanced_codes_are_told_from_text() {
        let told = |code, text: &str| {
            let reply = reported(code, &[text.to_owned()]);
            (reply.enhanced, reply.text)
        };
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(told(554, "5.7.1 go away"), pair("5.7.1", "go away"));
        assert_eq!(told(421, "5.7.1 no"), pair("", "5.7.1 no"));
        assert_eq!(told(220, "2.0 x"), pair("", "2.0 x"));
        assert_eq!(told(554, "5.7.1000 x"), pair("", "5.7.1000 x"));
        assert_eq!(told(554, "\u{1b}[2J\u{202e}"), pair("", "\\u{1b}[2J\\u{202e}"));
    }

    #[test]
    fn offers_are_found_on_any_line_in_any_case() {
        let lines = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert!(offers_starttls(&lines(&["smtp.test", "SIZE 1", "starttls"])));
        assert!(!offers_starttls(&lines(&["STARTTLS", "XSTARTTLS", "STARTTLSX"])));
        let offered = lines(&["smtp.test", "AUTH PLAIN login", "AUTH=PLAIN XOAUTH2", "AUTHX A"]);
        assert_eq!(mechanisms(&offered), ["PLAIN", "LOGIN", "XOAUTH2"]);
    }
}

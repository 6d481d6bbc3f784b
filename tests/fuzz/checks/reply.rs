//! Replies of a mail server next to `smtp-proto`, an independent reader: the same code and words,
//! but for what [`Apart`] names.

use outbox_doctor::network::read::{MAX_TEXT, plain};
use outbox_doctor::network::{Code, Reply};
use outbox_doctor::probe::Size;
use outbox_doctor::probe::smtp::reply::{Parsed, parse, reported};
use smtp_proto::Error;
use smtp_proto::response::parser::ResponseReceiver;

/// Where both may differ, and why that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// A CR that no LF follows, or two before it (RFC 5321 §2.3.8 forbids it): theirs drops every
    /// CR, ours keeps it and a report shows it escaped, so that nothing is hidden.
    StrayReturn,
    /// A code outside of 200 to 599: theirs takes any three digits, for ours that is no reply.
    CodeRange,
    /// Lines with different codes (RFC 5321 §4.2.1 wants one): theirs takes the first, ours refuses.
    CodesDiffer,
    /// Larger than a mail server's replies: theirs has no limit on lines and 4096 bytes in all.
    Size,
    /// A text that begins with a digit or a dot: theirs takes enhanced codes off every line and
    /// whatever their class; ours off the first, if it is of the reply's class.
    Enhanced,
    /// A line of code and blank alone: theirs takes its line end for a text.
    Blank,
}

/// The first byte says where the bytes are cut.
pub fn check(bytes: &[u8]) {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    let size = Size::default();
    let parsed = parse(bytes, &size);
    grows(bytes, usize::from(*cut), &parsed);
    if let Parsed::Complete { code, lines, used } = &parsed {
        assert!(*used <= bytes.len() && bytes[..*used].ends_with(b"\n"));
        let Reply { enhanced, text, .. } = reported(*code, lines);
        assert_eq!(text, plain(&text, MAX_TEXT));
        assert!(enhanced.len() <= 11);
    }
    compare(bytes, &parsed);
}

/// What the first bytes already say, more bytes do not change.
fn grows(bytes: &[u8], cut: usize, whole: &Parsed) {
    let early = parse(&bytes[..cut.min(bytes.len())], &Size::default());
    assert!(early == Parsed::Incomplete || early == *whole, "{early:?}, and later {whole:?}");
}

fn compare(bytes: &[u8], ours: &Parsed) {
    let read = match ours {
        Parsed::Complete { used, .. } => &bytes[..*used],
        // ours judges whole lines
        _ => &bytes[..bytes.iter().rposition(|it| *it == b'\n').map_or(0, |at| at + 1)],
    };
    let theirs = ResponseReceiver::default().parse(&mut read.iter());
    match (ours, apart(read), theirs) {
        (_, Some(Apart::StrayReturn | Apart::Size), _) => {}
        // perhaps before the line is whole
        (Parsed::Wrong(Code::ReplyTooLong), ..) => assert!(large(bytes)),
        (Parsed::Complete { code, lines, .. }, None, Ok(theirs)) => {
            assert_eq!((*code, lines.join("\n")), (theirs.code, theirs.message));
            assert_eq!(theirs.esc, [0; 3]);
        }
        (Parsed::Complete { code, lines, .. }, Some(Apart::Enhanced), Ok(theirs)) => {
            assert_eq!(*code, theirs.code);
            enhanced(*code, lines, &theirs.esc, &theirs.message);
        }
        (Parsed::Complete { code, .. }, Some(Apart::Blank), Ok(theirs)) => {
            assert_eq!(*code, theirs.code);
        }
        (Parsed::Incomplete, _, Err(Error::NeedsMoreData { .. })) => {}
        (Parsed::Wrong(Code::ReplyMalformed), Some(Apart::CodeRange | Apart::CodesDiffer), _) => {}
        (Parsed::Wrong(Code::ReplyMalformed | Code::ReplyHtml), _, Err(_)) => {}
        (ours, apart, theirs) => panic!("{ours:?}, but {theirs:?}; {apart:?}"),
    }
}

fn large(bytes: &[u8]) -> bool {
    let size = Size::default();
    let long = bytes.split(|it| *it == b'\n').any(|it| it.len() >= size.line);
    long || bytes.iter().filter(|it| **it == b'\n').count() > size.lines
        || bytes.len() >= size.bytes
}

/// On one line with a code of the right class, both agree on the code and on the words behind it.
fn enhanced(code: u16, lines: &[String], esc: &[u8; 3], message: &str) {
    let [line] = lines else { return };
    let reply = reported(code, lines);
    let fits = |it: &str| it.parse::<u16>().is_ok_and(|it| it < 256);
    // theirs wants something behind it, and keeps numbers in a byte
    if !line.contains(' ') || !reply.enhanced.split('.').all(fits) || reply.enhanced.is_empty() {
        return;
    }
    assert_eq!(reply.enhanced.split('.').map(|it| it.parse().unwrap()).collect::<Vec<u8>>(), esc);
    assert_eq!(reply.text, plain(message, MAX_TEXT));
}

/// What keeps the two apart on these whole lines, if anything may.
pub fn apart(bytes: &[u8]) -> Option<Apart> {
    let stray = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if (0..bytes.len()).any(stray) {
        return Some(Apart::StrayReturn);
    }
    let size = Size::default();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|it| *it == b'\n').collect();
    let long = lines.iter().any(|it| it.len() > size.line) || lines.len() > size.lines;
    if long || bytes.len() > 4096 {
        return Some(Apart::Size);
    }
    let code = |it: &&[u8]| it.get(..3).map(<[u8]>::to_vec);
    if lines.iter().any(|it| !code(it).is_some_and(|it| b"2345".contains(&it[0]))) {
        return Some(Apart::CodeRange);
    }
    if lines.iter().any(|it| code(it) != lines.first().and_then(code)) {
        return Some(Apart::CodesDiffer);
    }
    if lines.iter().any(|it| matches!(it.get(4..), Some(b"\n" | b"\r\n"))) {
        return Some(Apart::Blank);
    }
    let numbered = |it: &&[u8]| it.get(4).is_some_and(|it| *it == b'.' || it.is_ascii_digit());
    lines.iter().any(numbered).then_some(Apart::Enhanced)
}

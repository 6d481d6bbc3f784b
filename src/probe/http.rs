//! The head of an HTTP answer (RFC 9112 §2.1), as much of it as tells the time and whether a sign-in
//! page answers. Parsed from what has arrived so far. Pure.

use crate::network::Moment;

/// What the bytes so far amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// More must come.
    Incomplete,
    /// A whole head.
    Head(Head),
    /// Never an answer, whatever comes.
    Wrong,
}

/// What is read of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Three digits, from 200 to 599.
    pub status: u16,
    /// When it was made (RFC 9110 §6.6.1).
    pub date: Option<Moment>,
    /// Seconds that caches kept it since (RFC 9111 §5.1).
    pub age: u32,
}

/// A head of more octets, or more lines, is none that is read.
pub const LONGEST: usize = 8 * 1024;
/// See [`LONGEST`].
pub const LINES: usize = 100;

/// Reads a head from the start of the bytes.
///
/// ```
/// use outbox_doctor::network::Moment;
/// use outbox_doctor::probe::http::{Head, Heard, parse};
/// let answer = b"HTTP/1.1 204 No Content\r\nDate: Tue, 24 Nov 2026 16:00:00 GMT\r\n\r\n";
/// let head = Head { status: 204, date: Some(Moment(1_795_536_000)), age: 0 };
/// assert_eq!(parse(answer), Heard::Head(head));
/// ```
#[must_use]
pub fn parse(bytes: &[u8]) -> Heard {
    let (mut used, mut head) = (0, None);
    for (count, line) in bytes.split_inclusive(|it| *it == b'\n').enumerate() {
        used += line.len();
        if used > LONGEST || count >= LINES {
            return Heard::Wrong;
        }
        let Some(line) = line.strip_suffix(b"\n") else { break };
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        match (&mut head, status(&line)) {
            (Some(head), _) if line.is_empty() => return Heard::Head(*head),
            (Some(head), _) => note(head, &line),
            (None, Some(status)) => head = Some(Head { status, ..Head::default() }),
            (None, None) => return Heard::Wrong,
        }
    }
    let begun = bytes.iter().zip(b"HTTP/1.").all(|(one, other)| one == other);
    if begun { Heard::Incomplete } else { Heard::Wrong }
}

/// RFC 9112 §4. An interim answer (1xx) is not asked for.
fn status(line: &str) -> Option<u16> {
    let (version, rest) = line.strip_prefix("HTTP/1.")?.split_once(' ')?;
    let code = rest.split(' ').next().filter(|it| it.len() == 3)?;
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let code = code.parse().ok().filter(|it| digits(code) && (200..600).contains(it))?;
    (version.len() == 1 && digits(version)).then_some(code)
}

fn note(head: &mut Head, line: &str) {
    let Some((name, value)) = line.split_once(':') else { return };
    let value = value.trim_matches([' ', '\t']);
    match name.to_ascii_lowercase().as_str() {
        "date" => head.date = date(value),
        "age" => head.age = value.parse().unwrap_or(0),
        _ => {}
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The one form that servers may write (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. The day
/// of the week is not judged.
fn date(text: &str) -> Option<Moment> {
    let rest = text.split_once(", ")?.1.strip_suffix(" GMT")?;
    let [day, month, year, time] = rest.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let month = MONTHS.iter().position(|it| *it == month)? + 1;
    Moment::parse(&format!("{year}-{month:02}-{day}T{time}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, status: u16, date: Option<i64>, age: u32) {
        let expected = Head { status, date: date.map(Moment), age };
        assert_eq!(parse(text.as_bytes()), Heard::Head(expected), "{text:?}");
    }

    #[test]
    fn status_date_and_age_are_read() {
        check("HTTP/1.1 204 No Content\r\n\r\n", 204, None, 0);
        check("HTTP/1.0 302\r\nLocation: http://10.0.0.1/\r\n\r\n<html>", 302, None, 0);
        let late = "HTTP/1.1 200 OK\nDATE:Sun, 06 Nov 1994 08:49:37 GMT \nage: 7\n\n";
        check(late, 200, Some(784_111_777), 7);
        check("HTTP/1.1 200 OK\r\nAge: -1\r\nDate: today\r\nnonsense\r\n\r\n", 200, None, 0);
        check("HTTP/1.1 200 OK\r\nDate: Sun, 31 Feb 2026 08:49:37 GMT\r\n\r\n", 200, None, 0);
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        let wrong = [
            "220 smtp.test ESMTP\r\n",
            "<html>",
            "\r\n",
            "HTTP/2 204\r\n",
            "HTTP/1.1 20\r\n",
            "HTTP/1.1 099 x\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 +20 x\r\n",
            "HTTP/1.11 200 x\r\n",
        ];
        for text in wrong {
            assert_eq!(parse(text.as_bytes()), Heard::Wrong, "{text:?}");
        }
    }

    #[test]
    fn every_prefix_is_incomplete() {
        let whole = "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
        for length in 0..whole.len() {
            assert_eq!(parse(&whole.as_bytes()[..length]), Heard::Incomplete, "{length}");
        }
    }

    #[test]
    fn nothing_is_read_beyond_the_limits() {
        let lines = format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(LINES));
        assert_eq!(parse(lines.as_bytes()), Heard::Wrong);
        let long = format!("HTTP/1.1 200 OK\r\na: {}", "b".repeat(LONGEST));
        assert_eq!(parse(long.as_bytes()), Heard::Wrong);
    }
}

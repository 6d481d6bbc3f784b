//! The head of an HTTP answer: what the first bytes already say, more bytes do not change.

use outbox_doctor::network::Moment;
use outbox_doctor::probe::http::{Head, Heard, LINES, LONGEST, parse};

/// The first byte says where the bytes are cut.
pub fn check(bytes: &[u8]) {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    let whole = parse(bytes);
    let early = parse(&bytes[..usize::from(*cut).min(bytes.len())]);
    assert!(early == Heard::Incomplete || early == whole, "{early:?}, and later {whole:?}");
    if let Heard::Head(Head { status, date, .. }) = whole {
        assert!((200..600).contains(&status));
        assert!(date.is_none_or(|it| Moment::parse(&it.to_string()) == Some(it)));
    }
    let lines = bytes.iter().filter(|it| **it == b'\n').count();
    assert!(whole != Heard::Incomplete || (bytes.len() <= LONGEST && lines <= LINES));
}

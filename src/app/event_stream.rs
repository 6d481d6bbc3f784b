//! Server-sent events (WHATWG HTML §9.2) cut out of bytes as they arrive; only what probes send.

use super::checkup::Told;
use crate::network::read::MAX_BYTES;
use crate::network::{Event, Report};

/// The part of an event that has arrived.
#[derive(Default)]
pub struct EventStream(Vec<u8>);

/// What came is none of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable;

impl EventStream {
    /// Takes in bytes and gives the events that are complete now. Names that are not known and
    /// comments are passed over.
    ///
    /// # Errors
    /// An event without end, or with data that is not what its name says.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<Told>, Unreadable> {
        self.0.extend(bytes.iter().filter(|it| **it != b'\r'));
        let mut told = Vec::new();
        while let Some(end) = self.0.windows(2).position(|it| it == b"\n\n") {
            let event: Vec<u8> = self.0.drain(..end + 2).collect();
            told.extend(read(str::from_utf8(&event).map_err(|_| Unreadable)?)?);
        }
        if self.0.len() > MAX_BYTES { Err(Unreadable) } else { Ok(told) }
    }
}

fn read(event: &str) -> Result<Option<Told>, Unreadable> {
    let field = |name: &str| {
        let value = event.lines().find_map(|line| line.strip_prefix(name))?;
        Some(value.strip_prefix(' ').unwrap_or(value))
    };
    let data = field("data:").unwrap_or_default();
    match field("event:") {
        Some("report") => {
            let report = Report::parse(data).map_err(|_| Unreadable)?;
            Ok(Some(Told::Report(Box::new(report))))
        }
        Some("target" | "stage" | "done") => {
            Event::parse(data).map(|it| Some(Told::Event(it))).ok_or(Unreadable)
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Moment;

    const DONE: &str =
        "event: done\r\ndata: {\"event\":\"done\",\"finished\":\"1970-01-01T00:00:07Z\"}\r\n\r\n";

    #[test]
    fn events_come_out_wherever_they_are_cut() {
        let whole = format!(":\n\nevent: new\ndata: 1\n\n{DONE}");
        let expected = [Told::Event(Event::Done { finished: Moment(7) })];
        for cut in 0..=whole.len() {
            let (one, two) = whole.as_bytes().split_at(cut);
            let mut stream = EventStream::default();
            let mut told = stream.take(one).unwrap_or_default();
            told.extend(stream.take(two).unwrap_or_default());
            assert_eq!(told, expected, "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_event_of_ours_is_told_apart() {
        let take = |text: &str| EventStream::default().take(text.as_bytes());
        assert_eq!(take("<html>\n\n"), Ok(Vec::new()));
        assert_eq!(take("event: stage\ndata: {}\n\n"), Err(Unreadable));
        assert_eq!(take("event: report\ndata: {\"schema\":\"smtp-probe/1\"}\n\n"), Err(Unreadable));
        assert_eq!(take(&"x".repeat(MAX_BYTES + 1)), Err(Unreadable));
    }
}

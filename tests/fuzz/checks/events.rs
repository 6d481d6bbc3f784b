//! Events of a probe: the same wherever the network cut the bytes.

use outbox_doctor::app::checkup::Told;
use outbox_doctor::app::event_stream::{EventStream, Unreadable};

/// The first byte says how large the pieces are.
pub fn check(bytes: &[u8]) {
    let Some((size, bytes)) = bytes.split_first() else { return };
    assert_eq!(read(bytes, usize::from(*size) + 1), read(bytes, bytes.len().max(1)));
}

/// What was told until the first piece that cannot be read.
fn read(bytes: &[u8], size: usize) -> (Vec<Told>, Result<(), Unreadable>) {
    let (mut stream, mut all) = (EventStream::default(), Vec::new());
    for piece in bytes.chunks(size) {
        match stream.take(piece) {
            Ok(told) => all.extend(told),
            // a piece with a bad event in it loses the good ones before: only the failure counts
            Err(unreadable) => return (Vec::new(), Err(unreadable)),
        }
    }
    (all, Ok(()))
}

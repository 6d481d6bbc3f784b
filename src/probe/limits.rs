//! How long and how much a probe listens, as a value: tests use milliseconds.

use std::time::Duration;

/// Limits of one probe. Every stage ends by its own limit or by that of the whole target,
/// whichever comes first, however slowly the other side drips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Looking up a name.
    pub dns: Duration,
    /// Connecting.
    pub tcp: Duration,
    /// The greeting; RFC 5321 §4.5.3.2.1 allows five minutes, no user waits so long.
    pub greeting: Duration,
    /// The greeting on a port that is known to speak the other mode, and so will stay silent.
    pub other_mode: Duration,
    /// Any other reply, and the handshake.
    pub reply: Duration,
    /// Taking leave.
    pub quit: Duration,
    /// A stage that takes longer is slow.
    pub slow: Duration,
    /// Everything about one target.
    pub total: Duration,
    /// Bytes, lines and line length of a reply.
    pub size: Size,
}

/// The largest reply that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Octets of a line with its end (RFC 5321 §4.5.3.1.5).
    pub line: usize,
    /// Lines.
    pub lines: usize,
    /// Octets of all lines.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            dns: Duration::from_secs(5),
            tcp: Duration::from_secs(10),
            greeting: Duration::from_secs(30),
            other_mode: Duration::from_secs(5),
            reply: Duration::from_secs(10),
            quit: Duration::from_secs(3),
            slow: Duration::from_secs(5),
            total: Duration::from_secs(60),
            size: Size::default(),
        }
    }
}

impl Default for Size {
    fn default() -> Size {
        Size { line: 512, lines: 64, bytes: 16 * 1024 }
    }
}

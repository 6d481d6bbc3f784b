//! How much a server does at most, as a value: tests use smaller numbers.

use std::time::Duration;

/// Limits of the server. Each acts before anything is allocated for what it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Connections at a time.
    pub connections: usize,
    /// Connections at a time of one client; trusted proxies may have more.
    pub per_client: usize,
    /// Streams of events at a time.
    pub streams: usize,
    /// Streams of events at a time of one client.
    pub streams_per_client: usize,
    /// Requests that wait for a measurement; half of the connections stay free for quick answers.
    pub waiting: usize,
    /// A report this much older than its time is sent at once while a new one is made
    /// (`stale-while-revalidate`, RFC 5861 §3).
    pub stale: Duration,
    /// Time for a request's headers, and between two requests.
    pub headers: Duration,
    /// Time of a connection, whatever happens on it.
    pub connection: Duration,
    /// Time to finish what is being answered when the server ends.
    pub farewell: Duration,
    /// Requests a client may make at once.
    pub burst: u32,
    /// Time after which it may make one more.
    pub refill: Duration,
    /// Clients that are told apart at a time; the others share.
    pub clients: usize,
}

/// Octets of a request's line and headers: the least that hyper takes.
pub const HEADER_BYTES: usize = 8 * 1024;
/// Headers of a request.
pub const HEADERS: usize = 64;

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            connections: 4096,
            per_client: 64,
            streams: 1024,
            streams_per_client: 8,
            waiting: 2048,
            stale: Duration::from_secs(45),
            headers: Duration::from_secs(5),
            connection: Duration::from_secs(300),
            farewell: Duration::from_secs(5),
            burst: 60,
            refill: Duration::from_millis(500),
            clients: 16 * 1024,
        }
    }
}

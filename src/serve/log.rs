//! What is written down: what the server did, never for whom. No function here takes an address,
//! a path or a header of a client.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::network::Moment;

/// Where lines go, and the counts of the current minute.
#[derive(Clone)]
pub struct Log {
    write: Arc<dyn Fn(&str) + Send + Sync>,
    counts: Arc<[AtomicU64; Count::ALL.len()]>,
}

/// What is counted and written once a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Requests answered in any way.
    Requests,
    /// Requests beyond a client's quota.
    OverQuota,
    /// Requests that the guard refused.
    Refused,
    /// Requests that could not wait any more.
    Busy,
    /// Connections closed at once.
    Crowded,
}

impl Count {
    const ALL: [(Count, &'static str); 5] = [
        (Count::Requests, "requests"),
        (Count::OverQuota, "over quota"),
        (Count::Refused, "refused"),
        (Count::Busy, "busy"),
        (Count::Crowded, "crowded out"),
    ];
}

const MINUTE: Duration = Duration::from_secs(60);

impl Log {
    /// Writes lines there.
    #[must_use]
    pub fn new(write: impl Fn(&str) + Send + Sync + 'static) -> Log {
        Log { write: Arc::new(write), counts: Arc::default() }
    }

    /// To standard error.
    #[must_use]
    pub fn stderr() -> Log {
        Log::new(|line| eprintln!("{line}"))
    }

    /// Writes nothing.
    #[must_use]
    pub fn silent() -> Log {
        Log::new(|_| ())
    }

    pub(super) fn say(&self, what: fmt::Arguments<'_>) {
        (self.write)(&format!("{} {what}", now()));
    }

    pub(super) fn count(&self, what: Count) {
        if let Some(count) = self.counts.get(what as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes the counts of each minute in which there were any.
    pub(super) async fn each_minute(self) {
        loop {
            tokio::time::sleep(MINUTE).await;
            self.counted();
        }
    }

    pub(super) fn counted(&self) {
        let named = Count::ALL.iter().zip(self.counts.iter());
        let taken = named.map(|((_, name), count)| (name, count.swap(0, Ordering::Relaxed)));
        let said: Vec<String> =
            taken.filter(|it| it.1 > 0).map(|(n, c)| format!("{c} {n}")).collect();
        if !said.is_empty() {
            self.say(format_args!("{}", said.join(", ")));
        }
    }
}

/// By this computer's clock.
pub(super) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

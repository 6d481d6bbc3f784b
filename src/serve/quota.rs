//! How often a client may ask: a bucket for each, and no more buckets than fit.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Caps, Client};

/// Buckets of clients; a client without one has a full one.
pub struct Quota {
    burst: u32,
    refill: Duration,
    most: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    /// When each client's bucket will be full again (the generic cell rate algorithm: one moment
    /// says it all).
    full_at: BTreeMap<Client, Instant>,
    /// For whoever finds no bucket left.
    shared: Option<Instant>,
    swept: Option<Instant>,
}

/// A table that is full of clients is searched for full buckets no more often than this.
const SWEEP: Duration = Duration::from_secs(1);

impl Quota {
    /// Full buckets for everybody.
    #[must_use]
    pub fn new(caps: &Caps) -> Quota {
        let Caps { burst, refill, clients, .. } = *caps;
        Quota { burst, refill, most: clients, table: Mutex::default() }
    }

    /// Takes one request from the client's bucket.
    ///
    /// # Errors
    /// How long until there is one.
    pub fn take(&self, client: Client, now: Instant) -> Result<(), Duration> {
        let mut table = self.table();
        table.sweep(self.most, now);
        let has_own = table.full_at.contains_key(&client) || table.full_at.len() < self.most;
        let full_at = if has_own {
            table.full_at.entry(client).or_insert(now)
        } else {
            table.shared.get_or_insert(now)
        };
        let next = (*full_at).max(now) + self.refill;
        let wait = next.saturating_duration_since(now + self.refill * self.burst);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        *full_at = next;
        Ok(())
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn sweep(&mut self, most: usize, now: Instant) {
        let recent = self.swept.is_some_and(|it| now.saturating_duration_since(it) < SWEEP);
        if self.full_at.len() >= most && !recent {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.swept = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(clients: usize) -> Quota {
        Quota::new(&Caps { burst: 3, refill: Duration::from_secs(1), clients, ..Caps::default() })
    }

    fn at(last: u8) -> Client {
        Client::at([9, 9, 9, last].into())
    }

    #[test]
    fn a_burst_is_allowed_and_then_one_at_a_time() {
        let (quota, now) = (quota(8), Instant::now());
        assert!((0..3).all(|_| quota.take(at(1), now).is_ok()));
        assert_eq!(quota.take(at(1), now), Err(Duration::from_secs(1)));
        assert!(quota.take(at(2), now).is_ok(), "others are not touched");
        assert!(quota.take(at(1), now + Duration::from_secs(1)).is_ok());
        assert!(quota.take(at(1), now + Duration::from_secs(1)).is_err());
    }

    #[test]
    fn a_flood_of_clients_shares_one_bucket_and_takes_no_memory() {
        let (quota, now) = (quota(2), Instant::now());
        let allowed = (0..200).filter(|last| quota.take(at(*last), now).is_ok()).count();
        assert_eq!(allowed, 2 + 3);
        assert_eq!(quota.table().full_at.len(), 2);
        let later = now + Duration::from_secs(9);
        assert!(quota.take(at(250), later).is_ok(), "full buckets make room");
        assert_eq!(quota.table().full_at.len(), 1);
    }
}

//! Single flight: for each server at most one measurement at a time, and none while the last one
//! is fresh. Failures are kept like successes.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::flight::Flight;
use crate::probe::{Server, Setup};

/// The measurements of all servers.
pub struct Flights {
    proven: Arc<Setup>,
    others: Arc<Setup>,
    ttl: Duration,
    table: Mutex<BTreeMap<String, Seat>>,
}

/// A server's measurement, and the one before it.
#[derive(Clone)]
pub struct Seat {
    /// Under way, or fresh.
    pub current: Arc<Flight>,
    /// The last one that ended before `current` did.
    pub before: Option<Arc<Flight>>,
}

/// Connections at a time, in all, for servers that talked at once the last time: tarpits cannot
/// take these.
const PROVEN: usize = 32;
/// For all other servers. Both make 64.
const OTHERS: usize = 32;

impl Flights {
    /// None yet. A measurement is taken for current for about `ttl`, 20 % more or less, so that
    /// servers and vantages do not fall into step.
    #[must_use]
    pub fn new(setup: &Setup, ttl: Duration) -> Flights {
        let lane = |sockets| {
            Arc::new(Setup { sockets: Arc::new(Semaphore::new(sockets)), ..setup.clone() })
        };
        Flights { proven: lane(PROVEN), others: lane(OTHERS), ttl, table: Mutex::default() }
    }

    /// How long a measurement is taken for current, about.
    #[must_use]
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// The server's measurement: the one under way, the fresh one, or a new one.
    #[must_use]
    pub fn board(&self, server: &Server) -> Seat {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let last = table.get(&server.host);
        if let Some(seat) = last
            && seat.current.landing().is_none_or(|it| Instant::now() < it.fresh_until)
        {
            return seat.clone();
        }
        let before = last.map(|it| Arc::clone(&it.current));
        let quick = before.as_ref().is_some_and(|it| it.was_quick());
        let setup = Arc::clone(if quick { &self.proven } else { &self.others });
        let current = Flight::start(server.clone(), setup, jittered(self.ttl));
        let seat = Seat { current, before };
        table.insert(server.host.clone(), seat.clone());
        seat
    }

    /// The server's last measurement, without starting one.
    #[must_use]
    pub fn last(&self, server: &Server) -> Option<Seat> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.get(&server.host).cloned()
    }
}

impl Seat {
    /// The newest measurement that is over.
    #[must_use]
    pub fn over(&self) -> Option<&Arc<Flight>> {
        if self.current.landing().is_some() { Some(&self.current) } else { self.before.as_ref() }
    }
}

/// 80 % to 120 %.
fn jittered(ttl: Duration) -> Duration {
    // every RandomState has keys of its own; nothing here needs better randomness
    let drawn = RandomState::new().hash_one(0_u8) % 401;
    ttl * u32::try_from(800 + drawn).unwrap_or(1000) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_live_is_spread_over_a_fifth_either_way() {
        let drawn: Vec<Duration> = (0..2000).map(|_| jittered(Duration::from_secs(30))).collect();
        let (least, most) = (drawn.iter().min().unwrap(), drawn.iter().max().unwrap());
        assert!((24.0..24.5).contains(&least.as_secs_f64()), "{least:?}");
        assert!((35.5..=36.0).contains(&most.as_secs_f64()), "{most:?}");
    }
}

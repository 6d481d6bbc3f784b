//! How many of something each client has at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Client;

/// Counts by client, and in all.
pub struct Crowd {
    most: usize,
    per_client: usize,
    present: Mutex<Present>,
}

#[derive(Default)]
struct Present {
    all: usize,
    by_client: BTreeMap<Client, usize>,
}

/// One of them; leaves when it is dropped.
pub struct Ticket {
    crowd: Arc<Crowd>,
    client: Option<Client>,
}

impl Crowd {
    /// Nobody yet.
    #[must_use]
    pub fn new(most: usize, per_client: usize) -> Arc<Crowd> {
        Arc::new(Crowd { most, per_client, present: Mutex::default() })
    }

    /// One more, if there is room; without a client, only the number of all counts.
    pub fn enter(self: &Arc<Crowd>, client: Option<Client>) -> Option<Ticket> {
        let mut present = self.present();
        let own = client.and_then(|it| present.by_client.get(&it)).copied().unwrap_or(0);
        if present.all >= self.most || own >= self.per_client {
            return None;
        }
        present.all += 1;
        if let Some(client) = client {
            present.by_client.insert(client, own + 1);
        }
        Some(Ticket { crowd: Arc::clone(self), client })
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut present = self.crowd.present();
        present.all = present.all.saturating_sub(1);
        let Some(client) = self.client else { return };
        match present.by_client.get_mut(&client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                present.by_client.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_the_room_and_who_leaves_makes_some() {
        let crowd = Crowd::new(3, 2);
        let at = |last: u8| Some(Client::at([9, 9, 9, last].into()));
        let first = [crowd.enter(at(1)), crowd.enter(at(1))];
        assert!(first.iter().all(Option::is_some) && crowd.enter(at(1)).is_none());
        let other = crowd.enter(at(2));
        assert!(other.is_some() && crowd.enter(at(3)).is_none());
        drop(first);
        assert!(crowd.enter(at(3)).is_some() && crowd.enter(None).is_some());
        drop(other);
        assert!(crowd.present().by_client.is_empty() && crowd.present().all == 0);
    }
}

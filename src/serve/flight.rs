//! One measurement of one server, on its own: it goes on whoever stops waiting for it, and
//! whoever comes late hears all of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::log::now;
use crate::network::{Event, Moment, Status};
use crate::probe::{self, Server, Setup};

/// A measurement under way, or over.
pub struct Flight {
    heard: watch::Sender<Heard>,
    begun: Instant,
}

/// What is known of it.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// In the order in which it happened, without [`Event::Done`].
    pub events: Vec<Event>,
    /// Once it is over.
    pub landing: Option<Landing>,
}

/// The end of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Landing {
    /// On the clock.
    pub finished: Moment,
    /// When it ended.
    pub at: Instant,
    /// Until when it is taken for current.
    pub fresh_until: Instant,
}

/// No measurement takes longer, whatever happens in it.
const LONGEST: Duration = Duration::from_secs(150);
/// A measurement that takes longer met somebody who keeps silent.
const QUICK: Duration = Duration::from_secs(8);

impl Flight {
    /// Starts one that is fresh for that long after its end. Needs a tokio runtime.
    #[must_use]
    pub fn start(server: Server, setup: Arc<Setup>, ttl: Duration) -> Arc<Flight> {
        let heard = watch::Sender::new(Heard::default());
        let flight = Arc::new(Flight { heard, begun: Instant::now() });
        tokio::spawn(Arc::clone(&flight).fly(server, setup, ttl));
        flight
    }

    async fn fly(self: Arc<Self>, server: Server, setup: Arc<Setup>, ttl: Duration) {
        let mut events = probe::run(vec![server], setup);
        let listening = async {
            while let Some(event) = events.recv().await {
                match event {
                    Event::Done { .. } => return,
                    event => self.heard.send_modify(|it| it.events.push(event)),
                }
            }
        };
        let _late = timeout(LONGEST, listening).await; // the report so far is a report
        let at = Instant::now();
        let landing = Landing { finished: now(), at, fresh_until: at + ttl };
        self.heard.send_modify(|it| it.landing = Some(landing));
    }

    /// Follows it from its beginning.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Heard> {
        let mut receiver = self.heard.subscribe();
        receiver.mark_changed();
        receiver
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn landing(&self) -> Option<Landing> {
        self.heard.borrow().landing
    }

    /// Everything heard so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.heard.borrow().events.clone()
    }

    /// Waits for its end.
    pub async fn landed(&self) {
        let mut heard = self.follow();
        // fails only if the sender is gone, and the sender is in `self`
        let _ended = heard.wait_for(|it| it.landing.is_some()).await;
    }

    /// Whether it ended soon and met somebody who talks.
    #[must_use]
    pub fn was_quick(&self) -> bool {
        let heard = self.heard.borrow();
        let soon = heard.landing.is_some_and(|it| it.at.duration_since(self.begun) < QUICK);
        let good = |it: &Event| matches!(it, Event::Stage { measurement, .. } if measurement.status == Status::Ok);
        soon && heard.events.iter().any(good)
    }

    /// Time since it began.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }
}

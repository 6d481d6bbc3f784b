//! The clock and the network around this computer, for its own page: looked at once in a while for
//! all who ask. A public probe has nothing to look at, and never does.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::probe::Setup;
use crate::probe::surroundings::{Surroundings, look};

/// Who looks around.
pub struct Lookout {
    setup: Arc<Setup>,
    ttl: Duration,
    seen: watch::Sender<Seen>,
}

#[derive(Default)]
struct Seen {
    what: Surroundings,
    at: Option<Instant>,
    busy: bool,
}

impl Lookout {
    /// A look is taken for current so long.
    #[must_use]
    pub fn new(setup: &Setup, ttl: Duration) -> Arc<Lookout> {
        let seen = watch::Sender::new(Seen::default());
        Arc::new(Lookout { setup: Arc::new(setup.clone()), ttl, seen })
    }

    /// Looks, unless somebody does or did just now. Needs a tokio runtime.
    pub fn wake(self: &Arc<Lookout>) {
        let due = self.seen.send_if_modified(|it| {
            let fresh = it.at.is_some_and(|it| it.elapsed() < self.ttl);
            let due = !fresh && !it.busy && !self.setup.beacons.is_empty();
            it.busy |= due;
            due
        });
        if due {
            tokio::spawn(Arc::clone(self).look());
        }
    }

    async fn look(self: Arc<Lookout>) {
        let what = look(Arc::clone(&self.setup)).await;
        self.seen.send_modify(|it| *it = Seen { what, at: Some(Instant::now()), busy: false });
    }

    /// What was seen last.
    #[must_use]
    pub fn last(&self) -> Surroundings {
        self.seen.borrow().what
    }

    /// Waits for the look that is under way.
    pub async fn landed(&self) {
        let mut seen = self.seen.subscribe();
        // fails only if the sender is gone, and the sender is in `self`
        let _ended = seen.wait_for(|it| !it.busy).await;
    }
}

//! From a provider's id to its report: the measurements of its servers and of the controls, put
//! together. The same for everybody who asks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::Caps;
use super::catalogue::{Catalogue, Entry};
use super::flight::Flight;
use super::flights::{Flights, Seat};
use super::lookout::Lookout;
use crate::network::{Event, Kind, Progress, Report, Vantage, egress};
use crate::probe::{Server, Setup};

/// What looks at providers.
pub struct Observatory {
    /// What may be looked at.
    pub catalogue: Catalogue,
    vantage: Vantage,
    flights: Flights,
    lookout: Arc<Lookout>,
    waiting: Semaphore,
    stale: Duration,
    shelf: Mutex<BTreeMap<String, Copy>>,
}

/// A report as it is sent.
#[derive(Clone)]
struct Copy {
    bytes: Bytes,
    until: Instant,
}

/// A request for a report.
pub enum Answer {
    /// The report as JSON.
    Report(Bytes),
    /// The catalogue has no such provider.
    Unknown,
    /// Nothing is known yet, and too many wait.
    Busy,
}

/// A report's age is exact to this; within it, everybody gets the same bytes.
const SHELF: Duration = Duration::from_secs(1);
/// Numbers of a server's targets begin at a multiple of this.
const PER_SERVER: usize = 1000;

impl Observatory {
    /// Looks at these providers from there.
    #[must_use]
    pub fn new(
        catalogue: Catalogue,
        setup: &Setup,
        vantage: Vantage,
        ttl: Duration,
        caps: &Caps,
    ) -> Observatory {
        let flights = Flights::new(setup, ttl);
        let nobody = setup.clone().with_beacons(&[]);
        let local = vantage.kind == Kind::Local;
        let lookout = Lookout::new(if local { setup } else { &nobody }, ttl);
        let waiting = Semaphore::new(caps.waiting);
        let stale = caps.stale;
        Observatory {
            catalogue,
            vantage,
            flights,
            lookout,
            waiting,
            stale,
            shelf: Mutex::default(),
        }
    }

    /// The report: fresh, or not much older while a new one is made, or once it is made. If too
    /// many wait, whatever there is, however old.
    pub async fn answer(&self, id: &str) -> Answer {
        let Some(entry) = self.catalogue.entry(id) else { return Answer::Unknown };
        if let Some(bytes) = self.on_shelf(id) {
            return Answer::Report(bytes);
        }
        let view = self.board(entry);
        let wanted = self.flights.ttl() + self.stale;
        if let Some(parts) = view.over(wanted) {
            return Answer::Report(self.shelve(entry, &parts));
        }
        let Ok(_permit) = self.waiting.try_acquire() else {
            return view
                .over(Duration::MAX)
                .map_or(Answer::Busy, |parts| Answer::Report(self.shelve(entry, &parts)));
        };
        view.landed().await;
        self.looked_around().await;
        Answer::Report(self.shelve(entry, &view.current()))
    }

    /// The measurements of a provider's servers and of the controls, started where needed; also a
    /// look around.
    #[must_use]
    pub fn board(&self, entry: &Entry) -> View {
        self.lookout.wake();
        let servers = || entry.servers.iter().chain(&self.catalogue.controls);
        let seats = servers().map(|it| self.flights.board(it)).collect();
        View { seats }
    }

    /// The report from these measurements, over or not. It is as old as the oldest of them that is
    /// the provider's own.
    #[must_use]
    pub fn report(&self, entry: &Entry, parts: &[Arc<Flight>]) -> Report {
        let mut progress = Progress::default();
        for (at, flight) in parts.iter().enumerate() {
            for event in flight.events() {
                progress.apply(numbered(event, at));
            }
        }
        let own = parts.iter().take(entry.servers.len());
        let landings: Option<Vec<_>> = own.map(|it| it.landing()).collect();
        let oldest = landings.and_then(|it| it.into_iter().min_by_key(|it| it.at));
        if let Some(landing) = oldest {
            progress.apply(Event::Done { finished: landing.finished });
        }
        let age = oldest.map_or(Duration::ZERO, |it| it.at.elapsed());
        Report {
            age_ms: millis(age),
            ttl_ms: millis(self.flights.ttl()),
            ..progress.report(self.lookout.last().around(self.vantage.clone()), &entry.id)
        }
    }

    /// The vantage with what the controls last said. Starts nothing.
    #[must_use]
    pub fn vantage(&self) -> Vantage {
        let mut progress = Progress::default();
        let seats = self.catalogue.controls.iter().map(|it| self.flights.last(it));
        for (at, seat) in seats.enumerate() {
            let flight = seat.as_ref().and_then(Seat::over);
            for event in flight.map(|it| it.events()).unwrap_or_default() {
                progress.apply(numbered(event, at));
            }
        }
        let controls = progress.report(self.vantage.clone(), "").controls;
        let vantage = self.lookout.last().around(self.vantage.clone());
        Vantage { egress: egress::egress(&controls), ..vantage }
    }

    /// The clock and the network around are looked at, where that is done at all.
    pub async fn looked_around(&self) {
        self.lookout.landed().await;
    }

    /// A new measurement of a server is made, or the fresh one taken.
    pub async fn measured(&self, server: &Server) {
        self.flights.board(server).current.landed().await;
    }

    fn on_shelf(&self, id: &str) -> Option<Bytes> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.get(id).filter(|it| Instant::now() < it.until).map(|it| it.bytes.clone())
    }

    /// Written once for all who wait: whoever comes second takes what the first one wrote.
    fn shelve(&self, entry: &Entry, parts: &[Arc<Flight>]) -> Bytes {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(copy) = shelf.get(&entry.id).filter(|it| now < it.until) {
            return copy.bytes.clone();
        }
        let text = serde_json::to_vec(&self.report(entry, parts)).unwrap_or_default();
        let copy = Copy { bytes: text.into(), until: kept_until(parts, now) };
        shelf.insert(entry.id.clone(), copy.clone());
        copy.bytes
    }
}

/// The measurements that make up a report, the provider's own first.
pub struct View {
    seats: Vec<Seat>,
}

impl View {
    /// Those that are under way or fresh.
    #[must_use]
    pub fn current(&self) -> Vec<Arc<Flight>> {
        self.seats.iter().map(|it| Arc::clone(&it.current)).collect()
    }

    /// The newest that are over, unless one is missing or older than this.
    #[must_use]
    pub fn over(&self, oldest: Duration) -> Option<Vec<Arc<Flight>>> {
        let young = |it: &&Arc<Flight>| it.landing().is_some_and(|l| l.at.elapsed() <= oldest);
        self.seats.iter().map(|it| it.over().filter(young).map(Arc::clone)).collect()
    }

    /// Waits for all that are under way.
    pub async fn landed(&self) {
        for seat in &self.seats {
            seat.current.landed().await;
        }
    }
}

/// A copy ends with the first measurement in it, so that the next one is not made late; one that
/// is old already is kept only as long as a crowd needs.
fn kept_until(parts: &[Arc<Flight>], now: Instant) -> Instant {
    let first = parts.iter().filter_map(|it| it.landing()).map(|it| it.fresh_until).min();
    match first {
        Some(end) if end > now => end.min(now + SHELF),
        _ => now + SHELF / 4,
    }
}

/// An event about one server of several.
pub(super) fn numbered(event: Event, server: usize) -> Event {
    let first = server * PER_SERVER;
    match event {
        Event::Target { number, control, target } => {
            Event::Target { number: first + number, control, target }
        }
        Event::Stage { number, measurement } => {
            Event::Stage { number: first + number, measurement }
        }
        done @ Event::Done { .. } => done,
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

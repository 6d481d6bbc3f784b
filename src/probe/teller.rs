//! Running a stage: within its limits, timed, and told.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::network::{Code, Detail, Event, Measurement, Reply, Stage, Status};
use crate::probe::limits::Limits;

/// What came to light in a stage.
#[derive(Clone, Debug, Default)]
pub struct Noted {
    /// Why it failed, or what is noteworthy although it did not.
    pub code: Option<Code>,
    /// What the server said.
    pub smtp: Option<Reply>,
    /// What else was seen.
    pub detail: Detail,
    /// Nothing is known of the server.
    pub blind: bool,
}

impl From<Code> for Box<Noted> {
    fn from(code: Code) -> Box<Noted> {
        Box::new(Noted { code: Some(code), ..Noted::default() })
    }
}

/// How a stage ended: with something to go on with, or not.
pub type Ended<T> = Result<(T, Noted), Box<Noted>>;

/// Tells of one target's stages.
#[derive(Clone, Debug)]
pub struct Teller {
    /// The target's number.
    pub number: usize,
    /// Where to tell.
    pub events: mpsc::Sender<Event>,
    /// What it goes by.
    pub limits: Limits,
    /// When the time for this target is up.
    pub deadline: Instant,
}

impl Teller {
    /// A target's teller, whose time starts now.
    #[must_use]
    pub fn new(number: usize, events: mpsc::Sender<Event>, limits: Limits) -> Teller {
        Teller { number, events, limits, deadline: Instant::now() + limits.total }
    }

    /// Runs a stage and tells how it ended. `late` is its code if its limit is reached.
    pub async fn stage<T>(
        &self,
        stage: Stage,
        limit: Duration,
        late: Code,
        work: impl Future<Output = Ended<T>>,
    ) -> Option<T> {
        self.try_stage(stage, limit, late, work).await.ok()
    }

    /// The same for whoever wants to know how it failed.
    ///
    /// # Errors
    /// What was told of it.
    pub async fn try_stage<T>(
        &self,
        stage: Stage,
        limit: Duration,
        late: Code,
        work: impl Future<Output = Ended<T>>,
    ) -> Result<T, Measurement> {
        let begun = Instant::now();
        let end = begun + limit;
        let late = if end <= self.deadline { late } else { Code::LimitTime };
        let ended = timeout_at(end.min(self.deadline), work).await;
        let (result, noted) = match ended.unwrap_or_else(|_| Err(late.into())) {
            Ok((value, noted)) => (Some(value), noted),
            Err(noted) => (None, *noted),
        };
        let took = begun.elapsed();
        let status = self.status(result.is_some(), noted.blind, took);
        let ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        let Noted { code, smtp, detail, .. } = noted;
        let measurement = Measurement { stage, status, ms, code, smtp, detail };
        self.tell(measurement.clone()).await;
        result.ok_or(measurement)
    }

    fn status(&self, good: bool, blind: bool, took: Duration) -> Status {
        match (good, blind) {
            (true, _) if took > self.limits.slow => Status::Slow,
            (true, _) => Status::Ok,
            (false, false) => Status::Failed,
            (false, true) => Status::CouldNotTest,
        }
    }

    /// Tells of a stage that is known already. Nobody need listen.
    pub async fn tell(&self, measurement: Measurement) {
        let _gone = self.events.send(Event::Stage { number: self.number, measurement }).await;
    }
}

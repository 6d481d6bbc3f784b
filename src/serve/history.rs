//! What a server's own measurements said, for ninety days, in one file that survives a crash: every
//! record is a transaction of its own, written through to the disk.

use std::path::Path;

use redb::{Database, ReadableDatabase, TableDefinition};
use serde::{Deserialize, Serialize};

use super::catalogue::Entry;
use super::strip::{self, Strip};
use crate::network::{Code, Moment, Stage};

/// What one measurement said of a server, from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// As a whole.
    pub state: State,
    /// The stage that failed.
    pub stage: Option<Stage>,
    /// Why.
    pub code: Option<Code>,
}

/// A server as a whole, as seen from one place: never "down".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It works.
    Good,
    /// Some addresses, or only the other port, work.
    Partial,
    /// It does not answer as a mail server should, while other providers do.
    Bad,
    /// Nothing is known: not looked at, or this place reaches nobody.
    Untested,
}

/// What `/v1/history/{id}` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Past {
    /// Id in the catalogue.
    pub provider: String,
    /// Seconds between two measurements.
    pub every: u32,
    /// One for each of its servers.
    pub servers: Vec<ServerPast>,
}

/// A server's past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ServerPast {
    /// Its name.
    pub host: String,
    /// What was seen last.
    pub state: State,
    /// Since when it was seen so every time; none if it was never looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    /// The stage that failed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The last 24 hours.
    pub day: Strip,
    /// The last 30 days.
    pub month: Strip,
}

/// One measurement is kept for every so many seconds.
pub const EVERY: i64 = 300;
/// Days that are kept.
pub const DAYS: i64 = 90;
const DAY: i64 = 86_400;

/// Server and slot of [`EVERY`] seconds; so a server has no more than 25,921 rows.
const SAMPLES: TableDefinition<(&str, i64), &[u8]> = TableDefinition::new("samples-1");
/// Bytes of the file that are kept in memory.
const CACHE: usize = 4 * 1024 * 1024;

/// The file.
pub struct History {
    file: Database,
}

/// The file could not be opened, read or written.
#[derive(Debug)]
pub struct Unusable(Box<redb::Error>);

impl<E: Into<redb::Error>> From<E> for Unusable {
    fn from(error: E) -> Unusable {
        Unusable(Box::new(error.into()))
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(to)
    }
}

impl History {
    /// Opens or makes the file, and repairs it after a crash.
    ///
    /// # Errors
    /// It cannot be written, is in use, or is no history.
    pub fn open(path: &Path) -> Result<History, Unusable> {
        let file = Database::builder().set_cache_size(CACHE).create(path)?;
        let change = file.begin_write()?;
        change.open_table(SAMPLES)?;
        change.commit()?;
        Ok(History { file })
    }

    /// Keeps a sample and forgets what is too old. Once this returns, it survives a crash.
    ///
    /// # Errors
    /// The disk.
    pub fn record(&self, host: &str, at: Moment, sample: &Sample) -> Result<(), Unusable> {
        let bytes = postcard::to_allocvec(sample).unwrap_or_default();
        let (slot, oldest) = (slot(at), slot(Moment(at.0 - DAYS * DAY)));
        let change = self.file.begin_write()?;
        {
            let mut table = change.open_table(SAMPLES)?;
            table.insert((host, slot), bytes.as_slice())?;
            table.retain_in((host, i64::MIN)..(host, oldest), |_, _| false)?;
            // a clock that was ahead once leaves nothing behind
            table.retain_in((host, slot + 1)..=(host, i64::MAX), |_, _| false)?;
        }
        Ok(change.commit()?)
    }

    /// A server's samples since a moment, in order of time. What another version wrote and this
    /// one cannot read is left out.
    ///
    /// # Errors
    /// The disk.
    pub fn samples(&self, host: &str, since: Moment) -> Result<Vec<(Moment, Sample)>, Unusable> {
        let table = self.file.begin_read()?.open_table(SAMPLES)?;
        let mut found = Vec::new();
        for row in table.range((host, slot(since))..=(host, i64::MAX))? {
            let (key, value) = row?;
            if let Ok(sample) = postcard::from_bytes(value.value()) {
                found.push((Moment(key.value().1 * EVERY), sample));
            }
        }
        Ok(found)
    }

    /// A provider's past.
    ///
    /// # Errors
    /// The disk.
    pub fn of(&self, entry: &Entry, now: Moment) -> Result<Past, Unusable> {
        let servers = entry.servers.iter().map(|it| self.server(&it.host, now));
        Ok(Past {
            provider: entry.id.clone(),
            every: u32::try_from(EVERY).unwrap_or(u32::MAX),
            servers: servers.collect::<Result<_, _>>()?,
        })
    }

    fn server(&self, host: &str, now: Moment) -> Result<ServerPast, Unusable> {
        let samples = self.samples(host, Moment(now.0 - DAYS * DAY))?;
        let last = samples.last().map(|it| it.1);
        Ok(ServerPast {
            host: host.to_owned(),
            state: last.map_or(State::Untested, |it| it.state),
            since: strip::since(&samples),
            stage: last.and_then(|it| it.stage),
            code: last.and_then(|it| it.code),
            day: Strip::new(&samples, now, strip::DAY),
            month: Strip::new(&samples, now, strip::MONTH),
        })
    }
}

fn slot(at: Moment) -> i64 {
    at.0.div_euclid(EVERY)
}

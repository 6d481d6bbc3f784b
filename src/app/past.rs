//! A server's past as a probe tells it.

use crate::network::Moment;
use crate::network::json::Json;
use crate::network::read::plain;

/// A server as it was seen over a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It worked.
    Good,
    /// It worked in part.
    Partial,
    /// It did not work.
    Bad,
    /// Nobody looked.
    None,
}

impl Seen {
    /// In wording keys and classes.
    pub const fn key(self) -> &'static str {
        match self {
            Seen::Good => "good",
            Seen::Partial => "partial",
            Seen::Bad => "bad",
            Seen::None => "none",
        }
    }
}

/// One server's past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPast {
    /// Its name.
    pub host: String,
    /// What was seen last.
    pub now: Seen,
    /// Since when it was seen so every time.
    pub since: Option<Moment>,
    /// The last 24 hours, oldest first.
    pub day: Vec<Seen>,
    /// The last 30 days.
    pub month: Vec<Seen>,
}

/// More slots, servers or letters than any honest past has.
const MOST: usize = 400;

/// Reads the answer of `/v1/history/{id}`; nothing if it is none.
#[must_use]
pub fn parse(text: &str) -> Option<Vec<ServerPast>> {
    let json = Json::parse(text)?;
    let servers = json.get("servers")?.list()?.iter().take(MOST);
    servers.map(server).collect()
}

fn server(it: &Json) -> Option<ServerPast> {
    Some(ServerPast {
        host: plain(it.get("host")?.text()?, 200),
        now: match it.get("state")?.text()? {
            "good" => Seen::Good,
            "partial" => Seen::Partial,
            "bad" => Seen::Bad,
            _ => Seen::None,
        },
        since: it.get("since").and_then(Json::text).and_then(Moment::parse),
        day: strip(it.get("day")?)?,
        month: strip(it.get("month")?)?,
    })
}

fn strip(it: &Json) -> Option<Vec<Seen>> {
    Some(it.get("slots")?.list()?.iter().take(MOST).map(slot).collect())
}

/// The worst that was seen more than once in ten looks, so that one lost look colours no day.
fn slot(it: &Json) -> Seen {
    let count = |key| it.get(key).and_then(Json::number::<u32>).unwrap_or(0);
    let (good, partial, bad) = (count("good"), count("partial"), count("bad"));
    let all = good.saturating_add(partial).saturating_add(bad);
    let often = |some: u32| some > 0 && some.saturating_mul(10) >= all;
    match () {
        () if all == 0 => Seen::None,
        () if often(bad) => Seen::Bad,
        () if often(partial) => Seen::Partial,
        () => Seen::Good,
    }
}

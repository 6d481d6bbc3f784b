//! What is around this computer: its clock next to the clocks of well-known hosts, and whether a
//! sign-in page answers in place of the internet. For the local program alone: a public probe has no
//! beacons ([`Setup::public`]).
//!
//! A beacon answers one request over plain HTTP with 204 and nothing else. Its answer is anybody's:
//! of it only the status, `Date` and `Age` are read, nothing is followed, and one alone is believed
//! neither about the time nor about a page in its place.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::http::{Head, Heard, parse};
use super::schedule::now;
use super::{Setup, world};
use crate::knowledge::Beacon;
use crate::network::{Moment, Vantage};

/// What was found. What could not be tested is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Seconds that this computer's clock is ahead; negative if it is behind.
    pub clock_ahead: Option<i64>,
    /// Whether a sign-in page answers in place of the internet.
    pub portal: Option<bool>,
}

/// Where HTTP is spoken in the clear: a sign-in page cannot take the place of anything encrypted.
pub const PORT: u16 = 80;
/// For everything about one beacon, looking it up included: no user waits longer for this.
const LIMIT: Duration = Duration::from_secs(5);
/// For one of its addresses to connect.
const CONNECT: Duration = Duration::from_secs(2);
/// Addresses that are tried.
const ADDRESSES: usize = 2;
/// Clocks that differ by no more than these seconds agree.
const AGREE: i64 = 300;

impl Surroundings {
    /// The vantage with what was found around it.
    #[must_use]
    pub fn around(self, vantage: Vantage) -> Vantage {
        Vantage { clock_ahead: self.clock_ahead, portal: self.portal, ..vantage }
    }
}

/// Asks all beacons at once.
pub async fn look(setup: Arc<Setup>) -> Surroundings {
    let mut tasks = JoinSet::new();
    for beacon in setup.beacons.clone() {
        let setup = Arc::clone(&setup);
        tasks.spawn(async move { ask(&beacon, &setup).await });
    }
    found(&tasks.join_all().await)
}

/// What a beacon, or whoever took its place, said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// What it always says, and how far this computer's clock is ahead of its.
    Expected(Option<i64>),
    /// A page, or a way to one.
    Page,
    /// Nothing, or nothing that tells anything.
    Nothing,
}

async fn ask(beacon: &Beacon, setup: &Setup) -> Answer {
    let limit = LIMIT.min(setup.limits.reply);
    match timeout(limit, heard(beacon, setup)).await {
        Ok(Some(head)) => judged(head, now()),
        Ok(None) | Err(_) => Answer::Nothing,
    }
}

async fn heard(beacon: &Beacon, setup: &Setup) -> Option<Head> {
    let addresses = setup.world.look_up(&beacon.host, setup.limits.dns).await.ok()?;
    for address in addresses.into_iter().take(ADDRESSES) {
        let Some(place) = setup.world.place(address, PORT) else { continue };
        let _permit = setup.sockets.acquire().await.ok()?;
        let connected = timeout(CONNECT, world::connect(place, setup.routes)).await;
        if let Ok(Ok(stream)) = connected
            && let Some(head) = exchange(stream, beacon).await
        {
            return Some(head);
        }
    }
    None
}

/// One request, one head; the rest is not read.
async fn exchange(mut stream: TcpStream, beacon: &Beacon) -> Option<Head> {
    let Beacon { host, path } = beacon;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: outbox-doctor\r\nAccept: */*\r\n\
         Cache-Control: no-cache\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    loop {
        match parse(&bytes) {
            Heard::Head(head) => return Some(head),
            Heard::Wrong => return None,
            Heard::Incomplete => {}
        }
        let mut chunk = [0; 1024];
        let count = stream.read(&mut chunk).await.ok().filter(|it| *it > 0)?;
        bytes.extend(chunk.iter().take(count));
    }
}

/// 204 as a beacon has it; a page or a way to one, or 511 (RFC 6585 §6), is a sign-in page's. Other
/// errors may be the beacon's own.
fn judged(head: Head, now: Moment) -> Answer {
    match head.status {
        204 => Answer::Expected(head.date.map(|it| now.since(it) - i64::from(head.age))),
        200..=399 | 511 => Answer::Page,
        _ => Answer::Nothing,
    }
}

fn found(answers: &[Answer]) -> Surroundings {
    let expected = answers.iter().any(|it| matches!(it, Answer::Expected(_)));
    let pages = answers.iter().filter(|it| **it == Answer::Page).count();
    let portal = match (expected, pages) {
        (true, _) => Some(false),
        (false, 2..) => Some(true),
        (false, _) => None,
    };
    Surroundings { clock_ahead: clock(answers), portal }
}

/// By two hosts that agree; the kinder of both.
fn clock(answers: &[Answer]) -> Option<i64> {
    let ahead = |it: &Answer| match it {
        Answer::Expected(ahead) => *ahead,
        Answer::Page | Answer::Nothing => None,
    };
    let mut all: Vec<i64> = answers.iter().filter_map(ahead).collect();
    all.sort_unstable();
    let pairs = all.windows(2).filter_map(|pair| match pair {
        [one, other] if other.saturating_sub(*one) <= AGREE => Some([*one, *other]),
        _ => None,
    });
    pairs.flatten().min_by_key(|it| it.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Answer::{Expected, Nothing, Page};

    #[track_caller]
    fn check(answers: &[Answer], clock_ahead: Option<i64>, portal: Option<bool>) {
        assert_eq!(found(answers), Surroundings { clock_ahead, portal }, "{answers:?}");
    }

    #[test]
    fn one_alone_is_not_believed() {
        check(&[], None, None);
        check(&[Nothing, Nothing, Nothing], None, None);
        check(&[Page, Nothing, Nothing], None, None);
        check(&[Page, Page, Nothing], None, Some(true));
        check(&[Page, Page, Expected(Some(1))], None, Some(false));
        check(&[Expected(Some(90_000)), Nothing, Nothing], None, Some(false));
        check(&[Expected(Some(90_000)), Expected(None), Nothing], None, Some(false));
        check(&[Expected(Some(90_000)), Expected(Some(0))], None, Some(false));
        check(
            &[Expected(Some(90_000)), Expected(Some(1)), Expected(Some(3))],
            Some(1),
            Some(false),
        );
        check(&[Expected(Some(-90_300)), Expected(Some(-90_000))], Some(-90_000), Some(false));
        check(&[Expected(Some(i64::MIN)), Expected(Some(i64::MAX))], None, Some(false));
    }

    #[test]
    fn a_page_is_told_from_an_error() {
        let of = |status| judged(Head { status, ..Head::default() }, Moment(0));
        assert_eq!([200, 302, 399, 511].map(of), [Page; 4]);
        assert_eq!([400, 404, 503, 599].map(of), [Nothing; 4]);
        assert_eq!(of(204), Expected(None));
    }

    #[test]
    fn what_a_cache_kept_is_older_than_its_date() {
        let head = Head { status: 204, date: Some(Moment(1000)), age: 50 };
        assert_eq!(judged(head, Moment(1060)), Expected(Some(10)));
    }
}

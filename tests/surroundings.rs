//! The clock and the network around the user's own computer, measured against hosts on loopback;
//! and what `check` and the local server make of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

#[allow(dead_code, reason = "no certificate is needed here")]
#[path = "support/peer.rs"]
mod peer;
#[path = "support/server.rs"]
mod server;

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use outbox_doctor::knowledge::{self, Beacon};
use outbox_doctor::network::{Moment, Reason, Report, Verdict, verdict};
use outbox_doctor::probe::surroundings::{PORT, Surroundings, look};
use outbox_doctor::probe::world::Lab as Map;
use outbox_doctor::probe::{Setup, World, lab::Lab};
use outbox_doctor::serve::Audience;
use peer::{Peer, Step, peer, send};
use server::{Plan, get, public};

const DAY: i64 = 86_400;

/// What a host does.
enum Host {
    /// Answers as a beacon does, its clock so many seconds behind.
    Behind(i64),
    /// Says this.
    Says(&'static str),
    /// Says this and then nothing, without closing.
    Holds(Vec<Step>),
    /// Nobody listens.
    Closed,
    /// Its name leads nowhere.
    Nameless,
}

/// As servers write it (RFC 9110 §5.6.7), but for the day of the week, which nobody judges.
fn date(seconds: i64) -> String {
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let text = Moment(seconds).to_string();
    let month: usize = text[5..7].parse().unwrap();
    let (year, day, time) = (&text[..4], &text[8..10], &text[11..19]);
    format!("Mon, {day} {} {year} {time} GMT", &months[3 * month - 3..3 * month])
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

const PAGE: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Sign in to the hotel's network</html>";
const AWAY: &str = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/sign-in\r\n\r\n";

/// Adds hosts to a world, one address each, and has them asked.
async fn beacons(setup: &mut Setup, hosts: Vec<Host>) -> Vec<Peer> {
    let World::Lab(map) = &mut setup.world else { panic!("a test asks nobody outside") };
    let mut peers = Vec::new();
    for (number, host) in (1..).zip(hosts) {
        let ip: IpAddr = format!("127.80.0.{number}").parse().unwrap();
        let name = format!("beacon-{number}.test");
        setup.beacons.push(Beacon { host: name.clone(), path: "/generate_204".to_owned() });
        let script = match host {
            Host::Nameless => continue,
            Host::Closed => {
                let closed = TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap().port();
                map.doors.insert((ip, PORT), closed);
                map.names.insert(name, Ok(vec![ip]));
                continue;
            }
            Host::Behind(seconds) => {
                let date = date(now() - seconds);
                vec![send(&format!("HTTP/1.1 204 No Content\r\nDate: {date}\r\n\r\n"))]
            }
            Host::Says(text) => vec![send(text)],
            Host::Holds(script) => script,
        };
        let asked = Step::Expect("GET /generate_204 HTTP/1.1");
        let peer =
            peer(ip, [vec![asked, Step::Expect("Connection: close")], script].concat()).await;
        map.doors.insert((ip, PORT), peer.address.port());
        map.names.insert(name, Ok(vec![ip]));
        peers.push(peer);
    }
    peers
}

fn empty() -> Setup {
    let mut setup = Setup { world: World::Lab(Map::default()), ..Setup::local() };
    setup.limits.reply = Duration::from_secs(2);
    setup
}

#[track_caller]
fn check(hosts: Vec<Host>, ahead: Option<i64>, portal: Option<bool>) {
    let seen = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut setup = empty();
        let _peers = beacons(&mut setup, hosts).await;
        look(Arc::new(setup)).await
    });
    let near = match (seen.clock_ahead, ahead) {
        (Some(seen), Some(ahead)) => (seen - ahead).abs() <= 30,
        (seen, ahead) => seen == ahead,
    };
    assert!(near && seen.portal == portal, "{seen:?}, not {ahead:?} and {portal:?}");
}

#[test]
fn a_right_clock_and_an_open_network() {
    check(vec![Host::Behind(0), Host::Behind(1), Host::Closed], Some(0), Some(false));
}

#[test]
fn a_clock_that_is_wrong_by_a_day() {
    check(vec![Host::Behind(DAY), Host::Behind(DAY)], Some(DAY), Some(false));
    check(vec![Host::Behind(-DAY), Host::Behind(-DAY)], Some(-DAY), Some(false));
}

#[test]
fn hosts_that_disagree_tell_no_time() {
    check(vec![Host::Behind(0), Host::Behind(DAY)], None, Some(false));
}

#[test]
fn a_portal_that_leads_elsewhere_or_shows_a_page() {
    check(vec![Host::Says(AWAY), Host::Says(AWAY)], None, Some(true));
    check(vec![Host::Says(PAGE), Host::Says(PAGE), Host::Nameless], None, Some(true));
    check(vec![Host::Says(PAGE), Host::Behind(0), Host::Behind(0)], Some(0), Some(false));
}

#[test]
fn what_is_no_answer_tells_nothing() {
    let endless =
        || Host::Holds(vec![send("HTTP/1.1 200 OK\r\n"), Step::Flood(b"a: b\r\n".to_vec())]);
    check(vec![endless(), endless()], None, None);
    let drips = || Host::Holds(vec![Step::Drip(b"HTTP/1.1 204 ".repeat(40))]);
    check(vec![drips(), drips()], None, None);
    let silent = || Host::Holds(vec![Step::Silence]);
    check(vec![silent(), silent(), Host::Closed], None, None);
    let garbage = "\u{1}\u{2}\r\n\r\n220 smtp.test\r\n";
    check(vec![Host::Says(garbage), Host::Says("<html>"), Host::Says("")], None, None);
    let error = "HTTP/1.1 503 Service Unavailable\r\n\r\n";
    check(vec![Host::Says(error), Host::Says(error)], None, None);
}

#[test]
fn without_a_network_nothing_is_tested() {
    check(vec![Host::Nameless, Host::Nameless, Host::Nameless], None, None);
    check(vec![], None, None);
}

#[test]
fn nothing_is_followed() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let trap = TcpListener::bind("127.0.0.1:0").unwrap();
        trap.set_nonblocking(true).unwrap();
        let to = trap.local_addr().unwrap();
        let away = format!("HTTP/1.1 302 Found\r\nLocation: http://{to}/\r\n\r\n");
        let away: &'static str = Box::leak(away.into_boxed_str());
        let mut setup = empty();
        let peers = beacons(&mut setup, vec![Host::Says(away), Host::Says(away)]).await;
        assert_eq!(look(Arc::new(setup)).await.portal, Some(true));
        assert!(trap.accept().is_err(), "a redirect was followed");
        let counts = peers.iter().map(|it| it.seen.connections.load(Ordering::SeqCst));
        assert_eq!(counts.collect::<Vec<_>>(), [1, 1]);
    });
}

/// On the internet no address is connected that no public server has; and a public probe asks nobody.
#[test]
fn only_public_addresses_and_only_the_local_program() {
    let here = Beacon { host: "127.0.0.1".to_owned(), path: "/".to_owned() };
    let trap = TcpListener::bind(("127.0.0.1", PORT));
    let setup = Setup::local().with_beacons(&[here]);
    let seen = tokio::runtime::Runtime::new().unwrap().block_on(look(Arc::new(setup)));
    assert_eq!(seen, Surroundings::default());
    if let Ok(trap) = trap {
        trap.set_nonblocking(true).unwrap();
        assert!(trap.accept().is_err(), "loopback was connected");
    }
    assert_eq!(Setup::public("probe.test".to_owned()).beacons, []);
    assert!(knowledge::embedded().beacons.len() >= 3);
}

/// The report of a server of this audience about one of the lab's providers.
async fn served(audience: Audience, provider: &str, hosts: Vec<Host>) -> (Report, Vec<Peer>) {
    let lab = Lab::open().await.unwrap();
    let mut plan = Plan::of_lab(&lab, audience);
    let peers = beacons(&mut plan.setup, hosts).await;
    let running = plan.start();
    let answer = get(running.address, &format!("/v1/report/{provider}")).await;
    (Report::parse(&answer.body).unwrap(), peers)
}

#[test]
fn the_local_servers_report_leads_to_the_verdict() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let behind = vec![Host::Behind(4000 * DAY), Host::Behind(4000 * DAY)];
        let (report, _) = served(Audience::Local, "lab-expired", behind).await;
        let finding = verdict(&[report]);
        assert_eq!(finding.verdict, Verdict::ClockWrong);
        let off = |it: &&Reason| matches!(it, Reason::ClockAhead { seconds } if *seconds > DAY);
        assert_eq!(finding.reasons.iter().filter(off).count(), 1);

        let (report, _) =
            served(Audience::Local, "lab-expired", vec![Host::Behind(0), Host::Behind(0)]).await;
        assert_eq!(verdict(&[report]).verdict, Verdict::Undecided, "the clock is right");

        let page = vec![Host::Says(PAGE), Host::Says(AWAY)];
        let (report, _) = served(Audience::Local, "lab-html", page).await;
        let finding = verdict(&[report]);
        assert_eq!(finding.verdict, Verdict::Hijacked);
        assert!(finding.reasons.contains(&Reason::Portal));
    });
}

#[test]
fn a_public_server_looks_at_no_surroundings() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let page = vec![Host::Says(PAGE), Host::Says(PAGE)];
        let (report, peers) = served(public(), "lab-html", page).await;
        assert_eq!((report.vantage.clock_ahead, report.vantage.portal), (None, None));
        assert!(peers.iter().all(|it| it.seen.connections.load(Ordering::SeqCst) == 0));
    });
}

//! Crowds, tarpits and dawdlers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]
#![cfg(target_os = "linux")] // many loopback addresses, limits and memory are asked of Linux

#[path = "support/counted.rs"]
mod counted;
#[path = "support/server.rs"]
mod server;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use counted::{Counted, Manner, patience};
use outbox_doctor::network::{Code, Outcome, Report, Stage};
use outbox_doctor::probe::Setup;
use outbox_doctor::probe::lab::Lab;
use outbox_doctor::serve::{Caps, Catalogue};
use server::{Plan, Reply, entry, get, get_from, public};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const CLIENTS: usize = 20_000;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// A client's own address.
fn client(number: usize) -> IpAddr {
    let [_, _, high, low] = u32::try_from(number).unwrap().to_be_bytes();
    Ipv4Addr::new(127, 100, high, low).into()
}

/// Runs a test in a process of its own, so that memory and descriptors are its own too.
fn apart(name: &str, work: impl Future<Output = ()>) {
    if std::env::var_os("OUTBOX_DOCTOR_APART").is_some() {
        return tokio::runtime::Runtime::new().unwrap().block_on(work);
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env("OUTBOX_DOCTOR_APART", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}\n{wrong}");
    for line in said.lines().filter(|it| it.starts_with("measured")) {
        println!("{line}");
    }
}

/// Descriptors this process may have, after asking for more.
fn descriptors() -> usize {
    let own = std::process::id().to_string();
    let _may_not = std::process::Command::new("prlimit")
        .args(["--pid", &own, "--nofile=65536:65536"])
        .output();
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|it| it.starts_with("Max open files")).unwrap();
    line.split_whitespace().nth(3).unwrap().parse().unwrap()
}

/// Megabytes in memory.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|it| it.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// Small, fast, and good enough to choose who is cancelled (Marsaglia, "Xorshift RNGs", 2003).
fn drawn(seed: usize) -> u64 {
    let mut it = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    it ^= it >> 12;
    it ^= it << 25;
    it ^ it >> 27
}

#[test]
fn twenty_thousand_clients_cause_one_connection_to_each_address_and_port() {
    apart("twenty_thousand_clients_cause_one_connection_to_each_address_and_port", async {
        let room = (descriptors().saturating_sub(500) / 2).min(CLIENTS);
        for manner in [Manner::Tarpit, Manner::Close] {
            crowd(room, manner).await;
        }
    });
}

/// As many as files may be opened come by TCP, the others ask the router itself.
async fn crowd(by_tcp: usize, manner: Manner) {
    let clients = CLIENTS;
    let (release, released) = watch::channel(false);
    let mut world = Counted::default();
    let at = [ip("127.77.0.1"), ip("127.77.0.2"), ip("::1")];
    let servers = [world.server("dead.test", &at, manner, &released).await];
    let visits = world.visits.clone();
    let setup = world.setup(patience(Duration::from_secs(70)), Setup::local());
    let mut plan = Plan::of(setup, public());
    plan.catalogue = Catalogue { entries: vec![entry("dead", &servers)], controls: vec![] };
    let headers = Duration::from_secs(60); // this machine is busy with the clients
    plan.caps = Caps { connections: clients + 100, waiting: clients, headers, ..Caps::default() };
    let service = plan.service();
    let router = service.router();
    let running = server::start(service);
    let to = running.address;
    let (waiting, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let pace = Arc::new(Semaphore::new(400));
    let mut tasks = JoinSet::new();
    for number in 0..clients {
        let (waiting, pace, router) = (Arc::clone(&waiting), Arc::clone(&pace), router.clone());
        tasks.spawn(async move {
            if drawn(number) % CLIENTS as u64 >= by_tcp as u64 {
                return ask_inside(router, number, &waiting).await;
            }
            ask(to, number, &pace, &waiting).await
        });
    }
    let cancelled = (0..clients).filter(|it| impatient(*it)).count();
    while waiting.load(Ordering::Relaxed) < clients {
        sleep(Duration::from_millis(50)).await;
    }
    let all_there = begun.elapsed();
    println!(
        "measured: {clients} clients, {by_tcp} of them by TCP, there after {all_there:?}, {} MB",
        memory()
    );
    release.send(true).unwrap();
    let bodies: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(bodies.len(), clients - cancelled, "everybody who waits is answered");
    let report = Report::parse(&bodies[0]).unwrap();
    let codes = [Code::ReplyClosed, Code::ReplyReset, Code::TlsClosed];
    for target in &report.targets {
        assert!(
            matches!(target.outcome(), Outcome::Fails(Stage::Greeting | Stage::Tls, code) if codes.contains(&code)),
            "{target:#?}"
        );
    }
    let counts: Vec<usize> = visits.iter().map(counted::Visits::count).collect();
    assert_eq!(counts, [1; 6], "address and port by address and port");
    println!("measured: {cancelled} cancelled, connections by address and port {counts:?}");
}

/// A third goes away before it is answered, the first one among them.
fn impatient(number: usize) -> bool {
    number == 0 || drawn(number).is_multiple_of(3)
}

async fn ask(
    to: SocketAddr,
    number: usize,
    pace: &Semaphore,
    waiting: &AtomicUsize,
) -> Option<String> {
    let permit = pace.acquire().await.unwrap();
    let mut stream = server::connect(to, client(number)).await.unwrap();
    let request = server::request(to, "/v1/report/dead", "");
    stream.write_all(request.as_bytes()).await.unwrap();
    drop(permit);
    if impatient(number) {
        sleep(Duration::from_millis(drawn(number + 7) % 400)).await;
        drop(stream);
        waiting.fetch_add(1, Ordering::Relaxed);
        return None;
    }
    waiting.fetch_add(1, Ordering::Relaxed);
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    let reply = Reply::read(&heard);
    assert_eq!(reply.status, 200, "{number}: {reply:?}");
    Some(reply.body)
}

async fn ask_inside(mut router: Router, number: usize, waiting: &AtomicUsize) -> Option<String> {
    let peer: SocketAddr = (client(number), 9).into();
    let mut request = Request::get("/v1/report/dead").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let answer = tower_service::Service::call(&mut router, request);
    waiting.fetch_add(1, Ordering::Relaxed);
    if impatient(number) {
        let gone = Duration::from_millis(drawn(number + 7) % 400);
        let _answered_or_gone = timeout(gone, answer).await;
        return None;
    }
    let response = answer.await.unwrap();
    assert_eq!(response.status(), 200, "{number}");
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

#[test]
fn a_dead_provider_is_looked_at_once_in_each_time_to_live() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (_release, released) = watch::channel(false);
        let mut world = Counted::default();
        let servers =
            [world.server("dead.test", &[ip("127.77.1.1")], Manner::Close, &released).await];
        let visits = world.visits.clone();
        let setup = world.setup(patience(Duration::from_secs(1)), Setup::local());
        let mut plan = Plan::of(setup, public());
        plan.catalogue = Catalogue { entries: vec![entry("dead", &servers)], controls: vec![] };
        plan.ttl = Duration::from_secs(2);
        plan.caps.burst = u32::MAX / 1_000_000;
        let running = plan.start();
        let to = running.address;
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for number in 0..20 {
            tasks.spawn(async move {
                while begun.elapsed() < Duration::from_secs(9) {
                    // half of them go away at once
                    let asked = get_from(to, client(number), "/v1/report/dead", "");
                    let patience = if number % 2 == 0 { 1 } else { 1000 };
                    let _gone = timeout(Duration::from_millis(patience), asked).await;
                    sleep(Duration::from_millis(20)).await;
                }
            });
        }
        tasks.join_all().await;
        for visits in visits {
            let all = visits.all();
            let gaps: Vec<Duration> = all.windows(2).map(|it| it[1] - it[0]).collect();
            assert!((4..=6).contains(&all.len()), "{gaps:?}");
            let most = |it: &Duration| (1.59..2.7).contains(&it.as_secs_f64());
            assert!(gaps.iter().all(most), "{gaps:?}");
        }
    });
}

#[test]
fn when_too_many_wait_old_reports_are_sent_with_their_age() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let lab = Lab::open().await.unwrap();
        let mut plan = Plan::of_lab(&lab, public());
        (plan.caps.waiting, plan.caps.stale) = (0, Duration::ZERO);
        plan.ttl = Duration::from_millis(500);
        let running = plan.start();
        let to = running.address;
        let busy = get(to, "/v1/report/lab-busy").await;
        assert_eq!((busy.status, busy.json()["error"].as_str()), (503, Some("busy")));
        assert_eq!(busy.header("retry-after"), "5");
        sleep(Duration::from_secs(3)).await;
        assert_eq!(get(to, "/v1/report/lab-busy").await.status, 200, "somebody measured it");
        // Each request has it measured anew; on a busy machine that may only just be done.
        let mut ages = Vec::new();
        while ages.last().is_none_or(|age| *age <= 1500) && ages.len() < 5 {
            sleep(Duration::from_secs(2)).await;
            let old = get(to, "/v1/report/lab-busy").await;
            assert_eq!(old.status, 200);
            ages.push(old.json()["age_ms"].as_u64().unwrap());
        }
        assert!(ages.last().is_some_and(|age| *age > 1500), "{ages:?}");
    });
}

#[test]
fn tarpits_and_slow_senders_take_neither_memory_nor_time() {
    apart("tarpits_and_slow_senders_take_neither_memory_nor_time", async {
        descriptors();
        let lab = Lab::open().await.unwrap();
        let (_release, released) = watch::channel(false);
        let mut world = Counted::default();
        let mut entries: Vec<_> = lab.providers.iter().map(|(id, it)| entry(id, it)).collect();
        for number in 0..32 {
            let (host, at) = (format!("tarpit-{number}.test"), Ipv4Addr::new(127, 77, 2, number));
            let server = world.server(&host, &[at.into()], Manner::Tarpit, &released).await;
            entries.push(entry(&format!("tarpit-{number}"), &[server]));
        }
        let visits = world.visits.clone();
        let outbox_doctor::probe::World::Lab(map) = &lab.setup.world else { panic!("no lab") };
        world.join(map);
        let setup = world.setup(patience(Duration::from_secs(40)), lab.setup.clone());
        let mut plan = Plan::of(setup, public());
        plan.catalogue = Catalogue { entries, controls: vec![] };
        plan.ttl = Duration::from_secs(2);
        plan.caps.headers = Duration::from_secs(5);
        let running = plan.start();
        let to = running.address;
        println!("measured: {} MB at first", memory());
        assert_eq!(get(to, "/v1/report/lab-healthy").await.status, 200);
        for number in 0..32 {
            tokio::spawn(async move {
                get_from(to, client(number), &format!("/v1/report/tarpit-{number}"), "").await
            });
        }
        let closed = dawdlers(to, 2000);
        sleep(Duration::from_secs(4)).await; // the healthy report is older than its time to live
        let held: usize = visits.iter().map(counted::Visits::count).sum();
        let mut slowest = Duration::ZERO;
        for number in 0..8 {
            let begun = Instant::now();
            let mut stale = true;
            while stale {
                let reply = get_from(to, client(5000 + number), "/v1/report/lab-healthy", "").await;
                assert_eq!(reply.status, 200);
                stale = reply.json()["age_ms"].as_u64().unwrap() > 2400;
                sleep(Duration::from_millis(50)).await;
            }
            slowest = slowest.max(begun.elapsed());
            sleep(Duration::from_millis(2600)).await;
        }
        let (used, closed) = (memory(), closed.load(Ordering::Relaxed));
        println!(
            "measured: {held} tarpit connections held, {closed} slow senders closed, {used} MB, slowest fresh healthy report {slowest:?}"
        );
        assert!(slowest < Duration::from_secs(3), "{slowest:?}");
        assert!(used < 120, "{used} MB");
        assert!(closed >= 4000, "the time for headers acts: {closed}");
        assert_eq!(held, 32, "tarpits get one lane only");
    });
}

/// Clients that send their headers letter by letter and come back when they are closed.
fn dawdlers(to: SocketAddr, count: usize) -> Arc<AtomicUsize> {
    let closed = Arc::new(AtomicUsize::new(0));
    for number in 0..count {
        let closed = Arc::clone(&closed);
        tokio::spawn(async move {
            loop {
                let begun = Instant::now();
                let Ok(stream) = server::connect(to, client(10_000 + number)).await else {
                    continue;
                };
                dawdle(stream).await;
                let took = begun.elapsed();
                assert!(took < Duration::from_secs(9), "a slow sender was let sit for {took:?}");
                closed.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    closed
}

async fn dawdle(mut stream: tokio::net::TcpStream) {
    let slowly =
        b"GET /v1/health HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let mut answer = [0; 256];
    for letter in slowly {
        if stream.write_all(&[*letter]).await.is_err() {
            return;
        }
        let heard = timeout(Duration::from_millis(500), stream.read(&mut answer)).await;
        if let Ok(Ok(0) | Err(_)) = heard {
            return;
        }
    }
}

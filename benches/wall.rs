//! How long a whole check takes next to its slowest target, and next to what else people use: swaks,
//! and `openssl s_client` in a script that goes through the same stages. Six servers on loopback, each
//! behind a line of its own length; everything by turns in one run, medians of seven.
//! `cargo xtask bench-probe` installs both programs and runs this.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement stops at surprises"
)]

#[path = "wall/line.rs"]
mod line;
#[path = "../tests/support/peer.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod peer;

use std::net::{IpAddr, SocketAddr};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use outbox_doctor::network::{Mode, Outcome, Progress};
use outbox_doctor::probe::world::Lab;
use outbox_doctor::probe::{self, Door, Routes, Server, Setup, World};
use peer::{Authority, Step, peer, send};
use tokio::runtime::Runtime;

/// Milliseconds of a round trip to each target.
const LINES: [u64; 6] = [40, 80, 120, 160, 200, 250];
const TURNS: usize = 7;

/// A way to a server, and where it really is.
struct Target {
    host: String,
    port: u16,
    mode: Mode,
    place: SocketAddr,
}

fn main() {
    // `cargo test --benches` must end soon
    if std::env::args().any(|it| it == "--test") {
        return;
    }
    let runtime = Runtime::new().unwrap();
    let (setup, targets) = runtime.block_on(scene());
    let ours = |some: &[&Target]| runtime.block_on(check(&setup, some));
    let all: Vec<&Target> = targets.iter().collect();
    let mut rows = vec![("outbox-doctor, all six", vec![])];
    for (at, _) in targets.iter().enumerate() {
        rows.push((["1", "2", "3", "4", "5", "6"][at], vec![]));
    }
    let others: [(&str, Tool, &str); 4] = [
        ("swaks, one after the other", swaks, "1"),
        ("swaks, six at once (xargs -P6)", swaks, "6"),
        ("openssl s_client, one after the other", openssl, "1"),
        ("openssl s_client, six at once (xargs -P6)", openssl, "6"),
    ];
    rows.extend(others.iter().map(|it| (it.0, vec![])));
    for _turn in 0..TURNS {
        rows[0].1.push(timed(|| ours(&all)));
        for (at, target) in targets.iter().enumerate() {
            rows[1 + at].1.push(timed(|| ours(&[target])));
        }
        for (at, (_, tool, many)) in others.iter().enumerate() {
            rows[7 + at].1.push(timed(|| run(*tool, many, &targets)));
        }
    }
    print(&rows, &targets);
}

fn print(rows: &[(&str, Vec<Duration>)], targets: &[Target]) {
    let slowest = rows[1..7].iter().map(|it| median(&it.1)).max().unwrap();
    println!("| what | median | of the slowest target |\n|---|--:|--:|");
    for (at, (name, times)) in rows.iter().enumerate() {
        let name = match targets.get(at.wrapping_sub(1)) {
            Some(it) => {
                let way = (it.port, it.mode.key());
                format!("one target alone: {}, {}, {} ms", way.0, way.1, LINES[at - 1])
            }
            None => (*name).to_owned(),
        };
        let time = median(times);
        let times = time.as_secs_f64() / slowest.as_secs_f64();
        println!("| {name} | {:.2} s | {times:.2} |", time.as_secs_f64());
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// Three servers with two ports each.
async fn scene() -> (Setup, Vec<Target>) {
    let authority = Authority::new();
    let (mut world, mut targets) = (Lab::default(), Vec::new());
    for (at, millis) in LINES.into_iter().enumerate() {
        let number = at / 2 + 1;
        let ip: IpAddr = format!("127.90.0.{number}").parse().unwrap();
        let host = format!("smtp-{number}.test");
        let (port, mode) = [(587, Mode::Starttls), (465, Mode::Tls)][at % 2];
        let peer = peer(ip, script(mode, &authority, &host)).await;
        let place = line::to(peer.address, Duration::from_millis(millis)).await;
        world.names.insert(host.clone(), Ok(vec![ip]));
        world.doors.insert((ip, port), place.port());
        targets.push(Target { host, port, mode, place });
    }
    let roots = authority.roots();
    let routes = Routes { v4: true, v6: true };
    (Setup { world: World::Lab(world), roots, routes, ..Setup::local() }, targets)
}

fn script(mode: Mode, authority: &Authority, host: &str) -> Vec<Step> {
    let offers = "250-bench\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";
    let hello = || [Step::Expect("EHLO"), send(offers)];
    let greeting = send("220 bench ESMTP\r\n");
    let tls = Step::Tls(authority.server(host, 2020, 2100));
    let start = match mode {
        Mode::Starttls => {
            let ask = [Step::Expect("STARTTLS"), send("220 go ahead\r\n"), tls];
            [vec![greeting], hello().to_vec(), ask.to_vec()].concat()
        }
        Mode::Tls => vec![tls, greeting],
    };
    [start, hello().to_vec(), vec![Step::Expect("QUIT"), send("221 bye\r\n")]].concat()
}

/// All of them must come out as working.
async fn check(setup: &Setup, targets: &[&Target]) {
    let mut servers: Vec<Server> = Vec::new();
    for it in targets {
        let door = Door { port: it.port, modes: vec![it.mode], aside: false };
        match servers.iter_mut().find(|server| server.host == it.host) {
            Some(server) => server.doors.push(door),
            None => {
                servers.push(Server { host: it.host.clone(), control: false, doors: vec![door] })
            }
        }
    }
    let mut events = probe::run(servers, Arc::new(setup.clone()));
    let mut progress = Progress::default();
    while let Some(event) = events.recv().await {
        progress.apply(event);
    }
    let works = progress.own().filter(|(_, it)| it.outcome() == Outcome::Works).count();
    assert_eq!(works, targets.len());
}

/// A command line for one target.
type Tool = fn(&Target) -> String;

fn swaks(it: &Target) -> String {
    let tls = if it.mode == Mode::Tls { "--tls-on-connect" } else { "--tls" };
    let (ip, port) = (it.place.ip(), it.place.port());
    format!(
        "swaks --server {ip} --port {port} {tls} --ehlo bench.test --to nobody@bench.test --quit-after EHLO --hide-all"
    )
}

/// A script that reads every reply before it says the next thing, as the others do.
fn openssl(it: &Target) -> String {
    let (tls, greeting) = match it.mode {
        Mode::Starttls => ("-starttls smtp", ""),
        Mode::Tls => ("", "read -r line <&${S[0]} && "),
    };
    format!(
        "coproc S {{ openssl s_client -quiet -crlf {tls} -connect {} 2>/dev/null; }}; {greeting}\
         echo EHLO bench.test >&${{S[1]}} && while read -r line <&${{S[0]}}; do case $line in 250\\ *) break;; esac; done && \
         echo QUIT >&${{S[1]}} && read -r line <&${{S[0]}} && case $line in 221*) ;; *) exit 1;; esac",
        it.place
    )
}

/// A shell for each target, so many at a time.
fn run(tool: Tool, many: &str, targets: &[Target]) {
    let lines: Vec<String> = targets.iter().map(tool).collect();
    let mut xargs = Command::new("xargs");
    xargs.args(["-0", "-n1", "-P", many, "bash", "-c"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = xargs.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.join("\0").as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "a target failed");
}

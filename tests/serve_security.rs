//! Attempts to reach what a probe must not reach, and to take what others need. Each promise of
//! docs/security.md names its test here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

#[path = "support/counted.rs"]
mod counted;
#[path = "support/names.rs"]
mod names;
#[path = "support/server.rs"]
mod server;

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use counted::{Counted, Manner, Visits, patience};
use outbox_doctor::network::{Code, Report, Stage, Status};
use outbox_doctor::probe::{Setup, World};
use outbox_doctor::serve::{Audience, Catalogue};
use server::{HOME, Plan, connect, entry, exchange, get, get_from, public};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::timeout;

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// A server whose catalogue has `lawful` only, in a world in which `secret.test` exists too.
struct Scene {
    running: server::Running,
    lawful: Vec<Visits>,
    secret: Vec<Visits>,
    _open: watch::Sender<bool>,
}

const LAWFUL: &str = "127.77.3.1";
const SECRET: &str = "127.77.3.9";

async fn scene(audience: Audience) -> Scene {
    let (open, closed) = watch::channel(false);
    let mut world = Counted::default();
    let servers =
        [world.server("lawful.test", &[LAWFUL.parse().unwrap()], Manner::Close, &closed).await];
    let lawful = world.visits.clone();
    let at = [SECRET.parse().unwrap()];
    world.server("secret.test", &at, Manner::Close, &closed).await;
    let secret = world.visits[lawful.len()..].to_vec();
    let setup = world.setup(patience(Duration::from_secs(2)), Setup::local());
    let mut plan = Plan::of(setup, audience);
    plan.catalogue = Catalogue { entries: vec![entry("lawful", &servers)], controls: vec![] };
    plan.caps.burst = 10_000;
    Scene { running: plan.start(), lawful, secret, _open: open }
}

fn count(visits: &[Visits]) -> usize {
    visits.iter().map(Visits::count).sum()
}

/// What stands in place of `/v1/report/ID`, and headers.
const ATTEMPTS: &str = r"
/v1/report/secret
/v1/report/secret.test
/v1/report/secret.test:587
/v1/report/127.77.3.9
/v1/report/127.77.3.9:587
/v1/report/2135753481
/v1/report/0x7f4d0309
/v1/report/0177.77.3.9
/v1/report/127.77.777
/v1/report/[::ffff:127.77.3.9]
/v1/report/::ffff:7f4d:309
/v1/report/64:ff9b::7f4d:309
/v1/report/2002:7f4d:309::
/v1/report/localhost
/v1/report/http://secret.test/
/v1/report/http:%2f%2fsecret.test
/v1/report/user@secret.test
/v1/report/lawful@secret.test
/v1/report/lawful,secret.test
/v1/report/lawful%2csecret.test
/v1/report/lawful%0d%0asecret.test
/v1/report/lawful%00.secret.test
/v1/report/lawful%20secret.test
/v1/report/lawful;host=secret.test
/v1/report/lawful/secret.test
/v1/report/lawful/../secret.test
/v1/report/lawful%2f..%2fsecret.test
/v1/report/..%2fsecret.test
/v1/report/%2e%2e/secret.test
/v1/report/%252e%252e%252fsecret.test
/v1/report/lawful.
/v1/report/LAWFUL
/v1/report/lawful%23secret.test
/v1/report/%6c%61wful.secret.test
/v1/report/
/v1/report
/v1/report/secret.test/events
/v1/report/127.77.3.9/events
/v1/history/secret.test
/v1/history/..%2f..%2fetc%2fpasswd
/v1/report/lawful?host=secret.test
/v1/report/lawful?address=127.77.3.9&port=25
/v1/report/lawful?url=http://secret.test:587/
/v1/report/lawful?id=secret.test&id=secret
/v1/report/lawful#secret.test
//secret.test/v1/report/lawful
http://secret.test/v1/report/lawful
http://secret.test:587/
http://127.77.3.9:587/v1/report/secret
*
";

/// What may be answered, about the lawful provider: the rest of it says nothing to a server.
const HARMLESS: [&str; 3] =
    ["/v1/report/lawful?", "/v1/report/lawful#", "http://secret.test/v1/report/lawful"];

const HEADERS: &str = r"
Host: secret.test
Host: 127.77.3.9:587
X-Forwarded-Host: secret.test
X-Forwarded-For: 127.77.3.9
Forwarded: for=127.77.3.9;host=secret.test
X-Original-URL: /v1/report/secret.test
X-Rewrite-URL: /v1/report/secret.test
X-Http-Method-Override: CONNECT
Referer: http://secret.test/
Origin: http://secret.test
Upgrade: h2c
Proxy-Connection: keep-alive
";

#[test]
fn nothing_outside_the_catalogue_is_ever_connected() {
    block_on(async {
        for audience in [public(), Audience::Local] {
            let local = audience == Audience::Local;
            let scene = scene(audience).await;
            let to = scene.running.address;
            for path in ATTEMPTS.trim().lines() {
                let request = server::request(to, path, "");
                let reply = exchange(to, HOME, request.as_bytes()).await.unwrap();
                let harmless = HARMLESS.iter().any(|it| path.starts_with(it));
                let lawful = harmless && reply.body.contains(r#""provider":"lawful""#);
                assert!(reply.status != 200 || lawful, "{path}: {reply:?}");
                assert!(!reply.body.contains("secret"), "{path}: {reply:?}");
                assert!(!(300..400).contains(&reply.status), "{path} leads elsewhere");
            }
            for header in HEADERS.trim().lines() {
                let request = format!(
                    "GET /v1/report/lawful HTTP/1.1\r\n{}{header}\r\nConnection: close\r\n\r\n",
                    if header.starts_with("Host") {
                        String::new()
                    } else {
                        format!("Host: {to}\r\n")
                    }
                );
                let reply = exchange(to, HOME, request.as_bytes()).await.unwrap();
                let foreign = header.starts_with("Host: secret") || header.starts_with("Origin");
                assert_eq!(reply.status == 403, local && foreign, "{header}: {reply:?}");
            }
            for line in [
                "CONNECT secret.test:587",
                "CONNECT 127.77.3.9:587",
                "TRACE /",
                "PUT /v1/report/secret",
            ] {
                let request = format!("{line} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n");
                let reply = exchange(to, HOME, request.as_bytes()).await.unwrap();
                assert_eq!(reply.status, 405, "{line}: {reply:?}");
            }
            assert_eq!(count(&scene.secret), 0, "somebody was reached who must not be");
            assert_eq!(count(&scene.lawful), 2, "the lawful server, once a port");
        }
    });
}

#[test]
fn a_local_server_is_deaf_to_other_names() {
    block_on(async {
        let scene = scene(Audience::Local).await;
        let to = scene.running.address;
        for host in
            ["rebound.example", "rebound.example:80", "127.0.0.1.nip.example", "0.0.0.0", ""]
        {
            let request = format!(
                "GET /v1/report/lawful HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            );
            let reply = exchange(to, HOME, request.as_bytes()).await.unwrap();
            assert_eq!(reply.status, 403, "{host}");
        }
        assert_eq!(count(&scene.lawful), 0, "and looks at nothing for them");
    });
}

#[test]
fn no_special_address_has_a_place_on_the_internet() {
    let special = "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.77.3.9 169.254.169.254 172.16.0.1 172.31.255.255
        192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1
        255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808
        64:ff9b:1::7f00:1 100::1 2001::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:a01:203:: 3fff::1 5f00::1
        fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1";
    for text in special.split_whitespace() {
        let address: IpAddr = text.parse().unwrap();
        assert_eq!(World::Internet.place(address, 587), None, "{text}");
    }
    let public: IpAddr = "8.8.8.8".parse().unwrap();
    assert_eq!(World::Internet.place(public, 587), Some((public, 587).into()));
}

// --- names that lie

struct Public(Child);

impl Drop for Public {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// The real program with a name server of ours, in a mount namespace of its own.
fn program_with_names(name_server: IpAddr) -> Result<(Public, SocketAddr), String> {
    let file = std::env::temp_dir().join(format!("outbox-doctor-{}-resolv", std::process::id()));
    std::fs::write(&file, format!("nameserver {name_server}\noptions timeout:1 attempts:1\n"))
        .unwrap();
    let script = format!(
        "mount --bind {} \"$(readlink -f /etc/resolv.conf)\" && exec {} serve --public --listen 127.0.0.1:0",
        file.display(),
        env!("CARGO_BIN_EXE_outbox-doctor")
    );
    let mut child = Command::new("unshare")
        .args(["--mount", "sh", "-c", &script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address =
        line.trim().strip_prefix("http://").and_then(|it| it.trim_end_matches('/').parse().ok());
    match address {
        Some(address) => Ok((Public(child), address)),
        None => {
            let output = child.wait_with_output().unwrap();
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }
}

/// Everything on this computer that listens on a mail port, on any of its addresses.
async fn baits() -> std::io::Result<Vec<Visits>> {
    let mut all = Vec::new();
    for port in [25, 465, 587] {
        for any in ["0.0.0.0", "::"] {
            let socket = if any == "::" {
                tokio::net::TcpSocket::new_v6()?
            } else {
                tokio::net::TcpSocket::new_v4()?
            };
            socket.set_reuseaddr(true)?;
            match socket.bind((any.parse::<IpAddr>().unwrap(), port).into()) {
                Ok(()) => all.push(counted::count(socket.listen(64)?)),
                // `::` hears IPv4 too where the system says so, and the port is ours then
                Err(_) if any == "::" => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(all)
}

const LIES: [(&str, &str); 6] = [
    ("mobile.charter.net", "127.0.0.1 10.1.2.3 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0"),
    ("mail.brighthouse.com", "cname:one.test"),
    ("one.test", "cname:two.test"),
    ("two.test", "127.0.0.1 ::1"),
    (
        "mail.twc.com",
        "::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: fd00::1 fe80::1 2001:db8::1",
    ),
    ("smtp.gmail.com", "127.0.0.2 ::ffff:127.0.0.2"),
];

#[test]
fn names_that_lead_inside_are_told_of_and_never_followed() {
    block_on(async {
        let baits = match baits().await {
            Ok(baits) => baits,
            Err(error) => {
                return println!("skipped, because mail ports cannot be listened on: {error}");
            }
        };
        let Ok(asked) = names::serve("127.0.0.77", &LIES).await else {
            return println!("skipped, because port 53 cannot be listened on");
        };
        let (_program, to) = match program_with_names("127.0.0.77".parse().unwrap()) {
            Ok(started) => started,
            Err(error) => {
                return println!("skipped, because there are no mount namespaces: {error}");
            }
        };
        for id in ["charter", "brighthouse", "twc"] {
            let reply = get(to, &format!("/v1/report/{id}")).await;
            let report = Report::parse(&reply.body).unwrap();
            let mut seen = 0;
            for target in
                report.targets.iter().chain(&report.controls).filter(|it| it.address.is_some())
            {
                let dns = target.at(Stage::Dns).unwrap();
                assert_eq!(dns.code, Some(Code::DnsSpecialAddress), "{target:#?}");
                // a translated address may be the network's doing, and is nobody's fault
                assert!(matches!(dns.status, Status::Failed | Status::CouldNotTest), "{target:#?}");
                let later = target.stages.iter().filter(|it| it.stage != Stage::Dns);
                assert!(later.into_iter().all(|it| it.status == Status::Skipped), "{target:#?}");
                seen += 1;
            }
            assert!(seen >= 8, "{id}: {report:#?}");
        }
        let asked = asked.all();
        for (name, _) in LIES.iter().filter(|it| !it.0.ends_with(".test")) {
            assert!(asked.iter().any(|it| it == name), "nobody asked for {name}: {asked:?}");
        }
        assert_eq!(count(&baits), 0, "somebody followed");
    });
}

// --- what a request may be

#[test]
fn large_heads_and_bodies_are_refused() {
    block_on(async {
        let scene = scene(public()).await;
        let to = scene.running.address;
        let long = |count: usize| format!("X-Long: {}\r\n", "a".repeat(count));
        assert_eq!(get_from(to, HOME, "/v1/health", &long(7000)).await.status, 200);
        assert_eq!(get_from(to, HOME, "/v1/health", &long(9000)).await.status, 431);
        let many = "X-Many: a\r\n".repeat(70);
        assert_eq!(get_from(to, HOME, "/v1/health", &many).await.status, 431);
        let path = format!("/v1/report/{}", "a".repeat(9000));
        assert!([414, 431].contains(&get(to, &path).await.status));
        for more in [
            "Content-Length: 1\r\n",
            "Content-Length: 99999999999\r\n",
            "Transfer-Encoding: chunked\r\n",
        ] {
            let begun = Instant::now();
            assert_eq!(get_from(to, HOME, "/v1/health", more).await.status, 413, "{more}");
            assert!(begun.elapsed() < Duration::from_secs(2), "without waiting for it");
        }
    });
}

#[test]
fn nobody_takes_all_connections_or_streams() {
    block_on(async {
        let (_open, closed) = watch::channel(false);
        let mut world = Counted::default();
        let at = ["127.77.4.1".parse().unwrap()];
        let servers = [world.server("tarpit.test", &at, Manner::Tarpit, &closed).await];
        let setup = world.setup(patience(Duration::from_secs(30)), Setup::local());
        let mut plan = Plan::of(setup, public());
        plan.catalogue = Catalogue { entries: vec![entry("tarpit", &servers)], controls: vec![] };
        (plan.caps.connections, plan.caps.per_client) = (10, 4);
        (plan.caps.streams, plan.caps.streams_per_client) = (3, 2);
        let running = plan.start();
        let to = running.address;
        let stream = async |last: u8| {
            let mut stream = connect(to, [127, 0, 4, last].into()).await.unwrap();
            let request = server::request(to, "/v1/report/tarpit/events", "");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut head = [0; 12];
            let read = timeout(Duration::from_secs(2), stream.read_exact(&mut head)).await;
            let _closed = read.unwrap();
            (String::from_utf8_lossy(&head).into_owned(), stream)
        };
        let held = [stream(1).await, stream(1).await];
        assert!(held.iter().all(|it| it.0 == "HTTP/1.1 200"), "{held:?}");
        assert_eq!(stream(1).await.0, "HTTP/1.1 503", "two streams a client");
        let other = stream(2).await;
        assert_eq!(
            (other.0.as_str(), stream(3).await.0.as_str()),
            ("HTTP/1.1 200", "HTTP/1.1 503")
        );
        drop((held, other));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(stream(3).await.0, "HTTP/1.1 200", "whoever leaves makes room");
        let mut idle = Vec::new();
        for _ in 0..6 {
            idle.push(connect(to, [127, 0, 4, 9].into()).await.unwrap());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut open = 0;
        for stream in &mut idle {
            let mut byte = [0];
            open += usize::from(
                timeout(Duration::from_millis(50), stream.read(&mut byte)).await.is_err(),
            );
        }
        assert_eq!(open, 4, "four connections a client");
        assert_eq!(get_from(to, [127, 0, 4, 10].into(), "/v1/health", "").await.status, 200);
    });
}

//! The rows about names: the system's own resolver, and name servers that answer badly.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use outbox_doctor::network::{Code, Family, Mode, Stage, Status};
use outbox_doctor::probe::{Limits, Roots, Routes, World};
use tokio::net::TcpStream;

use crate::cell::Lab;
use crate::isolation::{OWN, run};
use crate::look::{report, setup};
use crate::matrix::{Expect, Patience};
use crate::name_server;
use crate::table::Line;

struct Row {
    name: &'static str,
    host: &'static str,
    /// Seconds for the name.
    limit: u64,
    code: Code,
}

const fn row(name: &'static str, host: &'static str, limit: u64, code: Code) -> Row {
    Row { name, host, limit, code }
}

const MATRIX: &[Row] = &[
    row("NXDOMAIN", "nowhere.test", 10, Code::DnsNotFound),
    row("SERVFAIL", "broken.test", 30, Code::DnsServerFailed),
    row("REFUSED", "unwilling.test", 10, Code::DnsRefused),
    row("a name without addresses", "empty.test", 10, Code::DnsNoAddress),
    row("name server silent, the probe's limit", "silent.test", 1, Code::DnsTimeout),
    row("name server silent, the resolver gives up", "silent.test", 30, Code::DnsTimeout),
    row("a private address", "private.test", 10, Code::DnsSpecialAddress),
];

const SCRIPT: &[(&str, &str)] = &[
    ("broken.test", "rcode:2"),
    ("unwilling.test", "rcode:5"),
    ("empty.test", ""),
    ("silent.test", "silent"),
    ("private.test", "10.0.0.1"),
];

/// What Unbound is told to do with these names.
const UNBOUND: &str = "server:
  do-daemonize: no
  use-syslog: no
  chroot: \"\"
  username: \"\"
  pidfile: \"\"
  directory: \"/\"
  interface: 127.0.0.2
  interface: 2620::2
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  module-config: \"iterator\"
  do-not-query-localhost: no
  local-zone: \"test.\" nodefault
  local-zone: \"nowhere.test.\" always_nxdomain
  local-zone: \"unwilling.test.\" always_refuse
  local-zone: \"empty.test.\" always_nodata
  local-zone: \"silent.test.\" always_deny
  local-data: \"private.test. A 10.0.0.1\"
remote-control:
  control-enable: no
forward-zone:
  name: \"broken.test.\"
  forward-addr: 127.0.0.1
";

const SCRIPTED: [&str; 2] = ["127.0.0.1", "::1"];
const REAL: [&str; 2] = ["127.0.0.2", "2620::2"];

/// One name server after the other, because there is one `resolv.conf`.
pub async fn matrix(lab: &Lab, words: &[String]) -> Vec<Line> {
    let chosen =
        |row: &&Row| words.is_empty() || words.iter().any(|it| row.name.contains(it.as_str()));
    let rows: Vec<&Row> = MATRIX.iter().filter(chosen).collect();
    let mut lines: Vec<Line> = rows.iter().map(|row| line(row)).collect();
    let prepared = lab.network.clone().and_then(|()| settle());
    if let Err(reason) = prepared {
        lines.iter_mut().for_each(|it| it.skip("scripted", &reason));
        return lines;
    }
    for at in SCRIPTED {
        name_server::serve(at, SCRIPT).await.unwrap();
    }
    ask_all("scripted", SCRIPTED, &rows, &mut lines).await;
    match unbound().await {
        Ok(mut child) => {
            ask_all("Unbound", REAL, &rows, &mut lines).await;
            let _gone = (child.kill(), child.wait());
        }
        Err(reason) => lines.iter_mut().for_each(|it| it.skip("Unbound", &reason)),
    }
    lines
}

fn expect(row: &Row) -> Expect {
    Expect { stage: Stage::Dns, status: Status::Failed, code: Some(row.code), reply: None }
}

fn line(row: &Row) -> Line {
    Line { name: row.name, expected: expect(row).to_string(), ..Line::default() }
}

/// The system asks name servers and nobody else.
fn settle() -> Result<(), String> {
    own("nsswitch.conf", "hosts: files dns\n")?;
    own("resolv.conf", "")
}

/// Puts a file of ours in the place of one in `/etc`, which may not be ours to write.
fn own(name: &str, text: &str) -> Result<(), String> {
    let (ours, theirs) = (format!("{OWN}/{name}"), format!("/etc/{name}"));
    fs::write(&ours, text).map_err(|error| format!("{ours}: {error}"))?;
    if fs::symlink_metadata(&theirs).is_ok_and(|it| it.is_symlink()) {
        // it may lead to where a service of this machine keeps it, which is not here
        let made = fs::remove_file(&theirs).and_then(|()| fs::write(&theirs, ""));
        made.map_err(|error| format!("{theirs}: {error}"))?;
    }
    run("mount", &["--bind", &ours, &theirs]).map(|_| ())
}

async fn ask_all(server: &'static str, at: [&str; 2], rows: &[&Row], lines: &mut [Line]) {
    for (family, address) in [Family::V4, Family::V6].into_iter().zip(at) {
        let options = "options timeout:1 attempts:1";
        fs::write("/etc/resolv.conf", format!("nameserver {address}\n{options}\n")).unwrap();
        let mut looks = tokio::task::JoinSet::new();
        for (number, host, limit) in (0..).zip(rows).map(|(number, it)| (number, it.host, it.limit))
        {
            let limits = |it: Limits| Limits { dns: Duration::from_secs(limit), ..it };
            let routes = Routes { v4: true, v6: true };
            let mut setup = setup(Patience::Long, World::Internet, Roots::public(), routes);
            setup.limits = limits(setup.limits);
            looks.spawn(async move { (number, report(host, Mode::Starttls, setup).await) });
        }
        while let Some(done) = looks.join_next().await {
            let (number, report): (usize, _) = done.unwrap();
            let result = match report.targets.first() {
                Some(target) => expect(rows[number]).check(target),
                None => Err("no target".to_owned()),
            };
            lines[number].note(server, family, result.is_ok());
            if let Err(why) = result {
                let whole = serde_json::to_string_pretty(&report).unwrap_or_default();
                println!("\nFAILED: {} / {server} / {address}: {why}\n{whole}", rows[number].name);
            }
        }
    }
}

async fn unbound() -> Result<Child, String> {
    const PROGRAM: &str = "/usr/sbin/unbound";
    if !std::path::Path::new(PROGRAM).exists() {
        return Err("it is not here; on Debian, `cargo xtask test lab` gets it".to_owned());
    }
    let text = |error: std::io::Error| error.to_string();
    run("ip", &["address", "add", "2620::2/128", "dev", "lo", "nodad"])?;
    fs::write("/etc/unbound.lab", UNBOUND).map_err(text)?;
    let mut command = Command::new(PROGRAM);
    let log = fs::File::create("/run/unbound.log").map_err(text)?;
    command.args(["-d", "-c", "/etc/unbound.lab"]).stdin(Stdio::null());
    let child = command.stdout(log.try_clone().map_err(text)?).stderr(log).spawn().map_err(text)?;
    for address in REAL {
        let place = SocketAddr::new(address.parse::<IpAddr>().unwrap(), 53);
        for _ in 0..100 {
            match TcpStream::connect(place).await {
                Ok(_) => break,
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
    Ok(child)
}

//! `check`: the provider's servers as this computer sees them, stage by stage.

mod said;
mod table;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::knowledge::{self, Knowledge, Provider};
use crate::network::{Finding, Progress, Report, Stage, Verdict, verdict};
use crate::probe::surroundings::look;
use crate::probe::{self, Server, Setup, catalogue};
use crate::session::provider_of;
use table::Table;

const HELP: &str = "\
outbox-doctor check DOMAIN [--json] [--alone]

  outbox-doctor check nc.rr.com

Looks at the outgoing servers of this address domain from here: ports 587 (both kinds of encryption)
and 465, 25 for comparison, every address. Never signs in, never sends mail. For comparison it also
opens a connection to smtp.gmail.com, smtp.mail.yahoo.com and smtp.mail.me.com, reads the greeting
and leaves, and asks three well-known hosts over HTTP what time it is and whether a sign-in page is in
the way; --alone leaves all of that out. --json prints the report (smtp-probe/1) and what follows from it.

The exit code tells where it fails:
   0  it works                     10  dns: the name           15  tls: the handshake
   2  wrong usage, unknown domain  11  tcp: the connection     16  cert: the certificate
   3  could not test               12  greeting                17  ehlo_tls: encrypted extensions
   4  587 fails, 465 works         13  ehlo                    18  auth: no way to sign in
   5  some addresses fail          14  starttls";

/// What programs get.
#[derive(Serialize)]
struct Checked {
    report: Report,
    finding: Finding,
}

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &[], &["json", "alone", "help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    let kb = knowledge::embedded();
    let provider = provider(&kb, &options.plain)?;
    let mut servers = catalogue::servers(provider);
    if !options.has("alone") {
        servers.extend(catalogue::controls());
    }
    let json = options.has("json");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let rows = Rows::new(!json);
    let setup = Setup::local().with_beacons(if options.has("alone") { &[] } else { &kb.beacons });
    let report = runtime.block_on(watch(servers, setup, &provider.key, rows));
    runtime.shutdown_background(); // a resolver that hangs does not hold us
    let finding = verdict(std::slice::from_ref(&report));
    let code = exit_code(&finding);
    if json {
        say(&serde_json::to_string_pretty(&Checked { report, finding })?);
    } else {
        say(&said::closing(&knowledge::english(), &report, &finding));
    }
    Ok(ExitCode::from(code))
}

/// The provider of a domain or an address.
fn provider<'a>(kb: &'a Knowledge, plain: &[String]) -> Result<&'a Provider, Failure> {
    let [domain] = plain else {
        return Err(Failure::usage("name one address domain, such as nc.rr.com"));
    };
    let domain = domain.rsplit('@').next().unwrap_or(domain).trim_end_matches('.');
    let domain = domain.to_ascii_lowercase();
    let id = provider_of(kb, &domain).ok_or_else(|| {
        let known: Vec<&str> =
            kb.providers.iter().flat_map(|it| it.domains.iter().map(String::as_str)).collect();
        Failure(format!("unknown domain `{domain}`; known are {}", known.join(", ")))
    })?;
    Ok(kb.provider(id))
}

/// Runs the probe and shows each target as soon as it is over.
async fn watch(servers: Vec<Server>, setup: Setup, provider: &str, mut rows: Rows) -> Report {
    let setup = Arc::new(setup);
    let around = tokio::spawn(look(Arc::clone(&setup)));
    let mut events = probe::run(servers, Arc::clone(&setup));
    let mut progress = Progress::default();
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => progress.apply(event),
                None => break,
            },
            _ = tick.tick() => {}
        }
        rows.show(&progress);
    }
    rows.end();
    let around = around.await.unwrap_or_default();
    progress.report(around.around(setup.local_vantage()), provider)
}

/// What is on the screen.
struct Rows {
    table: Option<Table>,
    shown: BTreeSet<usize>,
    begun: Instant,
    live: bool,
}

impl Rows {
    fn new(wanted: bool) -> Rows {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty())
            || std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        let table = wanted.then(|| Table::new(std::io::stdout().is_terminal() && !plain));
        let live = wanted && std::io::stderr().is_terminal() && !plain;
        Rows { table, shown: BTreeSet::new(), begun: Instant::now(), live }
    }

    fn show(&mut self, progress: &Progress) {
        let Some(table) = &mut self.table else { return };
        let mut lines = Vec::new();
        for (number, target) in progress.targets() {
            if progress.is_over(number) && self.shown.insert(number) {
                lines.extend(table.row(target));
            }
        }
        if self.live {
            clear();
        }
        if !lines.is_empty() {
            say(&lines.join("\n"));
        }
        if self.live && !progress.is_done() {
            let (known, over) = progress.count();
            let seconds = self.begun.elapsed().as_secs();
            eprint!("{over} of {known} ways looked at, {seconds} s");
            let _gone = std::io::stderr().flush();
        }
    }

    fn end(&self) {
        if self.live {
            clear();
        }
    }
}

/// Wipes the line that tells how far it is.
fn clear() {
    eprint!("\r\x1b[K");
}

fn exit_code(finding: &Finding) -> u8 {
    match (finding.verdict, finding.stage) {
        // a sign-in page in the way: nothing was learnt about the server
        (Verdict::CouldNotTest, _) | (Verdict::Hijacked, None) => 3,
        (_, Some(stage)) => stage_code(stage),
        (Verdict::UseOtherPort, None) => 4,
        (Verdict::Partial, None) => 5,
        (_, None) => 0,
    }
}

fn stage_code(stage: Stage) -> u8 {
    match stage {
        Stage::Dns => 10,
        Stage::Tcp => 11,
        Stage::Greeting => 12,
        Stage::Ehlo => 13,
        Stage::Starttls => 14,
        Stage::Tls => 15,
        Stage::Cert => 16,
        Stage::EhloTls => 17,
        Stage::Auth | Stage::Quit => 18,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "test code stops at surprises")]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;
    use std::net::{IpAddr, Ipv4Addr, TcpListener};

    use super::*;
    use crate::knowledge::Beacon;
    use crate::network::Code;
    use crate::probe::World;
    use crate::probe::surroundings::PORT;
    use crate::probe::world::Lab;

    /// What `check nc.rr.com` finds where its server's name leads to these addresses, on which
    /// nobody listens.
    fn check(addresses: Result<Vec<IpAddr>, Code>) -> (Report, Finding) {
        let kb = knowledge::embedded();
        let provider = provider(&kb, &["you@nc.rr.com".to_owned()]).unwrap();
        let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let real = closed.local_addr().unwrap().port();
        drop(closed);
        let ports = [587, 465, 25];
        let doors = ports.map(|port| ((IpAddr::V4(Ipv4Addr::LOCALHOST), port), real));
        let names = BTreeMap::from([("mail.twc.com".to_owned(), addresses)]);
        let world = World::Lab(Lab { names, doors: doors.into_iter().collect(), ..Lab::default() });
        let mut servers = catalogue::servers(provider);
        servers.extend(catalogue::controls());
        let setup = Setup { world, ..Setup::local() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let report = runtime.block_on(watch(servers, setup, &provider.key, Rows::new(false)));
        let finding = verdict(std::slice::from_ref(&report));
        (report, finding)
    }

    #[test]
    fn the_exit_code_names_the_stage_that_failed() {
        let (report, finding) = check(Ok(vec![Ipv4Addr::LOCALHOST.into()]));
        assert_eq!((finding.verdict, exit_code(&finding)), (Verdict::Undecided, 11));
        assert_eq!(report.targets.len(), 4);
        let said = said::closing(&knowledge::english(), &report, &finding);
        for words in [
            "We cannot say yet. The mail server did not answer as it should",
            "What was seen so far is not enough to blame anyone.",
            "  - Your computer: it stops at “Reach it”. The connection was refused.",
            "Step by step, in your browser: outbox-doctor",
            "  - We could not see whether others answer on port 587.",
        ] {
            assert!(said.contains(words), "no {words} in {said}");
        }
    }

    /// Hosts that say this to whoever connects, as the beacons of a world.
    fn beacons(setup: &mut Setup, says: &[String]) {
        let World::Lab(map) = &mut setup.world else { return };
        for (number, text) in (1..).zip(says.to_vec()) {
            let ip = IpAddr::V4(Ipv4Addr::new(127, 81, 0, number));
            let listener = TcpListener::bind((ip, 0)).unwrap();
            let host = format!("beacon-{number}.test");
            map.doors.insert((ip, PORT), listener.local_addr().unwrap().port());
            map.names.insert(host.clone(), Ok(vec![ip]));
            setup.beacons.push(Beacon { host, path: "/".to_owned() });
            std::thread::spawn(move || {
                while let Ok((mut stream, _)) = listener.accept() {
                    let _request = stream.read(&mut [0; 1024]);
                    let _gone = stream.write_all(text.as_bytes());
                }
            });
        }
    }

    /// What `check` says of one of the lab's servers where the beacons say this.
    fn said_of(provider: &str, says: &[String]) -> (String, u8) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let report = runtime.block_on(async {
            let lab = crate::probe::lab::Lab::open().await.unwrap();
            let mut setup = lab.setup.clone();
            beacons(&mut setup, says);
            let (_, servers) = lab.providers.iter().find(|it| it.0 == provider).unwrap();
            watch(servers.clone(), setup, provider, Rows::new(false)).await
        });
        let finding = verdict(std::slice::from_ref(&report));
        (said::closing(&knowledge::english(), &report, &finding), exit_code(&finding))
    }

    #[test]
    fn a_wrong_clock_is_said() {
        let long_ago = "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 2022 08:49:37 GMT\r\n\r\n";
        let (said, code) = said_of("lab-expired", &[long_ago.to_owned(), long_ago.to_owned()]);
        assert!(
            said.contains("It is on your side. The clock of your computer is wrong."),
            "{said}"
        );
        assert!(said.contains("  - The clock of your computer is off by about "), "{said}");
        assert_eq!(code, 16, "the certificate is where it fails");
    }

    #[test]
    fn a_sign_in_page_is_said() {
        let away = "HTTP/1.1 302 Found\r\nLocation: http://192.168.0.1/\r\n\r\n".to_owned();
        let page = "HTTP/1.1 200 OK\r\n\r\n<html>Sign in".to_owned();
        let (said, code) = said_of("lab-refusing", &[away, page]);
        assert!(said.contains("Your network wants something from you first."), "{said}");
        assert!(said.contains("  - A sign-in page of the network answers."), "{said}");
        assert_eq!(code, 11);
    }

    #[test]
    fn with_a_sign_in_page_and_nothing_tested_it_could_not_test() {
        let situation =
            Finding { verdict: Verdict::Hijacked, stage: None, reasons: vec![], seen: vec![] };
        assert_eq!(exit_code(&situation), 3);
    }

    #[test]
    fn without_any_name_it_could_not_test() {
        let (report, finding) = check(Err(Code::DnsTimeout));
        assert_eq!((finding.verdict, exit_code(&finding)), (Verdict::CouldNotTest, 3));
        let said = said::closing(&knowledge::english(), &report, &finding);
        assert!(said.contains("We cannot say yet. We could not test it."), "{said}");
    }

    #[test]
    fn what_programs_get_is_a_report_that_can_be_read_again() {
        let (report, finding) = check(Ok(vec![Ipv4Addr::LOCALHOST.into()]));
        let json = serde_json::to_value(Checked { report: report.clone(), finding }).unwrap();
        assert_eq!(json["finding"]["verdict"], "undecided");
        assert_eq!(json["finding"]["seen"][0]["sights"][0]["code"], "tcp.refused");
        assert_eq!(Report::parse(&json["report"].to_string()).unwrap(), report);
    }

    #[test]
    fn a_row_shows_each_stage_and_why_it_failed() {
        let (report, _) = check(Ok(vec![Ipv4Addr::LOCALHOST.into()]));
        let mut table = Table::new(false);
        let lines: Vec<String> = report.targets.iter().flat_map(|it| table.row(it)).collect();
        assert_eq!(lines.len(), 2 + 4 * 2, "{lines:#?}");
        assert!(lines[0].starts_with(" port mode") && lines[1] == "mail.twc.com", "{lines:#?}");
        assert!(
            lines[2].starts_with("  587 starttls 127.0.0.1") && lines[2].contains("  FAIL     -")
        );
        assert!(lines[3].trim_start().starts_with("tcp: tcp.refused after"), "{lines:#?}");
        let painted = Table::new(true).row(report.targets.first().unwrap()).join("\n");
        assert!(painted.contains("\x1b[31m  FAIL\x1b[0m"), "{painted:?}");
    }

    #[test]
    fn every_stage_has_a_code_of_its_own_and_the_help_tells_it() {
        for stage in crate::network::Mode::Starttls.stages() {
            let code = stage_code(*stage);
            let named = format!("{code}  {}", stage.key());
            assert!(*stage == Stage::Quit || HELP.contains(&named), "no `{named}` in the help");
        }
    }
}

//! The stage reader against scripted servers on loopback, over both address families.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

#[path = "support/peer.rs"]
mod peer;

use std::collections::BTreeMap;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use outbox_doctor::network::{
    Code, Egress, Event, Here, Measurement, Mode, Outcome, Progress, Report, Stage, Status, Target,
    Trouble, Trust, finding, verdict,
};
use outbox_doctor::probe::world::Lab;
use outbox_doctor::probe::{self, Door, Limits, Roots, Server, Setup, Size, World};
use peer::{Authority, Peer, Step, peer, self_signed, send};

const HOST: &str = "smtp.test";
const FAMILIES: [&str; 2] = ["127.0.0.1", "::1"];

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Generous where success is expected: the machine may be busy.
fn patient() -> Limits {
    let second = Duration::from_secs(1);
    Limits {
        dns: second,
        tcp: second,
        greeting: 5 * second,
        other_mode: Duration::from_millis(60),
        reply: 5 * second,
        quit: second,
        slow: 5 * second,
        total: 30 * second,
        size: Size::default(),
    }
}

/// Short where silence is expected.
fn impatient() -> Limits {
    let moment = Duration::from_millis(250);
    Limits { greeting: moment, reply: moment, ..patient() }
}

fn setup(doors: &[((&str, u16), u16)], limits: Limits, roots: Roots) -> Setup {
    let mut lab = Lab::default();
    for ((address, port), real) in doors {
        let addresses = lab.names.entry(HOST.to_owned()).or_insert_with(|| Ok(vec![]));
        let addresses = addresses.as_mut().unwrap();
        if !addresses.contains(&ip(address)) {
            addresses.push(ip(address));
        }
        lab.doors.insert((ip(address), *port), *real);
    }
    Setup {
        limits,
        world: World::Lab(lab),
        roots,
        routes: probe::Routes { v4: true, v6: true },
        ..Setup::local()
    }
}

fn server(doors: &[(u16, &[Mode])]) -> Server {
    let door = |(port, modes): &(u16, &[Mode])| Door {
        port: *port,
        modes: modes.to_vec(),
        aside: *port == 25,
    };
    Server { host: HOST.to_owned(), control: false, doors: doors.iter().map(door).collect() }
}

async fn report(servers: Vec<Server>, setup: Setup) -> Report {
    let setup = Arc::new(setup);
    let mut events = probe::run(servers, Arc::clone(&setup));
    let mut progress = Progress::default();
    while let Some(event) = events.recv().await {
        progress.apply(event);
    }
    assert!(progress.is_done());
    progress.report(setup.local_vantage(), "test")
}

/// Looks at one peer in one mode.
async fn look(peer: &Peer, mode: Mode, limits: Limits, roots: Roots) -> Target {
    let address = peer.address.ip().to_string();
    let setup = setup(&[((&address, 587), peer.address.port())], limits, roots);
    report(vec![server(&[(587, &[mode])])], setup).await.targets.remove(0)
}

/// A script's outcome, over both families.
#[track_caller]
fn check(mode: Mode, script: &[Step], limits: Limits, expected: Outcome) -> Target {
    let authority = Authority::new();
    check_by(&authority.roots(), mode, script, limits, expected)
}

#[track_caller]
fn check_by(
    roots: &Roots,
    mode: Mode,
    script: &[Step],
    limits: Limits,
    expected: Outcome,
) -> Target {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut targets = FAMILIES.map(|family| {
        runtime.block_on(async {
            let peer = peer(ip(family), script.to_vec()).await;
            look(&peer, mode, limits, roots.clone()).await
        })
    });
    for (family, target) in FAMILIES.iter().zip(&targets) {
        assert_eq!(target.outcome(), expected, "over {family}: {target:#?}");
        let stages: Vec<Stage> = target.stages.iter().map(|it| it.stage).collect();
        assert_eq!(stages, mode.stages(), "every stage is told of, in order");
    }
    std::mem::replace(&mut targets[0], target_of_nobody())
}

fn target_of_nobody() -> Target {
    Target {
        host: String::new(),
        port: 0,
        mode: Mode::Tls,
        address: None,
        family: None,
        stages: vec![],
        failed_stage: None,
    }
}

fn fails(stage: Stage, code: Code) -> Outcome {
    Outcome::Fails(stage, code)
}

fn at(target: &Target, stage: Stage) -> Measurement {
    target.at(stage).unwrap().clone()
}

const EHLO: &str = "250-smtp.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
const EHLO_TLS: &str = "250-smtp.test\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000\r\n";

/// Greeting and EHLO in the clear.
fn clear() -> Vec<Step> {
    vec![send("220 smtp.test ESMTP\r\n"), Step::Expect("EHLO ["), send(EHLO)]
}

fn starttls(authority: &Authority) -> Vec<Step> {
    let secure = Step::Tls(authority.server(HOST, 2020, 2090));
    let mut script = clear();
    script.extend([Step::Expect("STARTTLS"), send("220 2.0.0 go ahead\r\n"), secure]);
    script
}

fn encrypted() -> Vec<Step> {
    vec![Step::Expect("EHLO ["), send(EHLO_TLS), Step::Expect("QUIT"), send("221 2.0.0 bye\r\n")]
}

fn with(mut script: Vec<Step>, more: impl IntoIterator<Item = Step>) -> Vec<Step> {
    script.extend(more);
    script
}

// --- a good server

#[test]
fn a_good_server_passes_every_stage_with_starttls() {
    let authority = Authority::new();
    let script = with(starttls(&authority), encrypted());
    let target = check_by(&authority.roots(), Mode::Starttls, &script, patient(), Outcome::Works);
    assert!(
        target.stages.iter().all(|it| it.status == Status::Ok && it.code.is_none()),
        "{target:#?}"
    );
    assert_eq!(at(&target, Stage::Auth).detail.mechanisms, ["PLAIN", "LOGIN"]);
    let greeting = at(&target, Stage::Greeting).smtp.unwrap();
    assert_eq!((greeting.code, greeting.text.as_str()), (220, "smtp.test ESMTP"));
    assert_eq!(at(&target, Stage::Starttls).smtp.unwrap().enhanced, "2.0.0");
    let (tls, cert) = (at(&target, Stage::Tls).detail, at(&target, Stage::Cert).detail);
    assert_eq!((tls.tls.as_str(), tls.cipher.starts_with("TLS13_")), ("1.3", true));
    assert_eq!((cert.platform, cert.mozilla), (Some(Trust::Trusted), Some(Trust::Trusted)));
    assert_eq!(cert.chain[0].names, [HOST]);
    assert_eq!(cert.chain[0].not_after.to_string(), "2090-01-01T00:00:00Z");
    assert_eq!(cert.chain[0].sha256.len(), 64);
    assert!(cert.chain[0].subject.contains("CN=rcgen"), "{:?}", cert.chain);
}

#[test]
fn a_good_server_passes_every_stage_with_implicit_tls() {
    let authority = Authority::new();
    let script = with(
        vec![Step::Tls(authority.server(HOST, 2020, 2090)), send("220 hello\r\n")],
        encrypted(),
    );
    let target = check_by(&authority.roots(), Mode::Tls, &script, patient(), Outcome::Works);
    assert!(target.stages.iter().all(|it| it.status == Status::Ok), "{target:#?}");
}

#[test]
fn it_says_hello_asks_for_encryption_and_leaves_and_nothing_else() {
    let authority = Authority::new();
    let names = [("127.0.0.1", "[127.0.0.1]"), ("::1", "[IPv6:::1]")];
    for (family, name) in names {
        let heard = block_on(async {
            let peer = peer(ip(family), with(starttls(&authority), encrypted())).await;
            look(&peer, Mode::Starttls, patient(), authority.roots()).await;
            peer.seen.heard.lock().unwrap().clone()
        });
        let hello = format!("EHLO {name}");
        assert_eq!(heard, [hello.as_str(), "STARTTLS", hello.as_str(), "QUIT"]);
    }
}

#[test]
fn a_server_that_hangs_up_instead_of_saying_goodbye_is_fine() {
    let authority = Authority::new();
    let script = with(starttls(&authority), encrypted().into_iter().take(3));
    let target = check_by(&authority.roots(), Mode::Starttls, &script, patient(), Outcome::Works);
    let quit = at(&target, Stage::Quit);
    assert_eq!((quit.status, quit.code), (Status::CouldNotTest, Some(Code::ReplyClosed)));
    assert_eq!(target.failed_stage, None);
}

#[test]
fn a_slow_stage_is_slow_and_works() {
    let authority = Authority::new();
    let script = with(vec![Step::Wait(120)], with(starttls(&authority), encrypted()));
    let limits = Limits { slow: Duration::from_millis(100), ..patient() };
    let target = check_by(&authority.roots(), Mode::Starttls, &script, limits, Outcome::Works);
    let greeting = at(&target, Stage::Greeting);
    assert!(greeting.status == Status::Slow && greeting.ms >= 100, "{greeting:?}");
}

#[test]
fn sign_in_must_be_offered() {
    let authority = Authority::new();
    let bare = [
        Step::Expect("EHLO"),
        send("250 smtp.test\r\n"),
        Step::Expect("QUIT"),
        send("221 bye\r\n"),
    ];
    let script = with(starttls(&authority), bare);
    check_by(
        &authority.roots(),
        Mode::Starttls,
        &script,
        patient(),
        fails(Stage::Auth, Code::AuthNotOffered),
    );
}

// --- greetings

#[test]
fn a_silent_tarpit() {
    check(
        Mode::Starttls,
        &[Step::Silence],
        impatient(),
        fails(Stage::Greeting, Code::ReplyTimeout),
    );
    check(Mode::Tls, &[Step::Silence], impatient(), fails(Stage::Tls, Code::TlsTimeout));
}

#[test]
fn one_byte_at_a_time_does_not_stretch_the_limit() {
    let script = [Step::Drip(b"220-hello\r\n".repeat(50))];
    let begun = Instant::now();
    check(Mode::Starttls, &script, impatient(), fails(Stage::Greeting, Code::ReplyTimeout));
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn the_limit_of_the_target_cuts_every_stage() {
    let begun = Instant::now();
    let limits = Limits { total: Duration::from_millis(150), ..patient() };
    check(Mode::Starttls, &[Step::Silence], limits, fails(Stage::Greeting, Code::LimitTime));
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn an_endless_reply() {
    let script = with(clear()[..2].to_vec(), [Step::Flood(b"250-more\r\n".to_vec())]);
    check(Mode::Starttls, &script, patient(), fails(Stage::Ehlo, Code::ReplyTooLong));
    let endless_line = [Step::Flood(b"220 aaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_vec())];
    check(Mode::Starttls, &endless_line, patient(), fails(Stage::Greeting, Code::ReplyTooLong));
}

#[test]
fn a_line_that_is_too_long() {
    let line = |length: usize| send(&format!("220 {}\r\n", "a".repeat(length)));
    check(
        Mode::Starttls,
        &[line(507), Step::Silence],
        patient(),
        fails(Stage::Greeting, Code::ReplyTooLong),
    );
    let target =
        check(Mode::Starttls, &[line(506)], patient(), fails(Stage::Ehlo, Code::ReplyClosed));
    assert_eq!(at(&target, Stage::Greeting).smtp.unwrap().text.chars().count(), 200);
}

#[test]
fn a_server_that_refuses() {
    let greeting = |text: &str, code| {
        let target = check(
            Mode::Starttls,
            &[send(text), Step::Silence],
            patient(),
            fails(Stage::Greeting, code),
        );
        at(&target, Stage::Greeting).smtp
    };
    let busy = greeting("421 4.7.0 too many connections\r\n", Code::ReplyClosing).unwrap();
    assert_eq!(
        (busy.code, busy.enhanced.as_str(), busy.text.as_str()),
        (421, "4.7.0", "too many connections")
    );
    greeting("450 later\r\n", Code::ReplyBusy);
    let banned =
        greeting("554-5.7.1 banned\r\n554 5.7.1 see you\r\n", Code::ReplyRejected).unwrap();
    assert_eq!((banned.enhanced.as_str(), banned.text.as_str()), ("5.7.1", "banned 5.7.1 see you"));
    greeting("354 what\r\n", Code::ReplyMalformed);
    assert_eq!(greeting("HTTP/1.1 400 Bad Request\r\n", Code::ReplyHtml), None);
    greeting("<!DOCTYPE html><title>Sign in to the hotel</title>", Code::ReplyHtml);
    greeting("SSH-2.0-OpenSSH\r\n", Code::ReplyMalformed);
}

#[test]
fn words_from_a_server_are_escaped() {
    let script = [Step::Send(b"554 caf\xc3\xa9 \xff \x1b[2J \xe2\x80\xae!\r\n".to_vec())];
    let target =
        check(Mode::Starttls, &script, patient(), fails(Stage::Greeting, Code::ReplyRejected));
    let text = at(&target, Stage::Greeting).smtp.unwrap().text;
    assert_eq!(text, "café \u{fffd} \\u{1b}[2J \\u{202e}!");
}

// --- encryption

#[test]
fn no_starttls() {
    let script = [
        send("220 hi\r\n"),
        Step::Expect("EHLO"),
        send("250-smtp.test\r\n250 AUTH PLAIN\r\n"),
        Step::Silence,
    ];
    check(Mode::Starttls, &script, patient(), fails(Stage::Starttls, Code::StarttlsNotOffered));
}

#[test]
fn starttls_refused() {
    let answer = |text: &str, code| {
        let script = with(clear(), [Step::Expect("STARTTLS"), send(text), Step::Silence]);
        check(Mode::Starttls, &script, patient(), fails(Stage::Starttls, code));
    };
    answer("454 4.7.0 TLS not available\r\n", Code::ReplyBusy);
    answer("502 what\r\n", Code::ReplyRejected);
}

#[test]
fn words_injected_after_starttls() {
    let authority = Authority::new();
    let injected = send("220 go ahead\r\n250 AUTH PLAIN\r\n");
    let secure = Step::Tls(authority.server(HOST, 2020, 2090));
    let script = with(clear(), [Step::Expect("STARTTLS"), injected, secure]);
    let script = with(script, encrypted());
    check_by(
        &authority.roots(),
        Mode::Starttls,
        &script,
        patient(),
        fails(Stage::Starttls, Code::StarttlsInjected),
    );
}

#[test]
fn what_is_no_tls() {
    check(
        Mode::Tls,
        &[send("220 plaintext here\r\n"), Step::Silence],
        patient(),
        fails(Stage::Tls, Code::TlsNotTls),
    );
    let garbage = vec![0x16; 600];
    check(
        Mode::Tls,
        &[Step::Send(garbage.clone()), Step::Silence],
        patient(),
        fails(Stage::Tls, Code::TlsNotTls),
    );
    let script = with(
        clear(),
        [
            Step::Expect("STARTTLS"),
            send("220 go\r\n"),
            Step::Wait(50),
            Step::Send(garbage),
            Step::Silence,
        ],
    );
    check(Mode::Starttls, &script, patient(), fails(Stage::Tls, Code::TlsNotTls));
}

#[test]
fn a_server_with_old_tls_only_says_so_in_an_alert() {
    let alert = |description| {
        [Step::Hear, Step::Send(vec![0x15, 3, 1, 0, 2, 2, description]), Step::Silence]
    };
    check(Mode::Tls, &alert(70), patient(), fails(Stage::Tls, Code::TlsVersion));
    check(Mode::Tls, &alert(40), patient(), fails(Stage::Tls, Code::TlsAlert));
}

/// With this certificate, the dialogue goes on to its end all the same.
#[track_caller]
fn certificate(roots: &Roots, server: Arc<rustls::ServerConfig>, expected: Outcome) -> Measurement {
    let script = with(vec![Step::Tls(server), send("220 hello\r\n")], encrypted());
    let target = check_by(roots, Mode::Tls, &script, patient(), expected);
    assert_eq!(at(&target, Stage::Auth).status, Status::Ok, "the rest is reported all the same");
    at(&target, Stage::Cert)
}

#[test]
fn bad_certificates_are_told_apart_and_reported() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let roots = ours.roots();
    let bad = |server, code| certificate(&roots, server, fails(Stage::Cert, code)).detail;
    let expired = bad(ours.server(HOST, 2019, 2020), Code::CertExpired);
    assert_eq!(expired.platform, Some(Trust::Expired));
    assert_eq!(expired.chain[0].not_after.to_string(), "2020-01-01T00:00:00Z");
    bad(ours.server(HOST, 2080, 2090), Code::CertNotYetValid);
    let other = bad(ours.server("mail.example", 2020, 2090), Code::CertWrongName);
    assert_eq!(other.chain[0].names, ["mail.example"]);
    bad(theirs.server(HOST, 2020, 2090), Code::CertUnknownIssuer);
    bad(self_signed(HOST), Code::CertUnknownIssuer);
}

#[test]
fn an_issuer_that_only_this_system_trusts_is_noteworthy() {
    let (antivirus, mozilla) = (Authority::new(), Authority::new());
    let server = || antivirus.server(HOST, 2020, 2090);
    let roots = Roots { platform: antivirus.verifier(), mozilla: mozilla.verifier() };
    let accepted = certificate(&roots, server(), Outcome::Works);
    assert_eq!((accepted.status, accepted.code), (Status::Ok, Some(Code::CertOnlyHere)));
    let said = (accepted.detail.platform, accepted.detail.mozilla);
    assert_eq!(said, (Some(Trust::Trusted), Some(Trust::UnknownIssuer)));
    let public = Roots { platform: None, mozilla: mozilla.verifier() };
    let unknown = fails(Stage::Cert, Code::CertUnknownIssuer);
    let seen = certificate(&public, server(), unknown).detail;
    assert_eq!(seen.platform, Some(Trust::NotAsked));
    let shipped = certificate(&Roots::local(), server(), unknown).detail;
    assert_eq!(shipped.mozilla, Some(Trust::UnknownIssuer));
}

// --- leaving early

#[test]
fn a_server_that_leaves_early_at_every_stage() {
    let authority = Authority::new();
    let whole = with(starttls(&authority), encrypted());
    let roots = authority.roots();
    let expected = [
        (0, Stage::Greeting, Code::ReplyClosed),
        (2, Stage::Ehlo, Code::ReplyClosed),
        (4, Stage::Starttls, Code::ReplyClosed),
        (7, Stage::EhloTls, Code::ReplyClosed),
    ];
    for (steps, stage, code) in expected {
        check_by(&roots, Mode::Starttls, &whole[..steps], patient(), fails(stage, code));
    }
    let hello_then_gone = with(whole[..5].to_vec(), [Step::Wait(50)]);
    check_by(
        &roots,
        Mode::Starttls,
        &hello_then_gone,
        patient(),
        fails(Stage::Tls, Code::TlsClosed),
    );
    check_by(&roots, Mode::Tls, &[Step::Wait(50)], patient(), fails(Stage::Tls, Code::TlsClosed));
}

// --- names and connections

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// A port of loopback on which nobody listens.
fn closed(family: &str) -> u16 {
    TcpListener::bind((ip(family), 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn a_refused_port_is_refused_for_every_mode_with_one_connection() {
    for family in FAMILIES {
        let setup = setup(&[((family, 587), closed(family))], patient(), Roots::public());
        let report = block_on(report(vec![server(&[(587, &[Mode::Starttls, Mode::Tls])])], setup));
        assert_eq!(report.targets.len(), 2);
        for target in &report.targets {
            assert_eq!(target.outcome(), fails(Stage::Tcp, Code::TcpRefused), "{target:?}");
            assert_eq!(target.failed_stage, Some(Stage::Tcp));
            assert!(target.stages[2..].iter().all(|it| it.status == Status::Skipped));
        }
        assert_eq!(finding::situation_of(&[report]).here, Here::Fails(Trouble::Refused));
    }
}

#[test]
fn names_that_lead_nowhere() {
    for code in [Code::DnsNotFound, Code::DnsServerFailed, Code::DnsTimeout] {
        let mut setup = setup(&[], patient(), Roots::public());
        setup.world = World::Lab(Lab {
            names: BTreeMap::from([(HOST.to_owned(), Err(code))]),
            ..Lab::default()
        });
        let report =
            block_on(report(vec![server(&[(587, &[Mode::Tls]), (465, &[Mode::Tls])])], setup));
        assert_eq!(report.targets.len(), 2);
        assert!(
            report.targets.iter().all(|it| it.outcome() == fails(Stage::Dns, code)),
            "{report:?}"
        );
    }
}

#[test]
fn special_addresses_are_findings_and_never_connected() {
    let special =
        ["127.0.0.1", "::1", "10.1.2.3", "::ffff:127.0.0.1", "2002:7f00:1::1", "64:ff9b::7f00:1"];
    for address in special {
        let listener = TcpListener::bind((ip("127.0.0.1"), 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut setup = setup(&[], patient(), Roots::public());
        let names = BTreeMap::from([(HOST.to_owned(), Ok(vec![ip(address)]))]);
        setup.world = World::Lab(Lab { names, ..Lab::default() });
        let report = block_on(report(vec![server(&[(port, &[Mode::Tls])])], setup));
        let dns = at(&report.targets[0], Stage::Dns);
        // a network without IPv4 makes up the last one; that is not the server's doing
        let made_up = address.starts_with("64:");
        let status = if made_up { Status::CouldNotTest } else { Status::Failed };
        assert_eq!((dns.status, dns.code), (status, Some(Code::DnsSpecialAddress)), "{address}");
        assert_eq!(at(&report.targets[0], Stage::Tcp).status, Status::Skipped);
        assert!(listener.accept().is_err(), "{address} was connected");
        assert_eq!(World::Internet.place(ip(address), 587), None);
    }
}

#[test]
fn on_the_internet_this_computer_is_not_a_mail_server() {
    let listener = TcpListener::bind((ip("127.0.0.1"), 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let setup = Setup { limits: patient(), ..Setup::public("probe.test".to_owned()) };
    let local = Server { host: "localhost".to_owned(), ..server(&[(port, &[Mode::Tls])]) };
    let report = block_on(report(vec![local], setup));
    assert!(
        report.targets.iter().all(|it| it.outcome() == fails(Stage::Dns, Code::DnsSpecialAddress)),
        "{report:?}"
    );
    assert!(listener.accept().is_err(), "it was connected");
}

/// On Linux, a listener whose queue is full lets further connections time out.
#[cfg(target_os = "linux")]
#[test]
fn a_port_that_stays_silent_times_out_for_every_mode_and_25_is_left_alone() {
    block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let place = listener.local_addr().unwrap();
        let mut queue = vec![];
        for _ in 0..6 {
            let connecting = tokio::net::TcpStream::connect(place);
            queue.extend(tokio::time::timeout(Duration::from_millis(50), connecting).await);
        }
        let limits = Limits { tcp: Duration::from_millis(400), ..patient() };
        let doors = [587, 465, 25].map(|port| (("127.0.0.1", port), place.port()));
        let setup = setup(&doors, limits, Roots::public());
        let ways: [(u16, &[Mode]); 3] =
            [(587, &[Mode::Starttls, Mode::Tls]), (465, &[Mode::Tls]), (25, &[Mode::Starttls])];
        let begun = Instant::now();
        let report = report(vec![server(&ways)], setup).await;
        let took = begun.elapsed();
        let outcomes: Vec<Outcome> = report.targets.iter().map(Target::outcome).collect();
        let silent = fails(Stage::Tcp, Code::TcpTimeout);
        assert_eq!(outcomes, [silent, silent, silent, Outcome::Untested]);
        assert!(took < Duration::from_millis(750), "as long as one of them: {took:?}");
    });
}

/// Linux never connects to a group, so nothing is sent here.
#[cfg(target_os = "linux")]
#[test]
fn without_a_route_nothing_is_said_about_the_server() {
    let outcome = |v6| {
        let mut setup = setup(&[(("ff0e::1", 587), 587)], patient(), Roots::public());
        setup.routes.v6 = v6;
        let report = block_on(report(vec![server(&[(587, &[Mode::Tls])])], setup));
        (report.targets[0].outcome(), at(&report.targets[0], Stage::Tcp).code)
    };
    let unreachable = Code::TcpUnreachable;
    assert_eq!(outcome(true), (fails(Stage::Tcp, unreachable), Some(unreachable)));
    assert_eq!(outcome(false), (Outcome::Untested, Some(Code::TcpNoRoute)));
}

// --- many targets

#[test]
fn the_mode_that_works_settles_the_port_and_the_other_does_not_wait_long() {
    let authority = Authority::new();
    let implicit =
        with(vec![Step::Tls(authority.server(HOST, 2020, 2090)), send("220 hi\r\n")], encrypted());
    block_on(async {
        let peer = peer(ip("127.0.0.1"), implicit).await;
        let setup =
            setup(&[(("127.0.0.1", 587), peer.address.port())], patient(), authority.roots());
        let begun = Instant::now();
        let report = report(vec![server(&[(587, &[Mode::Tls, Mode::Starttls])])], setup).await;
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        let outcomes: Vec<Outcome> = report.targets.iter().map(Target::outcome).collect();
        assert_eq!(outcomes, [Outcome::Works, fails(Stage::Greeting, Code::ReplyTimeout)]);
        assert_eq!(verdict(&[report]).working(), [(HOST, 587, Mode::Tls)]);
    });
}

#[test]
fn an_address_gets_two_connections_at_a_time_and_others_do_not_wait() {
    block_on(async {
        let script = vec![Step::Wait(400), send("554 no\r\n")];
        let peers = [peer(ip("127.0.0.1"), script.clone()).await, peer(ip("::1"), script).await];
        let mut doors = vec![];
        for (family, peer) in FAMILIES.iter().zip(&peers) {
            doors.extend([587, 465, 2525, 25].map(|port| ((*family, port), peer.address.port())));
        }
        let setup = setup(&doors, patient(), Roots::public());
        let ways: [(u16, &[Mode]); 4] = [
            (587, &[Mode::Starttls]),
            (465, &[Mode::Starttls]),
            (2525, &[Mode::Starttls]),
            (25, &[Mode::Starttls]),
        ];
        let begun = Instant::now();
        let report = report(vec![server(&ways)], setup).await;
        let took = begun.elapsed();
        assert_eq!(report.targets.len(), 8);
        for peer in &peers {
            assert_eq!(peer.seen.connections.load(Ordering::SeqCst), 4);
            assert_eq!(peer.seen.most.load(Ordering::SeqCst), 2);
        }
        assert!(
            took >= Duration::from_millis(800) && took < Duration::from_millis(1600),
            "{took:?}"
        );
    });
}

#[test]
fn controls_are_greeted_and_left() {
    block_on(async {
        let polite = vec![send("220 hi\r\n"), Step::Expect("QUIT")];
        let peer = peer(ip("127.0.0.1"), polite).await;
        let setup = setup(&[(("127.0.0.1", 587), peer.address.port())], patient(), Roots::public());
        let control = Server { control: true, ..server(&[(587, &[Mode::Starttls])]) };
        let report = report(vec![control], setup).await;
        assert!(report.targets.is_empty());
        assert_eq!(report.controls[0].stages.len(), 3);
        assert_eq!(report.vantage.egress, BTreeMap::from([(587, Egress::Ok)]));
    });
}

#[test]
fn a_partial_report_exists_while_a_server_is_silent() {
    block_on(async {
        let peer = peer(ip("127.0.0.1"), vec![Step::Silence]).await;
        let setup = setup(&[(("127.0.0.1", 587), peer.address.port())], patient(), Roots::public());
        let setup = Arc::new(setup);
        let mut events = probe::run(vec![server(&[(587, &[Mode::Starttls])])], Arc::clone(&setup));
        let mut progress = Progress::default();
        for _ in 0..2 {
            progress.apply(events.recv().await.unwrap());
        }
        let report = progress.report(setup.local_vantage(), "test");
        assert_eq!(at(&report.targets[0], Stage::Tcp).status, Status::Ok);
        assert_eq!(at(&report.targets[0], Stage::Greeting).status, Status::CouldNotTest);
        assert_eq!(report.targets[0].outcome(), Outcome::Untested);
        assert_eq!(Report::parse(&serde_json::to_string(&report).unwrap()).unwrap(), report);
    });
}

#[test]
fn whoever_stops_listening_ends_the_probe() {
    block_on(async {
        let peer = peer(ip("127.0.0.1"), vec![Step::Silence]).await;
        let setup = setup(&[(("127.0.0.1", 587), peer.address.port())], patient(), Roots::public());
        let sockets = Arc::clone(&setup.sockets);
        let all = sockets.available_permits();
        let mut events = probe::run(vec![server(&[(587, &[Mode::Starttls])])], Arc::new(setup));
        assert!(matches!(events.recv().await, Some(Event::Target { .. })));
        assert!(matches!(events.recv().await, Some(Event::Stage { .. })));
        assert_eq!(sockets.available_permits(), all - 1);
        drop(events);
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if sockets.available_permits() == all {
                return;
            }
        }
        panic!("the connection is still held");
    });
}

#[test]
fn a_family_that_fails_alone_is_told() {
    let authority = Authority::new();
    block_on(async {
        let good = peer(ip("127.0.0.1"), with(starttls(&authority), encrypted())).await;
        let doors = [(("127.0.0.1", 587), good.address.port()), (("::1", 587), closed("::1"))];
        let setup = setup(&doors, patient(), authority.roots());
        let report = report(vec![server(&[(587, &[Mode::Starttls])])], setup).await;
        let here = finding::situation_of(&[report]).here;
        assert_eq!(here, Here::Works { ipv6: outbox_doctor::network::Ipv6::Broken, genuine: true });
    });
}

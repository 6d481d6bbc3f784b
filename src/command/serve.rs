//! `serve`: the app and the local probe on this computer, or the public probe.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::command::options::Options;
use crate::command::{Failure, browser, say};
use crate::knowledge;
use crate::network::{Kind, Vantage};
use crate::probe::lab::{Lab, View};
use crate::probe::{Hello, Setup};
use crate::serve::catalogue::Entry;
use crate::serve::{Audience, Caps, Catalogue, History, Log, Observatory, Service, Views, listen};
use crate::{probe, serve};

const HELP: &str = "\
outbox-doctor [serve] [--port N] [--no-open] [--history FILE] [--lab]
outbox-doctor serve --public --listen ADDR [--history FILE] [--trusted-proxy NET]… [--name NAME]
    [--network NAME]

Without --public: the app and the probe on http://127.0.0.1:N/ (8025; 0 for any free port), for this
computer alone; opens the browser if a person started it.
  --lab                 broken servers on this computer in place of the internet, one for each verdict
  --history FILE        keeps what was measured, every five minutes, for 90 days
With --public: the probe, and the app if it is built in, for everybody.
  --listen ADDR         address and port, such as 0.0.0.0:8025; put TLS in front of it
  --trusted-proxy NET   believe the X-Forwarded-For of these, such as 10.0.0.0/8; may be repeated
  --name NAME           its own host name: mail servers see it, reports carry it
  --network NAME        whose network it stands in; probes in one network count once

  outbox-doctor --port 9000
  outbox-doctor serve --public --listen 127.0.0.1:9000 --trusted-proxy 127.0.0.1/32";

const PORT: u16 = 8025;
/// A measurement is taken for current about so long.
const TTL: Duration = Duration::from_secs(30);
/// In the lab one need not wait long for the second look that an outage takes.
const LAB_TTL: Duration = Duration::from_secs(5);

const WITH_VALUE: [&str; 6] = ["port", "listen", "history", "trusted-proxy", "name", "network"];

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &WITH_VALUE, &["public", "lab", "no-open", "help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    options.no_plain()?;
    let public = options.has("public");
    let foreign: &[&str] = if public {
        &["port", "lab", "no-open"]
    } else {
        &["listen", "trusted-proxy", "name", "network"]
    };
    if let Some(flag) = foreign.iter().find(|it| options.has(it) || options.value(it).is_some()) {
        let side = if public { "is not for --public" } else { "is for --public only" };
        return Err(Failure::usage(format!("--{flag} {side}")));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(if_public(public, &options));
    runtime.shutdown_background(); // a resolver that hangs does not hold us
    ended
}

async fn if_public(public: bool, options: &Options) -> Result<ExitCode, Failure> {
    if public { everybody(options).await } else { this_computer(options).await }
}

async fn everybody(options: &Options) -> Result<ExitCode, Failure> {
    let address = options.value("listen").ok_or_else(|| {
        Failure::usage("--public wants --listen ADDR, such as --listen 0.0.0.0:8025")
    })?;
    let address = parse::<SocketAddr>("--listen", address, "an address and port")?;
    let proxies =
        options.all("trusted-proxy").map(|it| parse::<IpNet>("--trusted-proxy", it, "a network"));
    let proxies = proxies.collect::<Result<Vec<_>, _>>()?;
    let setup = public_setup(options.value("name"));
    let vantage = Vantage {
        id: options.value("name").unwrap_or("public").to_owned(),
        kind: Kind::Public,
        network: options.value("network").unwrap_or_default().to_owned(),
        ..setup.local_vantage()
    };
    let caps = Caps::default();
    let catalogue = Catalogue::of(&knowledge::embedded());
    let observatory = Observatory::new(catalogue, &setup, vantage, TTL, &caps);
    let log = Log::stderr();
    let service =
        Service::new(Audience::Public { proxies }, caps, observatory, history(options)?, log);
    let listener = listen::address(address).map_err(|error| no_listening(address, &error))?;
    say(&format!("http://{}/", listener.local_addr()?));
    until_told(vec![listener], service).await
}

fn public_setup(name: Option<&str>) -> Setup {
    match name {
        Some(name) => Setup::public(name.to_owned()),
        None => Setup { hello: Hello::Literal, ..Setup::public(String::new()) },
    }
}

async fn this_computer(options: &Options) -> Result<ExitCode, Failure> {
    let port = options.value("port").map_or(Ok(PORT), parse_port)?;
    if !serve::has_site() && !options.has("lab") {
        return Err(Failure(
            "this program was built without the app; run `cargo xtask start`".into(),
        ));
    }
    let listeners = listen::loopback(port).map_err(|error| taken(port, &error))?;
    let caps = Caps::default();
    let (views, _lab) = world(options.has("lab"), &caps).await?;
    let service = Service::new(Audience::Local, caps, views, history(options)?, Log::silent());
    let chosen = listeners.first().and_then(|it| it.local_addr().ok()).map_or(port, |it| it.port());
    let page = format!("http://127.0.0.1:{chosen}/");
    say(&page);
    if io::stdout().is_terminal() && !options.has("no-open") && serve::has_site() {
        browser::open(&page);
    }
    until_told(listeners, service).await
}

/// The internet, or the lab, which lives as long as what is returned beside it.
async fn world(lab: bool, caps: &Caps) -> Result<(Views, Option<Lab>), Failure> {
    if !lab {
        let kb = knowledge::embedded();
        let setup = probe::Setup::local().with_beacons(&kb.beacons);
        let catalogue = Catalogue::of(&kb);
        let here = Observatory::new(catalogue, &setup, setup.local_vantage(), TTL, caps);
        return Ok((here.into(), None));
    }
    let lab = Lab::open().await?;
    let see = |views: &[View]| views.iter().map(|it| observatory(it, caps)).collect();
    let outside = lab.outside.iter();
    let outside = outside.map(|(name, it)| ((*name).to_owned(), Views::new(see(it), Vec::new())));
    Ok((Views::new(see(&lab.here), outside.collect()), Some(lab)))
}

fn observatory(view: &View, caps: &Caps) -> Observatory {
    let entry = |(id, servers): &(String, Vec<probe::Server>)| Entry {
        id: id.clone(),
        domains: servers.iter().map(|it| it.host.clone()).collect(),
        servers: servers.clone(),
    };
    let entries = view.providers.iter().map(entry).collect();
    let catalogue = Catalogue { entries, controls: view.controls.clone() };
    Observatory::new(catalogue, &view.setup, view.vantage.clone(), LAB_TTL, caps)
}

fn history(options: &Options) -> Result<Option<Arc<History>>, Failure> {
    let open = |path: &str| {
        let opened = History::open(Path::new(path)).map(Arc::new);
        opened.map_err(|error| Failure(format!("cannot use the history `{path}`: {error}")))
    };
    options.value("history").map(open).transpose()
}

/// Serves until the process is told to end, then finishes what is being answered.
async fn until_told(
    listeners: Vec<TcpListener>,
    service: Arc<Service>,
) -> Result<ExitCode, Failure> {
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(serve::serve(listeners, service, stopped));
    told().await;
    let _gone = stop.send(true);
    serving.await?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(unix)]
async fn told() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return interrupted().await };
    tokio::select! {
        _ = terminate.recv() => {}
        () = interrupted() => {}
    }
}

#[cfg(not(unix))]
async fn told() {
    interrupted().await;
}

/// By Ctrl-C; where that cannot be heard, never.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn parse<T: std::str::FromStr>(flag: &str, text: &str, wanted: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{flag} wants {wanted}, not `{text}`")))
}

fn parse_port(text: &str) -> Result<u16, Failure> {
    parse("--port", text, "a number up to 65535")
}

fn no_listening(address: SocketAddr, error: &io::Error) -> Failure {
    Failure(format!("cannot listen on {address}: {error}"))
}

fn taken(port: u16, error: &io::Error) -> Failure {
    Failure(match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {port} is in use; choose another one, for instance --port {}", next(port))
        }
        io::ErrorKind::PermissionDenied => {
            format!(
                "port {port} may not be used; choose one above 1024, for instance --port {PORT}"
            )
        }
        _ => format!("cannot listen on port {port}: {error}"),
    })
}

fn next(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(PORT)
}

//! The real mail servers. Each plays many manners at once, one a port, on every address.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use outbox_doctor::network::Mode;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::isolation::OWN;
use crate::manner::Manner;

mod dovecot;

mod exim;

mod opensmtpd;

mod postfix;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Postfix,
    Exim,
    Opensmtpd,
    Dovecot,
}

impl Server {
    pub const ALL: [Server; 4] =
        [Server::Postfix, Server::Exim, Server::Opensmtpd, Server::Dovecot];

    pub fn name(self) -> &'static str {
        match self {
            Server::Postfix => "Postfix",
            Server::Exim => "Exim",
            Server::Opensmtpd => "OpenSMTPD",
            Server::Dovecot => "Dovecot",
        }
    }

    /// The program that must be there.
    fn program(self) -> &'static str {
        match self {
            Server::Postfix => "/usr/lib/postfix/sbin/master",
            Server::Exim => "/usr/sbin/exim4",
            Server::Opensmtpd => "/usr/sbin/smtpd",
            Server::Dovecot => "/usr/sbin/dovecot",
        }
    }

    /// Whether it can be set up so.
    pub fn plays(self, manner: Manner) -> bool {
        match self {
            Server::Postfix => postfix::plays(manner),
            Server::Exim => exim::plays(manner),
            Server::Opensmtpd => opensmtpd::plays(manner),
            Server::Dovecot => dovecot::plays(manner),
        }
    }

    /// Whether it can finish a handshake.
    pub fn shakes_hands(self) -> bool {
        self != Server::Opensmtpd
    }

    /// Where it plays it; encryption with the first byte or later.
    pub fn port(self, manner: Manner, entry: Mode) -> u16 {
        let first = match self {
            Server::Postfix => 2100,
            Server::Exim => 2200,
            Server::Opensmtpd => 2300,
            Server::Dovecot => 2400,
        };
        first + 2 * manner.number() + u16::from(entry == Mode::Tls)
    }

    /// Every manner it can play, with both ports.
    fn cast(self) -> impl Iterator<Item = (Manner, u16, u16)> {
        let ports = move |it: Manner| (it, self.port(it, Mode::Starttls), self.port(it, Mode::Tls));
        Manner::ALL.into_iter().filter(move |it| self.plays(*it)).map(ports)
    }

    fn folder(self) -> PathBuf {
        Path::new(OWN).join(self.name())
    }
}

/// A server that runs; it ends with this value.
pub struct Running(Vec<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        for process in &mut self.0 {
            let _gone = process.kill();
            let _status = process.wait();
        }
    }
}

/// Starts it and waits until it greets.
pub async fn start(server: Server, papers: &Path) -> Result<Running, String> {
    if !Path::new(server.program()).exists() {
        return Err("it is not here; on Debian, `cargo xtask test lab` gets it".to_owned());
    }
    fs::create_dir_all(server.folder()).map_err(|error| error.to_string())?;
    let commands = match server {
        Server::Postfix => postfix::prepare(papers),
        Server::Exim => exim::prepare(papers),
        Server::Opensmtpd => opensmtpd::prepare(papers),
        Server::Dovecot => dovecot::prepare(papers),
    };
    let log = server.folder().join("output");
    let spawned = commands.map_err(|error| error.to_string())?.into_iter().map(|mut it| {
        let file = fs::File::options().create(true).append(true).open(&log)?;
        it.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn()
    });
    let processes: std::io::Result<_> = spawned.collect();
    let running = Running(processes.map_err(|error| error.to_string())?);
    for (manner, port, _) in server.cast() {
        greets(port, manner == Manner::GOOD).await.inspect_err(|_| println!("{}", read(&log)))?;
    }
    Ok(running)
}

fn read(log: &Path) -> String {
    fs::read_to_string(log).unwrap_or_default()
}

/// Whether the port lets one connect, and whether it greets, if it is to.
async fn greets(port: u16, words: bool) -> Result<(), String> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        if let Ok(mut stream) =
            TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
        {
            if !words {
                return Ok(());
            }
            let mut bytes = [0; 3];
            if stream.read_exact(&mut bytes).await.is_ok() && &bytes == b"220" {
                return Ok(());
            }
        }
        if Instant::now() > end {
            return Err(format!("it does not greet on port {port}"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Of a file the server reads.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

fn own(path: &Path, user: &str) -> std::io::Result<()> {
    crate::isolation::run("chown", &["-R", user, &path.to_string_lossy()])
        .map(|_| ())
        .map_err(std::io::Error::other)
}

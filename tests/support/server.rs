//! A server in this process, and a client that asks in plain words.
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use outbox_doctor::knowledge;
use outbox_doctor::network::{Kind, Vantage};
use outbox_doctor::probe::lab::Lab;
use outbox_doctor::probe::{Server, Setup};
use outbox_doctor::serve::catalogue::Entry;
use outbox_doctor::serve::{
    Audience, Caps, Catalogue, History, Log, Observatory, Service, listen, serve,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct Running {
    pub address: SocketAddr,
    pub stop: watch::Sender<bool>,
    pub task: JoinHandle<()>,
}

/// What a server is made of; change what a test is about.
pub struct Plan {
    pub audience: Audience,
    pub caps: Caps,
    pub catalogue: Catalogue,
    pub setup: Setup,
    pub ttl: Duration,
    pub history: Option<Arc<History>>,
    pub log: Log,
}

pub fn public() -> Audience {
    Audience::Public { proxies: vec![] }
}

impl Plan {
    pub fn of_lab(lab: &Lab, audience: Audience) -> Plan {
        let entries = lab.providers.iter().map(|(id, servers)| entry(id, servers)).collect();
        let catalogue = Catalogue { entries, controls: lab.controls.clone() };
        Plan { catalogue, ..Plan::of(lab.setup.clone(), audience) }
    }

    pub fn of(setup: Setup, audience: Audience) -> Plan {
        Plan {
            audience,
            caps: Caps::default(),
            catalogue: Catalogue::of(&knowledge::embedded()),
            setup,
            ttl: Duration::from_secs(30),
            history: None,
            log: Log::silent(),
        }
    }

    pub fn start(self) -> Running {
        start(self.service())
    }

    pub fn service(self) -> Arc<Service> {
        let kind = if self.audience.is_public() { Kind::Public } else { Kind::Local };
        let vantage = Vantage { kind, ..self.setup.local_vantage() };
        let (catalogue, setup) = (self.catalogue, &self.setup);
        let observatory = Observatory::new(catalogue, setup, vantage, self.ttl, &self.caps);
        Service::new(self.audience, self.caps, observatory, self.history, self.log)
    }
}

pub fn start(service: Arc<Service>) -> Running {
    let listener = listen::address((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(serve(vec![listener], service, stopped));
    Running { address, stop, task }
}

pub fn entry(id: &str, servers: &[Server]) -> Entry {
    let domains = servers.iter().map(|it| it.host.clone()).collect();
    Entry { id: id.to_owned(), domains, servers: servers.to_vec() }
}

#[derive(Debug, Default, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Of a text that may be cut off.
    pub fn read(text: &str) -> Reply {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|it| it.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let pair = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        let headers: BTreeMap<String, String> = lines.filter_map(pair).collect();
        let chunked = headers.get("transfer-encoding").is_some_and(|it| it == "chunked");
        let body = if chunked { unchunked(body) } else { body.to_owned() };
        Reply { status, headers, body }
    }
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, more)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        let Some(chunk) = more.get(..size).filter(|it| !it.is_empty()) else { break };
        body.push_str(chunk);
        rest = more.get(size + 2..).unwrap_or("");
    }
    body
}

/// Connects from an address of the loopback network, so that a test has many clients.
pub async fn connect(to: SocketAddr, from: IpAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}

/// Sends exactly this and reads until the other side closes.
pub async fn exchange(to: SocketAddr, from: IpAddr, request: &[u8]) -> std::io::Result<Reply> {
    let mut stream = connect(to, from).await?;
    stream.write_all(request).await?;
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await?;
    Ok(Reply::read(&String::from_utf8_lossy(&heard)))
}

pub fn request(to: SocketAddr, path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n{more}\r\n")
}

pub const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub async fn get(to: SocketAddr, path: &str) -> Reply {
    exchange(to, HOME, request(to, path, "").as_bytes()).await.unwrap()
}

pub async fn get_from(to: SocketAddr, from: IpAddr, path: &str, more: &str) -> Reply {
    exchange(to, from, request(to, path, more).as_bytes()).await.unwrap()
}

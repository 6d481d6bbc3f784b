//! A mail server that does what a script says, and certificates for it.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use outbox_doctor::probe::Roots;
use outbox_doctor::probe::trust::verifier;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

#[derive(Clone)]
pub enum Step {
    /// Send these bytes at once.
    Send(Vec<u8>),
    /// One byte at a time.
    Drip(Vec<u8>),
    /// Send this again and again.
    Flood(Vec<u8>),
    /// Read until a line starts so.
    Expect(&'static str),
    /// Read whatever comes.
    Hear,
    /// Shake hands; the rest is encrypted.
    Tls(Arc<ServerConfig>),
    /// Keep the connection open and silent.
    Silence,
    /// Pause.
    Wait(u64),
}

pub fn send(text: &str) -> Step {
    Step::Send(text.as_bytes().to_vec())
}

pub struct Peer {
    pub address: SocketAddr,
    pub seen: Arc<Seen>,
}

/// What a peer saw.
#[derive(Default)]
pub struct Seen {
    pub connections: AtomicUsize,
    /// The most that waited at a time; each ends its wait before it answers.
    pub most: AtomicUsize,
    waiting: AtomicUsize,
    /// Every line that was said to it.
    pub heard: Mutex<Vec<String>>,
}

pub async fn peer(ip: IpAddr, script: Vec<Step>) -> Peer {
    let listener = TcpListener::bind((ip, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Seen::default());
    let ours = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            ours.connections.fetch_add(1, Ordering::SeqCst);
            let (script, seen) = (script.clone(), Arc::clone(&ours));
            tokio::spawn(async move { perform(stream, script, &seen).await });
        }
    });
    Peer { address, seen }
}

async fn perform(mut stream: TcpStream, script: Vec<Step>, seen: &Seen) {
    let mut steps = script.into_iter();
    if let Some(config) = act(&mut stream, &mut steps, seen).await {
        let Ok(mut stream) = TlsAcceptor::from(config).accept(stream).await else { return };
        act(&mut stream, &mut steps, seen).await;
        let _ = stream.shutdown().await;
    } else {
        let _ = stream.shutdown().await;
    }
}

/// Until the script ends or asks for the handshake.
async fn act<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    steps: &mut std::vec::IntoIter<Step>,
    seen: &Seen,
) -> Option<Arc<ServerConfig>> {
    let mut heard = String::new();
    for step in steps {
        let gone = match step {
            Step::Tls(config) => return Some(config),
            Step::Send(bytes) => stream.write_all(&bytes).await.is_err(),
            Step::Drip(bytes) => drip(stream, &bytes).await,
            Step::Flood(bytes) => loop {
                if stream.write_all(&bytes).await.is_err() {
                    break true;
                }
            },
            Step::Expect(start) => !expect(stream, &mut heard, start, seen).await,
            Step::Hear => !matches!(stream.read(&mut [0; 2048]).await, Ok(1..)),
            Step::Silence => loop {
                let mut ignored = [0; 256];
                if !matches!(stream.read(&mut ignored).await, Ok(1..)) {
                    break true;
                }
            },
            Step::Wait(ms) => {
                let now = seen.waiting.fetch_add(1, Ordering::SeqCst) + 1;
                seen.most.fetch_max(now, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(ms)).await;
                seen.waiting.fetch_sub(1, Ordering::SeqCst);
                false
            }
        };
        let _ = stream.flush().await;
        if gone {
            return None;
        }
    }
    None
}

async fn drip<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> bool {
    for byte in bytes {
        if stream.write_all(&[*byte]).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

async fn expect<S: AsyncRead + Unpin>(
    stream: &mut S,
    heard: &mut String,
    start: &str,
    seen: &Seen,
) -> bool {
    loop {
        if let Some((line, rest)) = heard.split_once("\r\n") {
            let (line, rest) = (line.to_owned(), rest.to_owned());
            *heard = rest;
            seen.heard.lock().unwrap().push(line.clone());
            if line.starts_with(start) {
                return true;
            }
            continue;
        }
        let mut bytes = [0; 256];
        match stream.read(&mut bytes).await {
            Ok(count @ 1..) => heard.push_str(&String::from_utf8_lossy(&bytes[..count])),
            _ => return false,
        }
    }
}

/// Certificates of one test authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
}

impl Authority {
    pub fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap().der().clone();
        Authority { issuer: Issuer::new(params, key), root }
    }

    /// Trusted by both sets, or by this system alone.
    pub fn roots(&self) -> Roots {
        let both = self.verifier();
        Roots { platform: both.clone(), mozilla: both }
    }

    pub fn verifier(&self) -> Option<Arc<dyn rustls::client::danger::ServerCertVerifier>> {
        let mut store = RootCertStore::empty();
        store.add(self.root.clone()).unwrap();
        verifier(store)
    }

    /// A server that shows a certificate for this name, valid in these years.
    pub fn server(&self, name: &str, from: i32, to: i32) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        config(certificate, &key)
    }
}

/// A server that vouches for itself, as `openssl req -x509` sets one up.
pub fn self_signed(name: &str) -> Arc<ServerConfig> {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    config(params.self_signed(&key).unwrap().der().clone(), &key)
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .unwrap();
    Arc::new(config)
}

//! A mail server that says what its script says.

use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// What it does, in order; then it closes.
pub type Script = Arc<[Step]>;

/// One thing it does.
#[derive(Clone)]
pub enum Step {
    /// Sends this.
    Say(&'static str),
    /// Waits for a line that begins so.
    Hear(&'static str),
    /// Shakes hands; the rest is encrypted.
    Secure(Arc<ServerConfig>),
    /// Does nothing for a while.
    Wait(Duration),
    /// Says nothing any more, until the other side goes.
    Silence,
}

/// No visit takes longer.
const VISIT: Duration = Duration::from_secs(60);

/// Receives visitors for ever, as many at a time as there is room in the whole lab.
pub async fn run(listener: TcpListener, script: Script, room: Arc<Semaphore>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            let _late = timeout(VISIT, perform(stream, script)).await;
            drop(permit);
        });
    }
}

async fn perform(mut stream: TcpStream, script: Script) -> Option<()> {
    let mut steps = script.iter();
    if let Some(config) = act(&mut stream, &mut steps).await? {
        let mut secure = TlsAcceptor::from(config).accept(stream).await.ok()?;
        act(&mut secure, &mut steps).await?;
        return secure.shutdown().await.ok();
    }
    stream.shutdown().await.ok()
}

/// As far as the handshake, or the end. None if the other side is gone.
async fn act<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    steps: &mut std::slice::Iter<'_, Step>,
) -> Option<Option<Arc<ServerConfig>>> {
    for step in steps {
        match step {
            Step::Secure(config) => return Some(Some(Arc::clone(config))),
            Step::Say(text) => stream.write_all(text.as_bytes()).await.ok()?,
            Step::Hear(start) => hear(stream, start).await?,
            Step::Wait(time) => sleep(*time).await,
            Step::Silence => hear(stream, "\0").await?,
        }
        stream.flush().await.ok()?;
    }
    Some(None)
}

/// The longest line it listens to.
const LINE: usize = 512;

async fn hear<S: AsyncRead + Unpin>(stream: &mut S, start: &str) -> Option<()> {
    let mut line = Vec::new();
    loop {
        match stream.read_u8().await.ok()? {
            b'\n' if line.starts_with(start.as_bytes()) => return Some(()),
            b'\n' => line.clear(),
            byte if line.len() < LINE => line.push(byte),
            _ => {}
        }
    }
}

//! A fault between the probe and any server: everything passes but for one thing at one stage.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::ControlFlow;
use std::time::Duration;

use outbox_doctor::network::{Mode, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The reply comes so many milliseconds later.
    Late(u64),
    /// One byte at a time, so many milliseconds apart.
    Drip(u64),
    /// The connection ends.
    Cut,
    /// The connection breaks.
    Reset,
    /// Nothing comes any more.
    Silence,
    /// This comes instead, and then nothing.
    Say(&'static str),
    /// This comes behind the reply, at once.
    Append(&'static str),
    /// A line that starts so, after its code, is left out.
    Strip(&'static str),
    /// This comes again and again.
    Endless(&'static str),
}

/// What happens where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// `Greeting`, `Ehlo` or `Starttls` in the clear; `Tls` before the handshake.
    pub at: Stage,
    pub act: Act,
}

/// Where the proxy is.
pub async fn put_before(server: SocketAddr, at: IpAddr, entry: Mode, fault: Between) -> SocketAddr {
    let listener = TcpListener::bind((at, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _gone = pass(client, server, entry, fault).await;
            });
        }
    });
    address
}

async fn pass(
    mut client: TcpStream,
    server: SocketAddr,
    entry: Mode,
    fault: Between,
) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    for stage in in_the_clear(entry) {
        if *stage != Stage::Greeting {
            server.write_all(&until(&mut client, line_ends).await?).await?;
        }
        let reply = until(&mut server, reply_ends).await?;
        if fault.at != *stage {
            client.write_all(&reply).await?;
        } else if fault.act.perform(&mut client, &reply).await?.is_break() {
            return Ok(());
        }
    }
    let hello = until(&mut client, |it| !it.is_empty()).await?;
    if fault.at == Stage::Tls && fault.act.perform(&mut client, b"").await?.is_break() {
        return Ok(());
    }
    server.write_all(&hello).await?;
    copy_bidirectional(&mut client, &mut server).await.map(|_| ())
}

fn in_the_clear(entry: Mode) -> &'static [Stage] {
    match entry {
        Mode::Starttls => &[Stage::Greeting, Stage::Ehlo, Stage::Starttls],
        Mode::Tls => &[],
    }
}

impl Act {
    /// Whether the rest passes.
    async fn perform(self, client: &mut TcpStream, reply: &[u8]) -> io::Result<ControlFlow<()>> {
        match self {
            Act::Late(ms) => sleep(Duration::from_millis(ms)).await,
            Act::Drip(ms) => drip(client, reply, Duration::from_millis(ms)).await?,
            Act::Cut => return Ok(ControlFlow::Break(())),
            Act::Reset => {
                client.set_zero_linger()?;
                return Ok(ControlFlow::Break(()));
            }
            Act::Silence => return silence(client).await,
            Act::Say(text) => {
                client.write_all(text.as_bytes()).await?;
                return silence(client).await;
            }
            Act::Endless(text) => loop {
                client.write_all(text.as_bytes()).await?;
            },
            Act::Append(_) | Act::Strip(_) => {}
        }
        match self {
            Act::Drip(_) => {}
            Act::Append(text) => client.write_all(&[reply, text.as_bytes()].concat()).await?,
            Act::Strip(word) => client.write_all(&without(reply, word)).await?,
            _ => client.write_all(reply).await?,
        }
        Ok(ControlFlow::Continue(()))
    }
}

async fn silence(client: &mut TcpStream) -> io::Result<ControlFlow<()>> {
    while client.read(&mut [0; 512]).await? > 0 {}
    Ok(ControlFlow::Break(()))
}

async fn drip(client: &mut TcpStream, reply: &[u8], pause: Duration) -> io::Result<()> {
    client.set_nodelay(true)?;
    for byte in reply {
        sleep(pause).await;
        client.write_all(&[*byte]).await?;
    }
    Ok(())
}

/// The reply without that line, its last line marked anew (RFC 5321 §4.2.1).
fn without(reply: &[u8], word: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(reply);
    let kept = text.lines().filter(|it| !it.get(4..).unwrap_or("").starts_with(word));
    let kept: Vec<&str> = kept.collect();
    let last = kept.len() - 1;
    let line = |(at, line): (usize, &&str)| {
        let mark = if at == last { ' ' } else { '-' };
        format!("{}{mark}{}\r\n", &line[..3], &line[4..])
    };
    kept.iter().enumerate().map(line).collect::<String>().into_bytes()
}

fn line_ends(heard: &[u8]) -> bool {
    heard.ends_with(b"\r\n")
}

fn reply_ends(heard: &[u8]) -> bool {
    let last = heard.strip_suffix(b"\r\n").and_then(|it| it.rsplit(|byte| *byte == b'\n').next());
    last.is_some_and(|line| line.get(3) == Some(&b' '))
}

async fn until(stream: &mut TcpStream, ends: fn(&[u8]) -> bool) -> io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    while !ends(&heard) {
        if stream.read_buf(&mut heard).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(heard)
}

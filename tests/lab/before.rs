//! What happens to a server before the probe looks at it: another client comes, or a mail app that
//! goes further than the probe proves that the fault is there.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::manner::Manner;

/// A connection that is to stay open, if any.
pub async fn prepare(manner: Manner, place: SocketAddr) -> Result<Option<TcpStream>, String> {
    match (manner, manner.proof()) {
        (Manner::Full, _) => greeted(place).await.map(Some),
        (Manner::Hasty, _) => greeted(place).await.map(|_| None),
        (_, Some((words, expected))) => prove(place, words, expected).await.map(|()| None),
        _ => Ok(None),
    }
}

async fn greeted(place: SocketAddr) -> Result<TcpStream, String> {
    let text = |error: std::io::Error| format!("another client: {error}");
    let mut stream = TcpStream::connect(place).await.map_err(text)?;
    reply(&mut stream).await.map_err(text)?;
    Ok(stream)
}

async fn prove(place: SocketAddr, words: &[&str], expected: &[u16]) -> Result<(), String> {
    // the port that encrypts at once has the one before it in the clear
    let place = SocketAddr::new(place.ip(), place.port() & !1);
    let mut stream = greeted(place).await?;
    let mut heard = String::new();
    for word in ["EHLO smtp.test"].iter().chain(words) {
        let sent = stream.write_all(format!("{word}\r\n").as_bytes()).await;
        sent.map_err(|error| format!("{word}: {error}"))?;
        heard = reply(&mut stream).await.map_err(|error| format!("{word}: {error}"))?;
    }
    let code = heard.rsplit('\n').find_map(|it| it.get(..3)?.parse().ok());
    match code {
        Some(code) if expected.contains(&code) => Ok(()),
        _ => Err(format!("the fault is not there: {words:?} got {heard:?}")),
    }
}

async fn reply(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut heard = Vec::new();
    loop {
        if stream.read_buf(&mut heard).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&heard).trim_end().to_owned();
        let last = text.rsplit('\n').next().unwrap_or_default();
        if heard.ends_with(b"\n") && last.as_bytes().get(3) != Some(&b'-') {
            return Ok(text);
        }
    }
}

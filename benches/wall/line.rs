//! A line of a given length: everything that goes through it arrives half a round trip later.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

/// A line to this server, on a port of the same address.
pub async fn to(server: SocketAddr, round_trip: Duration) -> SocketAddr {
    let listener = TcpListener::bind((server.ip(), 0)).await.unwrap();
    let here = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            tokio::spawn(join(near, server, round_trip));
        }
    });
    here
}

async fn join(near: TcpStream, server: SocketAddr, round_trip: Duration) {
    // loopback connects at once, a line after a round trip
    sleep(round_trip).await;
    let Ok(far) = TcpStream::connect(server).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let half = round_trip / 2;
    tokio::join!(carry(near_in, far_out, half), carry(far_in, near_out, half));
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: Duration) {
    let (queue, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(1024);
    let reading = async move {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            let due = Instant::now() + delay;
            if queue.send((due, bytes[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let writing = async {
        while let Some((at, bytes)) = due.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(reading, writing);
}

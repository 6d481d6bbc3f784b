//! Accepting connections: few at a time, with little patience. `axum::serve` sets no timer, so
//! hyper's own limit on the time for headers would never act; hence this loop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tower_service::Service as _;

use super::caps::{HEADER_BYTES, HEADERS};
use super::client::is_trusted;
use super::crowd::Ticket;
use super::log::Count;
use super::{Caps, Client, Service, api};

type Made = IntoMakeServiceWithConnectInfo<Router, SocketAddr>;

/// The process has no descriptor left: others must end first.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);

/// Serves on one listener until `stop` says so; then finishes what is being answered.
pub(super) async fn accept(
    listener: TcpListener,
    service: Arc<Service>,
    mut stop: watch::Receiver<bool>,
) {
    let mut made = api::router(Arc::clone(&service)).into_make_service_with_connect_info();
    let ending = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|it| *it) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(ticket) = admit(&service, peer) else {
                    service.log.count(Count::Crowded);
                    continue; // dropped, and so closed
                };
                talk(stream, peer, ticket, &mut made, &service.caps, &ending).await;
            }
            Err(error) => pause(&error).await,
        }
    }
    drop(listener);
    let _cut = timeout(service.caps.farewell, ending.shutdown()).await;
}

fn admit(service: &Service, peer: SocketAddr) -> Option<Ticket> {
    let counts = service.audience.is_public() && !is_trusted(peer.ip(), service.audience.proxies());
    service.connections.enter(counts.then(|| Client::at(peer.ip())))
}

async fn pause(error: &io::Error) {
    // one connection that broke says nothing about the next
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        sleep(OUT_OF_DESCRIPTORS).await;
    }
}

/// HTTP/1.1 on a task of its own.
async fn talk(
    stream: TcpStream,
    peer: SocketAddr,
    ticket: Ticket,
    made: &mut Made,
    caps: &Caps,
    ending: &GracefulShutdown,
) {
    let _delay_matters_little = stream.set_nodelay(true);
    let Ok(router) = made.call(peer).await;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(caps.headers)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let (watched, longest) = (ending.watch(connection), caps.connection);
    tokio::spawn(async move {
        let _ended = timeout(longest, watched).await;
        drop(ticket);
    });
}

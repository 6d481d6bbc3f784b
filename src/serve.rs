//! Serving the embedded app on this computer, and on nothing else.

mod assets;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// Whether the site was built before this program and is inside it.
#[must_use]
pub fn has_site() -> bool {
    assets::exists("index.html")
}

/// Listens on the loopback addresses of a port: IPv4 always, IPv6 where there is one, because
/// browsers may resolve `localhost` to either.
///
/// # Errors
/// The port is taken or may not be used.
pub async fn listen(port: u16) -> io::Result<Vec<TcpListener>> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let chosen = first.local_addr()?.port();
    let second = TcpListener::bind((Ipv6Addr::LOCALHOST, chosen)).await;
    Ok(std::iter::once(first).chain(second.ok()).collect())
}

/// Serves until the process ends.
///
/// # Errors
/// A listener fails.
pub async fn serve(listeners: Vec<TcpListener>) -> io::Result<()> {
    let mut tasks = Vec::new();
    for listener in listeners {
        let address = listener.local_addr()?;
        tasks.push(tokio::spawn(async move { axum::serve(listener, router(address)).await }));
    }
    for task in tasks {
        task.await.map_err(io::Error::other)??;
    }
    Ok(())
}

fn router(address: SocketAddr) -> Router {
    Router::new()
        .fallback(|request: Request| async move { assets::answer(request.uri().path()) })
        .layer(from_fn(move |request, next| guard(address, request, next)))
}

/// Refuses names other than this computer's own, so that no web page can reach it by rebinding.
async fn guard(address: SocketAddr, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    if host.is_some_and(|host| own(host, address.port())) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "open http://127.0.0.1 instead\n").into_response()
    }
}

fn own(host: &str, port: u16) -> bool {
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(host);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn only_this_computers_names_are_answered() {
        for host in ["127.0.0.1:8025", "localhost:8025", "[::1]:8025", "localhost"] {
            assert!(own(host, 8025), "{host}");
        }
        for host in ["evil.example:8025", "127.0.0.1.evil.example", "localhost:1", "10.0.0.1:8025"]
        {
            assert!(!own(host, 8025), "{host}");
        }
    }
}

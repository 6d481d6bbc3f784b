//! What is refused before anything is looked at: other methods, bodies, other pages, other names,
//! and too many requests.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::{Problem, later, problem};
use super::client::client;
use super::log::Count;
use super::{Audience, Service};

/// Where the API begins.
pub(super) const API: &str = "/v1/";

/// Lets a request through or answers it.
pub(super) async fn guard(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    service.log.count(Count::Requests);
    if let Some(what) = refusal(&service.audience, &request) {
        service.log.count(Count::Refused);
        return problem(&service.audience, what);
    }
    if let Audience::Public { proxies } = &service.audience
        && request.uri().path().starts_with(API)
        && let Err(wait) =
            service.quota.take(client(peer, request.headers(), proxies), Instant::now())
    {
        service.log.count(Count::OverQuota);
        return later(&service.audience, Problem::TooManyRequests, wait);
    }
    next.run(request).await
}

fn refusal(audience: &Audience, request: &Request) -> Option<Problem> {
    let headers = request.headers();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some(Problem::MethodNotAllowed);
    }
    if has_body(headers) {
        return Some(Problem::BodyNotAllowed);
    }
    let own = audience.is_public() || is_own(headers, request.uri().path());
    (!own).then_some(Problem::Forbidden)
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|it| it != "0")
}

/// Whether this computer's own page, or a person, asks a local server: not a page that has its
/// name point here (rebinding), and none of another origin.
fn is_own(headers: &HeaderMap, path: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|it| it.to_str().unwrap_or("?"));
    let Some(host) = text(header::HOST).filter(|it| is_loopback(it)) else { return false };
    let origin = text(header::ORIGIN);
    let same = origin.is_none_or(|it| it.strip_prefix("http://") == Some(host));
    // RFC-less but in every engine: W3C Fetch Metadata; a link from elsewhere may open the page
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let near = site.is_none_or(|it| matches!(it, "same-origin" | "none"));
    same && (near || !path.starts_with(API))
}

/// Whether a `Host` is a name of this computer that no name server can give to others.
fn is_loopback(host: &str) -> bool {
    let named = host.strip_prefix("localhost").is_some_and(is_port);
    named || host.parse().is_ok_and(|it: SocketAddr| it.ip().is_loopback()) || {
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        bare.parse().is_ok_and(|it: IpAddr| it.is_loopback())
    }
}

fn is_port(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix(':').is_some_and(|it| it.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_this_computers_names_are_answered() {
        for host in ["127.0.0.1:8025", "localhost:8025", "[::1]:8025", "localhost", "[::1]"] {
            assert!(is_own(&headers(&[("host", host)]), "/"), "{host}");
        }
        let foreign = "evil.example:8025 127.0.0.1.evil.example 10.0.0.1:8025 localhost.evil.example
            localhost:evil [::ffff:127.0.0.1]:8025 0.0.0.0:8025 0177.0.0.1 2130706433 127.1 @localhost";
        for host in foreign.split_whitespace() {
            assert!(!is_own(&headers(&[("host", host)]), "/"), "{host}");
        }
        assert!(!is_own(&HeaderMap::new(), "/"), "no Host at all");
    }

    #[test]
    fn only_the_own_page_may_ask() {
        let host = ("host", "127.0.0.1:8025");
        let check = |path, more, expected| {
            assert_eq!(is_own(&headers(&[host, more]), path), expected, "{path} {more:?}");
        };
        check("/v1/health", ("origin", "http://127.0.0.1:8025"), true);
        check("/v1/health", ("sec-fetch-site", "same-origin"), true);
        for origin in
            ["http://evil.example", "null", "http://localhost:8025", "https://127.0.0.1:8025"]
        {
            check("/", ("origin", origin), false);
        }
        for site in ["cross-site", "same-site"] {
            check("/v1/health", ("sec-fetch-site", site), false);
            check("/network", ("sec-fetch-site", site), true);
        }
    }
}

//! The site, compiled into the program.

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "dist"]
#[allow_missing = true]
struct Site;

/// The page's own rules, sent as a header as well: nothing from elsewhere, nothing to elsewhere.
const POLICY: &str = concat!(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; ",
    "img-src 'self' data:; connect-src 'self'",
    env!("OUTBOX_DOCTOR_CONNECT"), // the public probes of this build
    "; manifest-src 'self'; worker-src 'self'; ",
    "base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
);

/// Whether the site has a file.
pub(super) fn exists(path: &str) -> bool {
    Site::get(path).is_some()
}

/// The file of a request path, or a plain 404.
pub(super) fn answer(path: &str) -> Response<Body> {
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    match Site::get(path) {
        Some(file) => found(path, file),
        None => respond(StatusCode::NOT_FOUND, "text/plain", Body::from("not found\n")),
    }
}

fn found(path: &str, file: EmbeddedFile) -> Response<Body> {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    respond(StatusCode::OK, kind.as_ref(), Body::from(file.data.into_owned()))
}

fn respond(status: StatusCode, kind: &str, body: Body) -> Response<Body> {
    let built = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .body(body);
    built.unwrap_or_default()
}

//! Answers of the API, and its few errors.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::audience::{Audience, retry_after};

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// There is no such address.
    NotFound,
    /// The catalogue has no such provider.
    UnknownProvider,
    /// This server keeps no history.
    NoHistory,
    /// The API is read only.
    MethodNotAllowed,
    /// No request has a body here.
    BodyNotAllowed,
    /// Another page, or another name, asks a server that is for its own page alone.
    Forbidden,
    /// Too many requests of one client.
    TooManyRequests,
    /// Too many requests in all.
    Busy,
    /// The server failed.
    Internal,
}

/// What every error says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failure {
    /// What went wrong.
    pub error: Problem,
}

impl Problem {
    /// Its status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Problem::NotFound | Problem::UnknownProvider | Problem::NoHistory => {
                StatusCode::NOT_FOUND
            }
            Problem::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Problem::BodyNotAllowed => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::Forbidden => StatusCode::FORBIDDEN,
            Problem::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Problem::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A good answer.
pub(super) fn json(audience: &Audience, bytes: impl Into<Bytes>, keep: bool) -> Response {
    respond(audience, Body::from(bytes.into()), keep)
}

/// The same from a value.
pub(super) fn value(audience: &Audience, value: &impl Serialize, keep: bool) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => json(audience, bytes, keep),
        Err(_) => problem(audience, Problem::Internal),
    }
}

fn respond(audience: &Audience, body: Body, keep: bool) -> Response {
    let mut response = Response::new(body);
    audience.mark(response.headers_mut(), keep);
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// An error.
pub(super) fn problem(audience: &Audience, problem: Problem) -> Response {
    let bytes = serde_json::to_vec(&Failure { error: problem }).unwrap_or_default();
    let mut response = respond(audience, Body::from(bytes), false);
    *response.status_mut() = problem.status();
    if problem == Problem::MethodNotAllowed {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if problem == Problem::BodyNotAllowed {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// An error that goes away with time.
pub(super) fn later(audience: &Audience, what: Problem, wait: Duration) -> Response {
    let mut response = problem(audience, what);
    response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
    response
}

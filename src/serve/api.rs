//! The API, version 1: read only, and nothing goes in but the id of a provider.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::answer::{Problem, json, later, problem, value};
use super::client::client;
use super::guard::{API, guard};
use super::log::{Count, now};
use super::observatory::{Answer, Observatory};
use super::stream::stream;
use super::{Service, assets};
use crate::network::Vantage;

/// What `/v1/health` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Health {
    /// Of the program.
    pub version: String,
    /// As in `/v1/providers`.
    pub catalogue: String,
    /// Where it looks from; `egress` is the canary: what other large providers last said.
    pub vantage: Vantage,
    /// Whether `/v1/history/{id}` answers.
    pub history: bool,
}

/// The document of the API, made from the types by `serve::openapi`, whose test keeps it true.
const OPENAPI: &str = include_str!("openapi.json");

/// Everything that is answered.
pub(super) fn router(service: Arc<Service>) -> Router {
    let own = Router::new()
        .route("/v1/health", get(health))
        .route("/v1/providers", get(providers))
        .route("/v1/report/{id}", get(report))
        .route("/v1/report/{id}/events", get(events))
        .route("/v1/history/{id}", get(history))
        .route("/v1/openapi.json", get(openapi))
        .fallback(page);
    let outside = service.outside.iter();
    outside
        .fold(own, |all, (path, place)| all.nest_service(path, router(Arc::clone(place))))
        .layer(from_fn_with_state(Arc::clone(&service), guard))
        .with_state(service)
}

type Shared = State<Arc<Service>>;

async fn health(State(service): Shared) -> Response {
    let Some(vantage) = service.views.first().map(Observatory::vantage) else {
        return problem(&service.audience, Problem::Internal);
    };
    let health = Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalogue: service.listed.catalogue.clone(),
        vantage,
        history: service.history.is_some(),
    };
    value(&service.audience, &health, true)
}

async fn providers(State(service): Shared) -> Response {
    value(&service.audience, &service.listed, true)
}

async fn openapi(State(service): Shared) -> Response {
    json(&service.audience, OPENAPI, true)
}

/// Soon enough for a person, late enough for a crowd.
const BUSY: Duration = Duration::from_secs(4);

async fn report(State(service): Shared, Path(id): Path<String>) -> Response {
    let Some((observatory, _)) = service.views.of(&id) else {
        return problem(&service.audience, Problem::UnknownProvider);
    };
    match observatory.answer(&id).await {
        Answer::Report(bytes) => json(&service.audience, bytes, true),
        Answer::Unknown => problem(&service.audience, Problem::UnknownProvider),
        Answer::Busy => busy(&service),
    }
}

fn busy(service: &Service) -> Response {
    service.log.count(Count::Busy);
    later(&service.audience, Problem::Busy, BUSY)
}

async fn events(
    State(service): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if service.views.of(&id).is_none() {
        return problem(&service.audience, Problem::UnknownProvider);
    }
    let who = client(peer, &headers, service.audience.proxies());
    match service.streams.enter(Some(who)) {
        Some(ticket) => stream(Arc::clone(&service), id, ticket),
        None => busy(&service),
    }
}

async fn history(State(service): Shared, Path(id): Path<String>) -> Response {
    let Some((_, entry)) = service.views.of(&id).map(|(it, entry)| (it, entry.clone())) else {
        return problem(&service.audience, Problem::UnknownProvider);
    };
    let Some(history) = service.history.clone() else {
        return problem(&service.audience, Problem::NoHistory);
    };
    // reading the file may wait for the disk
    let read = tokio::task::spawn_blocking(move || history.of(&entry, now())).await;
    match read {
        Ok(Ok(found)) => value(&service.audience, &found, true),
        Ok(Err(_)) | Err(_) => problem(&service.audience, Problem::Internal),
    }
}

/// The app, or a plain 404.
async fn page(State(service): Shared, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with(API) {
        return problem(&service.audience, Problem::NotFound);
    }
    assets::answer(path)
}

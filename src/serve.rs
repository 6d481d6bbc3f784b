//! Serving: the app and the local probe on this computer, or the public probe.
//!
//! Nothing goes in but the id of a provider of the catalogue; what comes out is the same for
//! everybody. Reading order: `audience` and `caps` (for whom, how much), `accept` and `guard`
//! (what gets in), `api`, then `observatory`, `flights` and `flight` (one measurement for all who
//! ask), `history`.

mod accept;

mod answer;

mod api;

mod assets;

pub mod audience;

pub mod caps;

pub mod catalogue;

mod client;

mod crowd;

pub mod flight;

pub mod flights;

mod guard;

pub mod history;

pub mod listen;

pub mod log;

mod lookout;

pub mod observatory;

#[cfg(test)]
mod openapi;

mod quota;

mod recorder;

mod stream;

pub mod strip;

pub mod views;

use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use answer::{Failure, Problem};
pub use api::Health;
pub use audience::Audience;
pub use caps::Caps;
pub use catalogue::{Catalogue, Providers};
pub use client::Client;
pub use history::History;
pub use log::Log;
pub use observatory::Observatory;
pub use stream::Told;
pub use views::Views;

use catalogue::Providers as Listed;
use crowd::Crowd;
use quota::Quota;

/// Whether the site was built before this program and is inside it.
#[must_use]
pub fn has_site() -> bool {
    assets::exists("index.html")
}

/// Everything that answers.
pub struct Service {
    audience: Audience,
    caps: Caps,
    views: Views,
    listed: Listed,
    /// The places outside that are played here, by path.
    outside: Vec<(String, Arc<Service>)>,
    history: Option<Arc<History>>,
    log: Log,
    quota: Quota,
    connections: Arc<Crowd>,
    streams: Arc<Crowd>,
}

impl Service {
    /// Answers this audience from there, within these limits.
    #[must_use]
    pub fn new(
        audience: Audience,
        caps: Caps,
        views: impl Into<Views>,
        history: Option<Arc<History>>,
        log: Log,
    ) -> Arc<Service> {
        let mut views = views.into();
        let listed = views.listed();
        let place =
            |(path, views)| (path, Service::new(audience.clone(), caps, views, None, log.clone()));
        let outside = views.take_outside().map(place).collect();
        Arc::new(Service {
            listed,
            outside,
            quota: Quota::new(&caps),
            connections: Crowd::new(caps.connections, caps.per_client),
            streams: Crowd::new(caps.streams, caps.streams_per_client),
            audience,
            caps,
            views,
            history,
            log,
        })
    }

    /// All routes, for tests without a network; they want a `ConnectInfo<SocketAddr>`.
    pub fn router(self: &Arc<Service>) -> Router {
        api::router(Arc::clone(self))
    }
}

/// Serves until `stop` says so, then finishes what is being answered.
pub async fn serve(
    listeners: Vec<TcpListener>,
    service: Arc<Service>,
    stop: watch::Receiver<bool>,
) {
    let mut beside = JoinSet::new();
    beside.spawn(service.log.clone().each_minute());
    if let Some(history) = service.history.clone() {
        beside.spawn(recorder::run(Arc::clone(&service), history));
    }
    let mut doors = JoinSet::new();
    for listener in listeners {
        doors.spawn(accept::accept(listener, Arc::clone(&service), stop.clone()));
    }
    while doors.join_next().await.is_some() {}
    service.log.counted();
}

//! Events as they happen: server-sent events, read with `fetch`, because `EventSource` hides 429
//! and asks again by itself.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Service;
use super::catalogue::Entry;
use super::crowd::Ticket;
use super::flight::Flight;
use super::observatory::{Observatory, numbered};
use crate::network::{Event, Report};

/// What a stream tells: the name of the event, and its data as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Told {
    /// `report`: at first what is known already, which may be old or partial, and at last all.
    Report(Box<Report>),
    /// `target`, `stage` and `done`.
    Event(Event),
}

/// Lines wait here for a client that reads slowly.
const BACKLOG: usize = 32;
/// After so much silence a line that says nothing keeps proxies from hanging up.
const ALIVE: Duration = Duration::from_secs(15);

/// The stream about a provider; ends when everything is measured, or when nobody listens.
pub(super) fn stream(service: Arc<Service>, id: String, ticket: Ticket) -> Response {
    let (lines, receiver) = mpsc::channel(BACKLOG);
    let mut response = Response::new(Body::from_stream(unfold(receiver, next)));
    service.audience.mark(response.headers_mut(), false);
    let kind = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    tokio::spawn(async move {
        if let Some((observatory, entry)) = service.views.of(&id) {
            let _gone = tell(observatory, entry, &lines).await;
        }
        drop(ticket);
    });
    response
}

/// The next line, or none once all is told.
async fn next(
    mut lines: Receiver<String>,
) -> Option<(Result<String, Infallible>, Receiver<String>)> {
    let line = timeout(ALIVE, lines.recv()).await.unwrap_or_else(|_| Some(":\n\n".to_owned()))?;
    Some((Ok(line), lines))
}

/// Nobody listens any more.
struct Gone;

async fn tell(from: &Observatory, entry: &Entry, lines: &Sender<String>) -> Result<(), Gone> {
    let view = from.board(entry);
    let known = view.over(Duration::MAX).unwrap_or_else(|| view.current());
    say(lines, "report", &Told::Report(Box::new(from.report(entry, &known)))).await?;
    let mut tasks = JoinSet::new();
    for (server, flight) in view.current().into_iter().enumerate() {
        tasks.spawn(follow(flight, server, lines.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap_or(Err(Gone))?;
    }
    from.looked_around().await;
    let report = from.report(entry, &view.current());
    let finished = report.finished;
    say(lines, "report", &Told::Report(Box::new(report))).await?;
    say(lines, "done", &Told::Event(Event::Done { finished })).await
}

/// Tells of one server, from the beginning of its measurement to its end.
async fn follow(flight: Arc<Flight>, server: usize, lines: Sender<String>) -> Result<(), Gone> {
    let mut heard = flight.follow();
    let mut told = 0;
    loop {
        let (news, over) = {
            let heard = heard.borrow_and_update();
            (heard.events.get(told..).unwrap_or_default().to_vec(), heard.landing.is_some())
        };
        told += news.len();
        for event in news {
            let name = if matches!(event, Event::Target { .. }) { "target" } else { "stage" };
            say(&lines, name, &Told::Event(numbered(event, server))).await?;
        }
        if over {
            return Ok(());
        }
        tokio::select! {
            changed = heard.changed() => changed.map_err(|_| Gone)?,
            () = lines.closed() => return Err(Gone),
        }
    }
}

async fn say(lines: &Sender<String>, name: &str, told: &Told) -> Result<(), Gone> {
    let data = serde_json::to_string(told).map_err(|_| Gone)?; // JSON has no line ends
    lines.send(format!("event: {name}\ndata: {data}\n\n")).await.map_err(|_| Gone)
}

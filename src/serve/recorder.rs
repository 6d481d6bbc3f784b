//! Looking at every server of the catalogue every five minutes, and keeping what was seen.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Service;
use super::catalogue::Entry;
use super::history::{EVERY, History, Sample, State};
use super::log::now;
use super::observatory::Observatory;
use crate::network::standing::{SUBMISSION, Standing, standing};
use crate::network::{Egress, Report};

/// Records until it is dropped. Providers are looked at one after the other, spread over the time.
pub(super) async fn run(service: Arc<Service>, history: Arc<History>) {
    let share = u32::try_from(service.views.all().count().max(1)).unwrap_or(u32::MAX);
    let mut tick = interval(Duration::from_secs(EVERY.unsigned_abs()) / share);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        for (observatory, entry) in service.views.all() {
            tick.tick().await;
            record(&service, &history, observatory, entry).await;
        }
    }
}

async fn record(service: &Service, history: &Arc<History>, from: &Observatory, entry: &Entry) {
    let view = from.board(entry);
    view.landed().await;
    let report = from.report(entry, &view.current());
    for server in &entry.servers {
        let (host, sample) = (server.host.clone(), sample(&report, &server.host));
        let (kept, shown) = (Arc::clone(history), server.host.clone());
        let write = move || kept.record(&host, now(), &sample);
        match tokio::task::spawn_blocking(write).await {
            Ok(Ok(())) => service.log.say(format_args!("{shown}: {:?}", sample.state)),
            Ok(Err(error)) => service.log.say(format_args!("history: {error}")),
            Err(_) => service.log.say(format_args!("history: not written")),
        }
    }
}

/// What a report says of one server. A place that reaches nobody says nothing of anybody.
fn sample(report: &Report, host: &str) -> Sample {
    let mut own = report.clone();
    own.targets.retain(|it| it.host == host);
    let reaches = report.vantage.egress.get(&SUBMISSION) == Some(&Egress::Ok);
    let (state, stage, code) = match standing(&own) {
        Standing::Works { .. } => (State::Good, None, None),
        Standing::OtherPort | Standing::Patchy => (State::Partial, None, None),
        Standing::Fails(stage, code) if reaches => (State::Bad, Some(stage), Some(code)),
        Standing::Fails(..) | Standing::Untested => (State::Untested, None, None),
    };
    Sample { state, stage, code }
}

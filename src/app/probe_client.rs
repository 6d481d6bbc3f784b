//! Asking probes. What they say comes back as notes; nothing here judges it.
//!
//! Events are read with `fetch`, because `EventSource` hides 429 and asks again by itself. Nobody
//! waits for long: a probe that says nothing is given up, and whoever asks hears of it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo::utils::window;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestInit, Response};
use yew::Callback;
use yew::platform::{spawn_local, time::sleep};

use super::checkup::{Ended, Note, Offer, Probe, Told};
use super::event_stream::EventStream;
use super::past;
use crate::network::json::Json;
use crate::network::read::{MAX_BYTES, plain};
use crate::network::{Kind, Report, wire};

/// Milliseconds until a probe must say its first word.
const FIRST: f64 = 7_000.0;
/// Silence after that; living probes say something every fifteen seconds.
const SILENCE: f64 = 20_000.0;
/// All of it; a probe itself stops looking after sixty seconds.
const LONGEST: f64 = 65_000.0;
/// The plain report in place of the events must come within this: in all less than ten seconds.
const PLAIN: f64 = 2_000.0;
/// The local program answers at once or is not there.
const NEAR: f64 = 3_000.0;
/// A person hears something useful by then.
const LATE: Duration = Duration::from_millis(9_500);

/// Asks every probe about a provider.
pub fn check(run: u32, provider: &str, probes: &[Probe], note: &Callback<Note>) {
    for (at, probe) in probes.iter().enumerate() {
        let (probe, provider, note) = (probe.clone(), provider.to_owned(), note.clone());
        spawn_local(async move {
            let how = look(run, at, &probe, &provider, &note).await;
            note.emit(Note::Ended(run, at, how));
            remember(run, &probe, &provider, &note).await;
        });
    }
    let note = note.clone();
    spawn_local(async move {
        sleep(LATE).await;
        note.emit(Note::Late(run));
    });
}

/// Looks whether this page is served by the program on this computer.
pub fn find_local(note: Callback<Note>) {
    let near = |host: String| ["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str());
    if !window().location().hostname().is_ok_and(near) {
        return;
    }
    spawn_local(async move {
        let Ok(health) = text("/v1/health", NEAR).await else { return };
        let vantage = Json::parse(&health).and_then(|it| wire::vantage(it.get("vantage")?).ok());
        if vantage.is_none_or(|it| it.kind != Kind::Local) {
            return;
        }
        let listed = text("/v1/providers", NEAR).await.unwrap_or_default();
        let listed = Json::parse(&listed);
        let (offers, outside) =
            (listed.as_ref().and_then(offers), listed.as_ref().and_then(outside));
        note.emit(Note::Local(offers.unwrap_or_default(), outside.unwrap_or_default()));
    });
}

fn offers(listed: &Json) -> Option<Vec<Offer>> {
    let offer = |it: &Json| {
        let domains = it.get("domains")?.list()?.iter().filter_map(short).collect();
        Some(Offer { id: short(it.get("id")?)?, domains })
    };
    listed.get("providers")?.list()?.iter().map(offer).collect()
}

/// Probes that the program on this computer plays; nothing leads away from it.
fn outside(listed: &Json) -> Option<Vec<Probe>> {
    let probe = |it: &Json| {
        let origin = short(it.get("origin")?)?;
        let own = origin.starts_with("/outside/");
        own.then_some(Probe { name: short(it.get("name")?)?, origin, local: false })
    };
    listed.get("probes")?.list()?.iter().map(probe).collect()
}

fn short(it: &Json) -> Option<String> {
    it.text().map(|it| plain(it, 200))
}

/// What the probe saw before, if it keeps that.
async fn remember(run: u32, probe: &Probe, provider: &str, note: &Callback<Note>) {
    let address = address(probe, &["history/", provider]);
    if let Ok(text) = text(&address, NEAR).await
        && let Some(past) = past::parse(&text)
    {
        note.emit(Note::Past(run, probe.name.clone(), past));
    }
}

fn address(probe: &Probe, path: &[&str]) -> String {
    [probe.origin.as_str(), "/v1/", &path.concat()].concat()
}

async fn look(run: u32, at: usize, probe: &Probe, provider: &str, note: &Callback<Note>) -> Ended {
    // `true` proves nothing, `false` proves that nobody outside can be asked
    if !probe.local && !window().navigator().on_line() {
        return Ended::Offline;
    }
    let hear = |told| note.emit(Note::Heard(run, at, told));
    let events = address(probe, &["report/", provider, "/events"]);
    match follow(&events, &hear).await {
        Ok(()) => Ended::Whole,
        Err(Failure { how, again: false }) => how,
        Err(Failure { how, again: true }) => {
            let report = text(&address(probe, &["report/", provider]), PLAIN).await;
            match report.map(|text| Report::parse(&text)) {
                Ok(Ok(report)) => {
                    hear(Told::Report(Box::new(report)));
                    Ended::Whole
                }
                _ => how,
            }
        }
    }
}

/// Why a probe could not be heard, and whether the plain report may still be had.
struct Failure {
    how: Ended,
    again: bool,
}

impl Failure {
    const fn now(how: Ended) -> Failure {
        Failure { how, again: false }
    }
}

/// Reads events to their end.
async fn follow(address: &str, hear: &impl Fn(Told)) -> Result<(), Failure> {
    let watch = Watch::begin(FIRST)?;
    let response = get(address, &watch).await?;
    let Some(body) = response.body() else {
        return Err(Failure { how: Ended::Unreadable, again: true });
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut stream = EventStream::default();
    let (mut whole, mut told) = (false, false);
    let unreadable = || Failure { how: Ended::Unreadable, again: true };
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| watch.failure())?;
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
        if value.is_undefined() {
            return match (whole, told) {
                (true, _) => Ok(()),
                // before it is done it was cut off
                (false, true) => Err(watch.failure()),
                (false, false) => Err(unreadable()),
            };
        }
        let bytes: Uint8Array = value.dyn_into().map_err(|_| unreadable())?;
        watch.heard();
        for it in stream.take(&bytes.to_vec()).map_err(|_| unreadable())? {
            whole |= matches!(it, Told::Event(crate::network::Event::Done { .. }));
            told = true;
            hear(it);
        }
    }
}

/// A small answer as text.
async fn text(address: &str, patience: f64) -> Result<String, Failure> {
    let watch = Watch::begin(patience)?;
    let response = get(address, &watch).await?;
    let unreadable = |_| Failure::now(Ended::Unreadable);
    let text = JsFuture::from(response.text().map_err(unreadable)?).await;
    let text = text.map_err(|_| watch.failure())?.as_string().unwrap_or_default();
    if text.len() > MAX_BYTES { Err(Failure::now(Ended::Unreadable)) } else { Ok(text) }
}

async fn get(address: &str, watch: &Watch) -> Result<Response, Failure> {
    let init = RequestInit::new();
    init.set_signal(Some(&watch.controller.signal()));
    init.set_cache(RequestCache::NoStore);
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, &init)).await;
    let response: Response = answer.map_err(|_| watch.failure())?.unchecked_into();
    match response.status() {
        200 => Ok(response),
        429 | 503 => Err(Failure::now(Ended::Busy)),
        _ => Err(Failure { how: Ended::Unreadable, again: true }),
    }
}

/// Gives a request up after too long a silence.
struct Watch {
    controller: AbortController,
    heard: Rc<Cell<Option<f64>>>,
    late: Rc<Cell<bool>>,
    over: Rc<Cell<bool>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.set(true);
        self.controller.abort(); // nothing once all was read
    }
}

impl Watch {
    fn begin(patience: f64) -> Result<Watch, Failure> {
        let controller = AbortController::new().map_err(|_| Failure::now(Ended::Unreachable))?;
        let watch =
            Watch { controller, heard: Rc::default(), late: Rc::default(), over: Rc::default() };
        let begun = now();
        let (heard, late, over) = (watch.heard.clone(), watch.late.clone(), watch.over.clone());
        let controller = watch.controller.clone();
        spawn_local(async move {
            while !over.get() {
                sleep(Duration::from_millis(100)).await;
                let (since, most) = heard.get().map_or((begun, patience), |at| (at, SILENCE));
                if !over.get() && (now() - since > most || now() - begun > LONGEST) {
                    late.set(true);
                    controller.abort();
                    return;
                }
            }
        });
        Ok(watch)
    }

    fn heard(&self) {
        self.heard.set(Some(now()));
    }

    /// Broken off by us for being late, or broken.
    fn failure(&self) -> Failure {
        match (self.late.get(), self.heard.get()) {
            (true, _) => Failure::now(Ended::Slow),
            // what blocks an unending answer may let a plain one through
            (false, _) => Failure { how: Ended::Unreachable, again: true },
        }
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |it| it.now())
}

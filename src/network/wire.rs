//! Reports and events to JSON and back, key by key as `report` and `progress` declare them: the same
//! as what serde derives there (tests/network.rs compares them), at a fraction of its weight in the
//! app.

use core::net::IpAddr;
use std::collections::BTreeMap;

use super::json::Json;
use super::{
    Certificate, Code, Detail, Egress, Event, Family, Kind, Measurement, Mode, Moment, Reply,
    Report, Stage, Status, Target, Trust, Vantage,
};

/// What is missing, or not as it should be.
type Read<T> = Result<T, &'static str>;

fn wanted<T>(it: &Json, key: &'static str, read: impl Fn(&Json) -> Option<T>) -> Read<T> {
    it.get(key).and_then(read).ok_or(key)
}

/// A key that may be left out, or be `null`.
fn optional<T>(it: &Json, key: &'static str, read: impl Fn(&Json) -> Option<T>) -> Read<Option<T>> {
    match it.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or(key),
    }
}

/// A key that may be left out and is then empty.
fn or_empty<T: Default>(
    it: &Json,
    key: &'static str,
    read: impl Fn(&Json) -> Option<T>,
) -> Read<T> {
    it.get(key).map_or_else(|| Ok(T::default()), |value| read(value).ok_or(key))
}

fn text(it: &Json) -> Option<String> {
    it.text().map(str::to_owned)
}

fn texts(it: &Json) -> Option<Vec<String>> {
    it.list()?.iter().map(text).collect()
}

fn moment(it: &Json) -> Option<Moment> {
    Moment::parse(it.text()?)
}

fn all<T>(items: &[Json], read: impl Fn(&Json) -> Read<T>) -> Read<Vec<T>> {
    items.iter().map(read).collect()
}

fn list<'a>(it: &'a Json, key: &'static str) -> Read<&'a [Json]> {
    it.get(key).map_or_else(|| Ok(&[][..]), |value| value.list().ok_or(key))
}

/// Reads a report. The error names the key.
pub fn report(it: &Json) -> Read<Report> {
    Ok(Report {
        schema: wanted(it, "schema", text)?,
        vantage: vantage(it.get("vantage").ok_or("vantage")?)?,
        provider: wanted(it, "provider", text)?,
        finished: wanted(it, "finished", moment)?,
        age_ms: or_empty(it, "age_ms", Json::number)?,
        ttl_ms: or_empty(it, "ttl_ms", Json::number)?,
        targets: all(it.get("targets").and_then(Json::list).ok_or("targets")?, target)?,
        controls: all(list(it, "controls")?, target)?,
    })
}

/// Reads where a probe looks from.
pub fn vantage(it: &Json) -> Read<Vantage> {
    Ok(Vantage {
        id: wanted(it, "id", text)?,
        kind: wanted(it, "kind", |it| match it.text()? {
            "public" => Some(Kind::Public),
            "local" => Some(Kind::Local),
            _ => None,
        })?,
        network: or_empty(it, "network", text)?,
        egress: or_empty(it, "egress", |it| match it {
            Json::Map(ports) => {
                let mut egress = BTreeMap::new();
                for (port, value) in ports {
                    egress.insert(port.parse().ok()?, Egress::of_key(value.text()?));
                }
                Some(egress)
            }
            _ => None,
        })?,
        v6: or_empty(it, "v6", Json::flag)?,
        clock_ahead: optional(it, "clock_ahead", Json::number)?,
        portal: optional(it, "portal", Json::flag)?,
    })
}

fn target(it: &Json) -> Read<Target> {
    Ok(Target {
        host: wanted(it, "host", text)?,
        port: wanted(it, "port", Json::number)?,
        mode: wanted(it, "mode", |it| match it.text()? {
            "starttls" => Some(Mode::Starttls),
            "tls" => Some(Mode::Tls),
            _ => None,
        })?,
        address: optional(it, "address", |it| it.text()?.parse::<IpAddr>().ok())?,
        family: optional(it, "family", |it| Family::try_from(it.number::<u8>()?).ok())?,
        stages: all(list(it, "stages")?, measurement)?,
        failed_stage: optional(it, "failed_stage", stage)?,
    })
}

fn stage(it: &Json) -> Option<Stage> {
    let key = it.text()?;
    let known = Mode::Starttls.stages().iter().copied();
    known.into_iter().find(|stage| stage.key() == key)
}

fn measurement(it: &Json) -> Read<Measurement> {
    Ok(Measurement {
        stage: wanted(it, "stage", stage)?,
        status: wanted(it, "status", |it| it.text().map(Status::of_key))?,
        ms: or_empty(it, "ms", Json::number)?,
        code: optional(it, "code", |it| it.text().map(Code::of_key))?,
        smtp: match it.get("smtp") {
            None | Some(Json::Null) => None,
            Some(it) => Some(Reply {
                code: wanted(it, "code", Json::number)?,
                enhanced: or_empty(it, "enhanced", text)?,
                text: or_empty(it, "text", text)?,
            }),
        },
        detail: it.get("detail").map_or_else(|| Ok(Detail::default()), detail)?,
    })
}

fn detail(it: &Json) -> Read<Detail> {
    let trust = |it: &Json| it.text().map(Trust::of_key);
    Ok(Detail {
        mechanisms: or_empty(it, "mechanisms", texts)?,
        tls: or_empty(it, "tls", text)?,
        cipher: or_empty(it, "cipher", text)?,
        chain: all(list(it, "chain")?, certificate)?,
        platform: optional(it, "platform", trust)?,
        mozilla: optional(it, "mozilla", trust)?,
    })
}

fn certificate(it: &Json) -> Read<Certificate> {
    Ok(Certificate {
        subject: or_empty(it, "subject", text)?,
        issuer: or_empty(it, "issuer", text)?,
        names: or_empty(it, "names", texts)?,
        not_before: or_empty(it, "not_before", moment)?,
        not_after: or_empty(it, "not_after", moment)?,
        sha256: or_empty(it, "sha256", text)?,
    })
}

/// Reads what a probe tells while it runs.
pub fn event(it: &Json) -> Read<Event> {
    let number = |it| wanted(it, "number", Json::number);
    match it.get("event").and_then(Json::text) {
        Some("target") => Ok(Event::Target {
            number: number(it)?,
            control: wanted(it, "control", Json::flag)?,
            target: target(it.get("target").ok_or("target")?)?,
        }),
        Some("stage") => Ok(Event::Stage {
            number: number(it)?,
            measurement: measurement(it.get("measurement").ok_or("measurement")?)?,
        }),
        Some("done") => Ok(Event::Done { finished: wanted(it, "finished", moment)? }),
        _ => Err("event"),
    }
}

fn map<const N: usize>(pairs: [(&str, Option<Json>); N]) -> Json {
    let there = pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Json::Map(there.collect())
}

fn said(text: &str) -> Option<Json> {
    (!text.is_empty()).then(|| text.into())
}

fn some<T>(items: &[T], write: impl Fn(&T) -> Json) -> Option<Json> {
    (!items.is_empty()).then(|| Json::List(items.iter().map(write).collect()))
}

fn strings(items: &[String]) -> Option<Json> {
    some(items, |it| it.as_str().into())
}

fn count(number: impl TryInto<i64>) -> Option<Json> {
    Some(Json::Number(number.try_into().unwrap_or(i64::MAX)))
}

fn time(it: Moment) -> Option<Json> {
    Some(Json::Text(it.to_string()))
}

impl Report {
    /// The report as JSON, for a file or another computer.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        write_report(self).write(&mut text);
        text
    }
}

fn write_report(it: &Report) -> Json {
    map([
        ("schema", Some(it.schema.as_str().into())),
        ("vantage", Some(write_vantage(&it.vantage))),
        ("provider", Some(it.provider.as_str().into())),
        ("finished", time(it.finished)),
        ("age_ms", count(it.age_ms)),
        ("ttl_ms", count(it.ttl_ms)),
        ("targets", Some(Json::List(it.targets.iter().map(write_target).collect()))),
        ("controls", some(&it.controls, write_target)),
    ])
}

fn write_vantage(it: &Vantage) -> Json {
    let kind = match it.kind {
        Kind::Public => "public",
        Kind::Local => "local",
    };
    let egress = it.egress.iter().map(|(port, it)| (port.to_string(), it.key().into()));
    map([
        ("id", Some(it.id.as_str().into())),
        ("kind", Some(kind.into())),
        ("network", Some(it.network.as_str().into())),
        ("egress", Some(Json::Map(egress.collect()))),
        ("v6", Some(Json::Flag(it.v6))),
        ("clock_ahead", it.clock_ahead.map(Json::Number)),
        ("portal", it.portal.map(Json::Flag)),
    ])
}

fn write_target(it: &Target) -> Json {
    map([
        ("host", Some(it.host.as_str().into())),
        ("port", count(it.port)),
        ("mode", Some(it.mode.key().into())),
        ("address", it.address.map(|it| Json::Text(it.to_string()))),
        ("family", it.family.and_then(|it| count(u8::from(it)))),
        ("stages", Some(Json::List(it.stages.iter().map(write_measurement).collect()))),
        ("failed_stage", it.failed_stage.map(|it| it.key().into())),
    ])
}

fn write_measurement(it: &Measurement) -> Json {
    let reply = |it: &Reply| {
        map([
            ("code", count(it.code)),
            ("enhanced", said(&it.enhanced)),
            ("text", Some(it.text.as_str().into())),
        ])
    };
    map([
        ("stage", Some(it.stage.key().into())),
        ("status", Some(it.status.key().into())),
        ("ms", count(it.ms)),
        ("code", it.code.map(|it| it.key().into())),
        ("smtp", it.smtp.as_ref().map(reply)),
        ("detail", (!it.detail.is_empty()).then(|| write_detail(&it.detail))),
    ])
}

fn write_detail(it: &Detail) -> Json {
    map([
        ("mechanisms", strings(&it.mechanisms)),
        ("tls", said(&it.tls)),
        ("cipher", said(&it.cipher)),
        ("chain", some(&it.chain, write_certificate)),
        ("platform", it.platform.map(|it| it.key().into())),
        ("mozilla", it.mozilla.map(|it| it.key().into())),
    ])
}

fn write_certificate(it: &Certificate) -> Json {
    map([
        ("subject", Some(it.subject.as_str().into())),
        ("issuer", Some(it.issuer.as_str().into())),
        ("names", Some(Json::List(it.names.iter().map(|it| it.as_str().into()).collect()))),
        ("not_before", time(it.not_before)),
        ("not_after", time(it.not_after)),
        ("sha256", Some(it.sha256.as_str().into())),
    ])
}

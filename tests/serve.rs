//! The API as a client meets it, of a server that looks at the lab.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

#[path = "support/server.rs"]
mod server;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use jsonschema::Validator;
use outbox_doctor::network::standing::{Standing, standing};
use outbox_doctor::network::{
    Code, Egress, Event, Ipv6, Outcome, Progress, Report, Stage, Status, Verdict, verdict,
};
use outbox_doctor::probe::lab::{Lab, View};
use outbox_doctor::serve::{Audience, Caps, Catalogue, Log, Observatory, Service, Views};
use serde_json::{Value, json};
use server::{Plan, Reply, exchange, get, get_from, public};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DOCUMENT: &str = include_str!("../src/serve/openapi.json");

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

// --- the document

/// A schema of the document that allows nothing it does not name.
fn validator(schema: &Value) -> Validator {
    let mut whole: Value = serde_json::from_str(DOCUMENT).unwrap();
    whole["components"]["schemas"].as_object_mut().unwrap().values_mut().for_each(close);
    whole["$ref"] = schema["$ref"].clone();
    if let Some(kind) = schema.get("type") {
        whole = json!({ "type": kind });
    }
    jsonschema::draft202012::new(&whole).unwrap()
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            if map.contains_key("properties") && map.get("type") == Some(&json!("object")) {
                map.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

#[track_caller]
fn check_against(response: &Value, reply: &Reply, what: &str) {
    let (kind, content) = response["content"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(reply.header("content-type"), kind, "{what}");
    let validator = validator(&content["schema"]);
    let bodies = if kind == "text/event-stream" {
        events(&reply.body).into_iter().map(|it| it.1).collect()
    } else {
        vec![reply.json()]
    };
    for body in bodies {
        let errors: Vec<String> = validator
            .iter_errors(&body)
            .map(|it| format!("{}: {it}", it.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:?}\n{body:#}");
    }
    for name in response["headers"].as_object().into_iter().flat_map(|it| it.keys()) {
        assert!(!reply.header(&name.to_lowercase()).is_empty(), "{what}: no {name}");
    }
}

fn events(body: &str) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let (name, data) = block.strip_prefix("event: ")?.split_once("\ndata: ")?;
        Some((name.to_owned(), serde_json::from_str(data).unwrap()))
    };
    body.split("\n\n").filter_map(event).collect()
}

#[test]
fn the_running_server_keeps_to_its_document() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let file = std::env::temp_dir().join(format!("outbox-doctor-{}-api", std::process::id()));
        let history = outbox_doctor::serve::History::open(&file).unwrap();
        let plan = Plan { history: Some(history.into()), ..Plan::of_lab(&lab, Audience::Local) };
        let running = plan.start();
        let to = running.address;
        let document = get(to, "/v1/openapi.json").await.json();
        assert_eq!(document, serde_json::from_str::<Value>(DOCUMENT).unwrap());
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 6);
        for (path, item) in paths {
            let responses = &item["get"]["responses"];
            for id in ["lab-healthy", "lab-expired", "lab-refusing", "nobody"] {
                let path = path.replace("{id}", id);
                let reply = get(to, &path).await;
                let expected = if path.contains("nobody") { 404 } else { 200 };
                assert_eq!(reply.status, expected, "{path}: {reply:?}");
                check_against(&responses[expected.to_string()], &reply, &path);
            }
            let path = path.replace("{id}", "lab-healthy");
            for (status, line, more) in [
                (405, "POST", ""),
                (405, "OPTIONS", ""),
                (413, "GET", "Content-Length: 3\r\n"),
                (413, "GET", "Transfer-Encoding: chunked\r\n"),
                (403, "GET", "Origin: https://evil.example\r\n"),
                (403, "GET", "Sec-Fetch-Site: cross-site\r\n"),
            ] {
                let request = server::request(to, &path, more).replacen("GET", line, 1);
                let reply = exchange(to, server::HOME, request.as_bytes()).await.unwrap();
                assert_eq!(reply.status, status, "{line} {path} {more}");
                check_against(&responses[status.to_string()], &reply, &path);
            }
        }
        assert_eq!(get(to, "/v1/").await.status, 404);
        assert_eq!(get(to, "/v2/health").await.status, 404);
        let _removed = std::fs::remove_file(file);
    });
}

// --- the lab

#[track_caller]
fn check_lab(report: &Report, stage: Stage, codes: &[Code]) {
    for target in &report.targets {
        match target.outcome() {
            Outcome::Fails(at, code) if at == stage && codes.contains(&code) => {}
            other => panic!("{}: {other:?} on {} {:?}", report.provider, target.port, target.mode),
        }
    }
    assert!(!report.targets.is_empty());
}

#[test]
fn every_server_of_the_lab_fails_where_it_should() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let running = Plan::of_lab(&lab, Audience::Local).start();
        let to = running.address;
        let mut tasks = tokio::task::JoinSet::new();
        for (id, _) in lab.providers.clone() {
            tasks.spawn(async move {
                let reply = get(to, &format!("/v1/report/{id}")).await;
                Report::parse(&reply.body).unwrap()
            });
        }
        let reports = tasks.join_all().await;
        assert_eq!(reports.len(), 30);
        for report in &reports {
            check_report(report);
        }
    });
}

fn check_report(report: &Report) {
    assert_eq!(report.vantage.egress.get(&587), Some(&Egress::Ok));
    let works = |port, mode: &str| {
        let of = |it: &&outbox_doctor::network::Target| it.port == port && it.mode.key() == mode;
        report.targets.iter().filter(of).all(|it| it.outcome() == Outcome::Works)
    };
    match report.provider.as_str() {
        "lab-healthy" | "lab-slow" | "lab-works-here" => {
            assert!(works(587, "starttls") && works(465, "tls"), "{report:#?}");
            let slow = report.provider == "lab-slow";
            let greeting = report.targets[0].at(Stage::Greeting).unwrap().status;
            assert_eq!(greeting == Status::Slow, slow);
            let v6 = report.targets.iter().any(|it| it.address.unwrap().is_ipv6());
            assert_eq!(v6, !slow);
        }
        "lab-refusing" | "lab-refused-here" | "lab-two-agree" => {
            check_lab(report, Stage::Tcp, &[Code::TcpRefused]);
        }
        "lab-port-blocked" | "lab-blocked" => check_lab(report, Stage::Tcp, &[Code::TcpTimeout]),
        "lab-nameless" | "lab-no-name-here" => {
            check_lab(report, Stage::Dns, &[Code::DnsNotFound]);
        }
        "lab-nobody-looks" => check_lab(report, Stage::Dns, &[Code::DnsTimeout]),
        "lab-other-port" => assert_eq!(standing(report), Standing::OtherPort),
        "lab-patchy" => assert_eq!(standing(report), Standing::Patchy),
        "lab-broken-ipv6" | "lab-no-ipv6-here" => {
            let expected = Standing::Works { ipv6: Ipv6::Broken, genuine: true };
            assert_eq!(standing(report), expected);
        }
        "lab-untested-here" => assert_eq!(standing(report), Standing::Untested),
        id => {
            let first = report.targets.iter().find(|it| it.mode.key() == "starttls").unwrap();
            let (stage, code) = match id {
                "lab-silent" | "lab-not-from-here" => (Stage::Greeting, Code::ReplyTimeout),
                "lab-busy" => (Stage::Greeting, Code::ReplyClosing),
                "lab-rejecting" | "lab-banned" => (Stage::Greeting, Code::ReplyRejected),
                "lab-html" | "lab-portal" => (Stage::Greeting, Code::ReplyHtml),
                "lab-no-starttls" | "lab-stripped" => (Stage::Starttls, Code::StarttlsNotOffered),
                "lab-expired" | "lab-other-time" => (Stage::Cert, Code::CertExpired),
                "lab-untrusted" | "lab-intercepted" => (Stage::Cert, Code::CertUnknownIssuer),
                "lab-wrong-name" => (Stage::Cert, Code::CertWrongName),
                other => panic!("{other} is new: say what it is for"),
            };
            assert_eq!(first.outcome(), Outcome::Fails(stage, code), "{id}");
        }
    }
}

/// The lab's places outside answer below its own address, and name it as it is.
#[test]
fn the_lab_is_seen_from_outside_too() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let caps = Caps::default();
        let see = |views: &[View]| views.iter().map(|it| observatory(it, &caps)).collect();
        let outside =
            lab.outside.iter().map(|(name, it)| ((*name).to_owned(), Views::new(see(it), vec![])));
        let views = Views::new(see(&lab.here), outside.collect());
        let running =
            server::start(Service::new(Audience::Local, caps, views, None, Log::silent()));
        let to = running.address;
        let listed = get(to, "/v1/providers").await.json();
        assert_eq!(listed["providers"].as_array().unwrap().len(), 30);
        let probes = listed["probes"].as_array().unwrap();
        assert_eq!(probes.len(), 3);
        let mut reports = vec![get(to, "/v1/report/lab-banned").await];
        for probe in probes {
            let path = format!("{}/v1/report/lab-banned", probe["origin"].as_str().unwrap());
            reports.push(get(to, &path).await);
            let unknown = format!("{}/v1/report/charter", probe["origin"].as_str().unwrap());
            assert_eq!(get(to, &unknown).await.status, 404);
            for evil in ["Origin: https://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
                assert_eq!(get_from(to, server::HOME, &path, evil).await.status, 403, "{evil}");
            }
        }
        let reports: Vec<Report> =
            reports.iter().map(|it| Report::parse(&it.body).unwrap()).collect();
        let networks: Vec<&str> = reports.iter().map(|it| it.vantage.network.as_str()).collect();
        assert_eq!(networks, ["local", "north", "east", "south"]);
        assert_eq!(verdict(&reports).verdict, Verdict::AddressRefused);
        assert_eq!(get(to, "/outside/3/v1/health").await.status, 404);
    });
}

fn observatory(view: &View, caps: &Caps) -> Observatory {
    let entries = view.providers.iter().map(|(id, servers)| server::entry(id, servers)).collect();
    let catalogue = Catalogue { entries, controls: view.controls.clone() };
    let ttl = Duration::from_secs(30);
    Observatory::new(catalogue, &view.setup, view.vantage.clone(), ttl, caps)
}

// --- streams

async fn read_for(to: SocketAddr, path: &str, time: Duration) -> String {
    let mut stream = server::connect(to, server::HOME).await.unwrap();
    stream.write_all(server::request(to, path, "").as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    let _cut = tokio::time::timeout(time, stream.read_to_end(&mut heard)).await;
    String::from_utf8(heard).unwrap()
}

#[test]
fn a_stream_tells_each_stage_as_it_happens_and_whoever_comes_late_hears_all() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let running = Plan::of_lab(&lab, Audience::Local).start();
        let to = running.address;
        let begun = Instant::now();
        let early = read_for(to, "/v1/report/lab-slow/events", Duration::from_millis(1500)).await;
        let told = events(&Reply::read(&early).body);
        let has = |stage: &str| told.iter().any(|it| it.1["measurement"]["stage"] == stage);
        assert_eq!(told[0].0, "report", "{early}");
        assert!(has("tcp") && !has("quit"), "partial: {told:?}");
        assert!(told.iter().all(|it| it.0 != "done"));
        let late = events(&get(to, "/v1/report/lab-slow/events").await.body);
        assert!(begun.elapsed() > Duration::from_secs(3), "the same measurement went on");
        let names: Vec<&str> = late.iter().map(|it| it.0.as_str()).collect();
        assert_eq!((names[0], &names[names.len() - 2..]), ("report", &["report", "done"][..]));
        let mut progress = Progress::default();
        for (name, data) in late.iter().filter(|it| it.0 != "report") {
            let event: Event = serde_json::from_value(data.clone()).unwrap();
            assert_eq!(data["event"], *name);
            progress.apply(event);
        }
        let whole: Report = serde_json::from_value(late[late.len() - 2].1.clone()).unwrap();
        let own = progress.report(whole.vantage.clone(), "lab-slow");
        assert_eq!((own.targets, own.finished), (whole.targets, whole.finished));
        assert_eq!(own.vantage.egress.len(), 2, "controls come along");
    });
}

#[test]
fn the_first_stage_comes_at_once() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let running = Plan::of_lab(&lab, Audience::Local).start();
        let to = running.address;
        let heard = read_for(to, "/v1/report/lab-silent/events", Duration::from_millis(300)).await;
        assert!(heard.contains("event: stage") || heard.contains("event: target"), "{heard}");
    });
}

// --- public and local

#[test]
fn a_public_report_is_the_same_for_everybody_and_may_be_kept() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let running = Plan::of_lab(&lab, public()).start();
        let to = running.address;
        let first = get(to, "/v1/report/lab-healthy").await;
        let mut bodies = Vec::new();
        for (last, more) in [(2, ""), (3, "Cookie: a=b\r\n"), (4, "Origin: https://a.example\r\n")]
        {
            let reply =
                get_from(to, IpAddr::from([127, 0, 0, last]), "/v1/report/lab-healthy", more).await;
            let mut headers = reply.headers.clone();
            headers.remove("date");
            bodies.push((headers, reply.body));
        }
        assert!(bodies.iter().all(|it| *it == bodies[0]));
        assert_eq!(first.header("access-control-allow-origin"), "*");
        assert_eq!(first.header("access-control-expose-headers"), "Retry-After");
        let kept = "public, max-age=15, stale-while-revalidate=45";
        assert_eq!(first.header("cache-control"), kept);
        assert_eq!(first.header("set-cookie"), "");
        assert_eq!(first.header("vary"), "");
        assert_eq!(get(to, "/v1/report/nobody").await.header("cache-control"), "no-store");
    });
}

#[test]
fn a_local_answer_is_for_its_own_page_alone() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let running = Plan::of_lab(&lab, Audience::Local).start();
        let to = running.address;
        for path in ["/", "/v1/health", "/v1/report/lab-healthy", "/v1/report/nobody"] {
            let reply = get(to, path).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
            let api = path.starts_with("/v1/");
            assert_eq!(reply.header("cache-control") == "no-store", api, "{path}");
        }
    });
}

// --- limits of one client

#[test]
fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let mut plan =
            Plan::of_lab(&lab, Audience::Public { proxies: vec!["127.9.0.0/16".parse().unwrap()] });
        plan.caps.burst = 3;
        plan.caps.refill = Duration::from_secs(60);
        let running = plan.start();
        let to = running.address;
        let ask = async |from: [u8; 4], forwarded: &str| {
            let more = format!("X-Forwarded-For: {forwarded}\r\n");
            get_from(to, from.into(), "/v1/health", &more).await
        };
        for at in 0..3 {
            assert_eq!(ask([127, 0, 0, 7], &format!("9.9.9.{at}")).await.status, 200);
        }
        let refused = ask([127, 0, 0, 7], "1.2.3.4").await;
        assert_eq!(refused.status, 429, "a header that nobody vouches for changes nothing");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        check_against(&document["paths"]["/v1/health"]["get"]["responses"]["429"], &refused, "429");
        assert_eq!(ask([127, 0, 0, 8], "").await.status, 200, "others are not touched");
        for at in 0..6 {
            let inside = format!("6.6.6.6, 2600:1:2:3::{at}");
            let status = ask([127, 9, 0, 1], &inside).await.status;
            assert_eq!(status, if at < 3 { 200 } else { 429 }, "one household, whatever it claims");
        }
        assert_eq!(ask([127, 9, 0, 1], "2600:1:2:4::1").await.status, 200);
    });
}

// --- what the operator reads

#[test]
fn no_client_address_is_written_down() {
    use std::sync::{Arc, Mutex};
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&lines);
        let file = std::env::temp_dir().join(format!("outbox-doctor-{}-log", std::process::id()));
        let mut plan = Plan {
            log: outbox_doctor::serve::Log::new(move |line| kept.lock().unwrap().push(line.into())),
            history: Some(outbox_doctor::serve::History::open(&file).unwrap().into()),
            ..Plan::of_lab(&lab, public())
        };
        plan.catalogue.entries.truncate(1);
        plan.caps.burst = 4;
        let running = plan.start();
        let to = running.address;
        let more = "X-Forwarded-For: 203.0.113.77\r\nReferer: https://secret.example/\r\nUser-Agent: spy\r\n";
        for path in
            ["/v1/report/lab-healthy", "/v1/report/a%0d%0ab", "/secret?who=me", "/v1/health"]
        {
            for _ in 0..3 {
                get_from(to, [127, 44, 55, 66].into(), path, more).await;
            }
        }
        let post = server::request(to, "/v1/health", more).replacen("GET", "POST", 1);
        exchange(to, [127, 44, 55, 66].into(), post.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await; // the recorder begins at once
        running.stop.send(true).unwrap();
        running.task.await.unwrap();
        let written = lines.lock().unwrap().join("\n");
        assert!(written.contains("13 requests") && written.contains("over quota"), "{written}");
        assert!(written.contains("healthy.test: Good"), "the recorder writes: {written}");
        for word in ["127.44", "203.0.113", "secret", "spy", "who=me", "/v1/"] {
            assert!(!written.contains(word), "`{word}` in {written}");
        }
        let _removed = std::fs::remove_file(file);
    });
}

// --- ending

#[test]
fn what_is_being_answered_is_finished_when_the_server_ends() {
    block_on(async {
        let lab = Lab::open().await.unwrap();
        let mut plan = Plan::of_lab(&lab, Audience::Local);
        plan.caps.farewell = Duration::from_secs(20);
        let running = plan.start();
        let to = running.address;
        let asked = tokio::spawn(async move { get(to, "/v1/report/lab-slow").await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        running.stop.send(true).unwrap();
        running.task.await.unwrap(); // then the process would end
        let answered = tokio::time::timeout(Duration::from_secs(1), asked).await;
        assert_eq!(answered.unwrap().unwrap().status, 200);
        assert!(server::connect(to, server::HOME).await.is_err(), "and nobody listens");
    });
}

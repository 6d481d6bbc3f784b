//! The page in a real browser: clicks, typing, focus, storage.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

use std::time::Duration;

use gloo::utils::{document, window};
use outbox_doctor::app::checkup::{Checkup, Probe};
use outbox_doctor::app::{Ahead, App, AppProps, Store, store};
use outbox_doctor::knowledge;
use outbox_doctor::session::State;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement,
};
use yew::AppHandle;
use yew::platform::time::sleep;

wasm_bindgen_test_configure!(run_in_browser);

const KEY: &str = "outbox-doctor.case";
const MUST_MATCH: &str = "<user@nc.rr.com> sender rejected. The email address you are sending as \
    must match the email address you used to auth. AUP#Out-1500.";

/// A page of its own; gone when the test is.
struct Page {
    root: Element,
    handle: Option<AppHandle<App>>,
    ahead: Ahead,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.handle.take().unwrap().destroy();
        self.root.remove();
    }
}

impl Page {
    async fn open(state: State) -> Page {
        Page::with(state, Vec::new(), false).await
    }

    async fn with(state: State, probes: Vec<Probe>, network: bool) -> Page {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let store = Store::new(knowledge::embedded(), knowledge::english()).with_state(state);
        let (ahead, checkup) = (Ahead::default(), Checkup::new(probes));
        let kept = ahead.clone();
        let props = AppProps { store, guess: None, ahead: kept, dropped: false, checkup, network };
        let handle = yew::Renderer::<App>::with_root_and_props(root.clone(), props).render();
        rest().await;
        Page { root, handle: Some(handle), ahead }
    }

    fn seek(&self, test: &str) -> Option<HtmlElement> {
        let found = self.root.query_selector(&format!("[data-test='{test}']")).unwrap();
        found.map(|it| it.dyn_into().unwrap())
    }

    async fn find(&self, test: &str) -> HtmlElement {
        until(test, || self.seek(test).is_some()).await;
        self.seek(test).unwrap()
    }

    async fn click(&self, test: &str) {
        self.find(test).await.click();
        rest().await;
    }

    async fn tell(&self, text: &str) {
        let field: HtmlTextAreaElement = self.find("text").await.dyn_into().unwrap();
        field.set_value(text);
        happen(&field, "input").await;
    }

    async fn choose(&self, test: &str, value: &str) {
        let field: HtmlSelectElement = self.find(test).await.dyn_into().unwrap();
        field.set_value(value);
        happen(&field, "change").await;
    }

    async fn fill(&self, test: &str, value: &str) {
        let field: HtmlInputElement = self.find(test).await.dyn_into().unwrap();
        field.set_value(value);
        happen(&field, "change").await;
    }

    async fn expect_step(&self, kind: &str, id: &str) {
        let selector = format!("[data-test='step'][data-kind='{kind}'][data-id='{id}']");
        until(&selector, || self.root.query_selector(&selector).unwrap().is_some()).await;
    }

    async fn expect_text(&self, text: &str) {
        until(text, || self.root.inner_html().contains(text)).await;
    }
}

/// Lets the page draw what has changed, as far as a slow machine gets in this time.
async fn rest() {
    sleep(Duration::from_millis(20)).await;
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        rest().await;
    }
    panic!("not within ten seconds: {what}; the focus is on `{}`", focus());
}

async fn happen(target: &Element, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    target.dispatch_event(&Event::new_with_event_init_dict(name, &init).unwrap()).unwrap();
    rest().await;
}

async fn expect_focus(id: &str) {
    until(&format!("focus on `{id}`"), || focus() == id).await;
}

fn focus() -> String {
    document().active_element().map(|it| it.id()).unwrap_or_default()
}

fn kept() -> String {
    window().local_storage().unwrap().unwrap().get_item(KEY).unwrap().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_pasted_message_leads_to_steps_and_is_kept() {
    let page = Page::open(State::default()).await;
    page.choose("app", "thunderbird").await;
    page.tell(MUST_MATCH).await;
    page.click("find").await;
    page.expect_step("repair", "own-server-entry").await;
    expect_focus("diagnosis-heading").await;
    page.expect_text("mail.twc.com").await;
    until("the case is kept", || kept().contains("AUP#Out-1500")).await;
    let kb = knowledge::embedded();
    let (state, dropped) = store::from_text(&kb, &kept()).unwrap();
    assert!(!dropped);
    assert!(!kept().contains("user@"), "the address was kept");
    drop(page);
    let again = Page::open(state).await;
    again.expect_step("repair", "own-server-entry").await;
    assert_ne!(focus(), "next-heading", "the first load must not move the focus");
}

#[wasm_bindgen_test]
async fn answers_move_on_and_undo_comes_back() {
    let page = Page::open(State::default()).await;
    page.choose("app", "thunderbird").await;
    page.tell(MUST_MATCH).await;
    page.click("find").await;
    expect_focus("diagnosis-heading").await;
    page.click("still-fails").await;
    page.find("told-own-server-entry").await;
    expect_focus("next-heading").await;
    page.click("undo").await;
    page.expect_step("repair", "own-server-entry").await;
    page.click("sends").await;
    page.expect_step("solved", "own-server-entry").await;
    page.click("again").await;
    expect_focus("home-heading").await;
    until("the case is forgotten", || !kept().contains("AUP#Out-1500")).await;
}

#[wasm_bindgen_test]
async fn what_is_typed_outlives_other_changes() {
    let page = Page::open(State::default()).await;
    page.tell("half a sent").await;
    page.choose("app", "ios-mail").await;
    page.fill("domain", "Ann@NC.rr.com").await;
    let text: HtmlTextAreaElement = page.find("text").await.dyn_into().unwrap();
    assert_eq!(text.value(), "half a sent");
    assert!(page.seek("undo").is_none(), "no case was closed");
    let domain: HtmlInputElement = page.find("domain").await.dyn_into().unwrap();
    assert_eq!(domain.value(), "nc.rr.com", "what stood before the @ must be gone");
}

#[wasm_bindgen_test]
async fn an_empty_box_is_said_kindly() {
    let page = Page::open(State::default()).await;
    page.click("find").await;
    page.expect_text("id=\"text-error\"").await;
    assert!(page.seek("step").is_none());
}

#[wasm_bindgen_test]
async fn settings_are_read_and_compared() {
    let page = Page::open(State::default()).await;
    page.choose("app", "thunderbird").await;
    page.fill("domain", "nc.rr.com").await;
    page.click("begin").await;
    page.find("other-steps").await;
    let offers = page.root.query_selector_all("[data-test='instead']").unwrap();
    let words = knowledge::english();
    for offer in (0..offers.length()).filter_map(|at| offers.get(at)) {
        if offer.text_content().as_deref() == Some(words.text("ui.settings.title")) {
            offer.dyn_into::<HtmlElement>().unwrap().click();
        }
    }
    page.expect_step("settings", "settings-check").await;
    page.fill("field-host", "smtp-server.nc.rr.com").await;
    page.choose("field-port", "other").await;
    page.fill("field-port-other", "2525").await;
    page.choose("field-sign-in", "none").await;
    page.click("settings-done").await;
    expect_focus("judged-heading").await;
    for field in ["host", "port", "sign-in"] {
        let row = page.find(&format!("judged-{field}")).await;
        assert_eq!(row.get_attribute("data-light").as_deref(), Some("stopped"), "{field}");
    }
    assert!(page.seek("judged-security").is_none(), "what was left out is not judged");
}

#[wasm_bindgen_test]
async fn copying_says_what_happened() {
    let page = Page::open(State::default()).await;
    page.choose("app", "thunderbird").await;
    page.tell(MUST_MATCH).await;
    page.click("find").await;
    page.click("copy").await;
    let words = knowledge::english();
    let expected = ["ui.copied", "ui.announce.marked"].map(|key| words.text(key).to_owned());
    let said = page.root.query_selector("[role='status']").unwrap().unwrap();
    let heard = || said.text_content().unwrap_or_default();
    until("it is said", || expected.contains(&heard())).await;
}

#[wasm_bindgen_test]
async fn a_flood_of_text_is_cut_and_said() {
    let page = Page::open(State::default()).await;
    page.tell(&format!("<script>alert(1)</script> {}", "sender rejected ".repeat(70_000))).await;
    page.click("find").await;
    page.find("step").await;
    page.expect_text(knowledge::english().text("ui.notice.truncated")).await;
}

/// `fetch` in the page's own words, for a test; the real one comes back.
struct Fetch;

impl Fetch {
    /// `answer` gets the address and the options and returns a promise of a response.
    fn by(answer: &str) -> Fetch {
        let body = format!(
            "window.realFetch ??= window.fetch;
            const sleep = ms => new Promise(done => setTimeout(done, ms));
            const aborted = signal => new Promise((_, no) =>
                signal.addEventListener('abort', () => no(new DOMException('', 'AbortError'))));
            const stream = (parts, end = true) => new Response(new ReadableStream({{
                async start(to) {{
                    for (const part of parts) {{
                        if (typeof part === 'number') await sleep(part);
                        else to.enqueue(new TextEncoder().encode(part));
                    }}
                    if (end === true) to.close();
                    if (end === 'break') to.error(new TypeError('network'));
                }}
            }}));
            window.fetch = async (address, {{ signal }}) => {{ {answer} }};"
        );
        js_sys::Function::new_no_args(&body).call0(&window()).unwrap();
        Fetch
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        let back = "window.fetch = window.realFetch;";
        js_sys::Function::new_no_args(back).call0(&window()).unwrap();
    }
}

fn outside(name: &str) -> Probe {
    let origin = format!("https://{name}.example");
    Probe { name: name.to_owned(), origin, local: false }
}

/// A report of `charter` from outside; it works, or its certificate has expired.
fn report(works: bool) -> String {
    let text = include_str!("fixtures/report.json")
        .replace("lab-expired", "charter")
        .replace("\"kind\":\"local\"", "\"kind\":\"public\"");
    if works { text.replace("\"failed\"", "\"ok\"") } else { text }
}

fn events(report: &str) -> String {
    let finished = "1970-01-01T00:00:07Z";
    let done = format!("event: done\ndata: {{\"event\":\"done\",\"finished\":\"{finished}\"}}\n\n");
    format!("event: report\ndata: {report}\n\n{done}")
}

/// As a literal of the page's language.
fn quoted(text: &str) -> String {
    js_sys::JSON::stringify(&text.into()).unwrap().into()
}

async fn network(probes: Vec<Probe>) -> Page {
    let kb = knowledge::embedded();
    let told = outbox_doctor::session::Session::default()
        .apply(&kb, outbox_doctor::session::Event::Domain("charter.net".into()));
    Page::with(told.state, probes, true).await
}

async fn expect_verdict(page: &Page, key: &str) {
    let selector = format!("[data-test='finding'][data-verdict='{key}']");
    until(&selector, || page.root.query_selector(&selector).unwrap().is_some()).await;
}

fn states(page: &Page) -> Vec<String> {
    let looks = page.root.query_selector_all("[data-test='look']").unwrap();
    let state = |at| looks.get(at)?.dyn_into::<Element>().ok()?.get_attribute("data-state");
    (0..looks.length()).filter_map(state).collect()
}

#[wasm_bindgen_test]
async fn a_stream_that_is_cut_anywhere_is_read() {
    let text = events(&report(true));
    let (one, two) = text.split_at(text.len() / 3);
    let answer = format!(
        "return address.endsWith('/events') ? stream([{}, 50, {}]) : new Response('', {{ status: 404 }});",
        quoted(one),
        quoted(two)
    );
    let _fetch = Fetch::by(&answer);
    let page = network(vec![outside("fra")]).await;
    page.click("check").await;
    expect_verdict(&page, "server-up").await;
    assert_eq!(states(&page), ["whole"]);
    let said = page.root.query_selector("[role='status']").unwrap().unwrap();
    let title = knowledge::english().text("network.verdict.server-up.title").to_owned();
    until("it is said", || said.text_content().unwrap_or_default().contains(&title)).await;
    until("the answer is kept", || kept().contains("server-up")).await;
}

#[wasm_bindgen_test]
async fn each_probe_ends_in_its_own_way() {
    let good = events(&report(true));
    let half = events(&report(true)).replace("event: done", "event: later");
    let target = "event: target\ndata: {\"event\":\"target\",\"number\":0,\"control\":false,\"target\":\
        {\"host\":\"a.test\",\"port\":587,\"mode\":\"tls\",\"stages\":[]}}\n\n";
    let answer = format!(
        "const is = name => address.startsWith(`https://${{name}}.example`);
        if (address.includes('/history/')) return new Response('', {{ status: 404 }});
        if (is('good')) return stream([{good}]);
        if (is('blocked')) throw new TypeError('Failed to fetch');
        if (is('busy')) return new Response('', {{ status: 429 }});
        if (is('portal')) return new Response('<html>sign in</html>');
        if (is('plain')) return address.endsWith('/events')
            ? new Response('', {{ status: 500 }}) : new Response({plain});
        if (is('broken')) return stream([{half}, {target}, 200], 'break');",
        good = quoted(&good),
        half = quoted(&half),
        target = quoted(target),
        plain = quoted(&report(true)),
    );
    let _fetch = Fetch::by(&answer);
    let names = ["good", "blocked", "busy", "portal", "plain", "broken"];
    let page = network(names.map(outside).to_vec()).await;
    page.click("check").await;
    let expected = ["whole", "unreachable", "busy", "unreadable", "whole", "partial"];
    let over = |states: Vec<String>| states.len() == 6 && !states.contains(&"running".to_owned());
    until("all ended", || over(states(&page))).await;
    assert_eq!(states(&page), expected);
    expect_verdict(&page, "server-up").await;
}

#[wasm_bindgen_test]
async fn silence_ends_within_ten_seconds() {
    let _fetch = Fetch::by("return aborted(signal);");
    let page = network(vec![outside("fra")]).await;
    let begun = window().performance().unwrap().now();
    page.click("check").await;
    expect_verdict(&page, "could-not-test").await;
    let took = window().performance().unwrap().now() - begun;
    assert!(took < 10_000.0, "{took} ms");
    assert_eq!(states(&page), ["slow"]);
}

#[wasm_bindgen_test]
async fn a_slow_probe_shows_what_is_known_and_can_be_left() {
    let known = events(&report(true));
    let (first, _) = known.split_once("event: done").unwrap();
    let answer = format!(
        "if (!address.endsWith('/events')) return new Response('', {{ status: 404 }});
        signal.addEventListener('abort', () => {{}});
        return stream([{}], false);",
        quoted(first)
    );
    let _fetch = Fetch::by(&answer);
    let page = network(vec![outside("fra")]).await;
    page.click("check").await;
    page.find("look").await;
    until("late", || page.seek("enough").is_some()).await;
    page.click("enough").await;
    expect_verdict(&page, "server-up").await;
}

#[wasm_bindgen_test]
async fn a_pasted_report_is_taken_or_refused_with_the_reason() {
    let page = network(Vec::new()).await;
    let paste = async |text: &str| {
        let field: HtmlTextAreaElement = page.find("report-text").await.dyn_into().unwrap();
        field.set_value(text);
        page.click("report-read").await;
    };
    let words = knowledge::english();
    for (text, key) in [
        ("hello".to_owned(), "refused.not"),
        (report(true), "refused.public"),
        (report(true).replace("probe/1", "probe/7"), "refused.schema"),
    ] {
        paste(&text).await;
        page.expect_text(words.text(&format!("network.report.{key}"))).await;
    }
    paste(include_str!("fixtures/report.json")).await;
    expect_verdict(&page, "undecided").await;
    page.click("leave-network").await;
    page.find("told-network-check").await;
    page.click("undo").await;
    until("it is undone", || page.seek("told-network-check").is_none()).await;
}

#[wasm_bindgen_test]
async fn back_leads_out_of_the_network_page() {
    let page = Page::open(State::default()).await;
    page.click("open-network").await;
    expect_focus("network-heading").await;
    assert_eq!(window().location().hash().unwrap(), "#network");
    page.click("leave-network").await;
    expect_focus("home-heading").await;
    assert_eq!(window().location().hash().unwrap(), "");
}

/// The page prepares what may follow while nobody taps, and uses it. `Ahead::view` compares it with
/// one computed afresh, in every test of this file.
#[wasm_bindgen_test]
async fn the_next_step_is_ready_before_the_answer() {
    let page = Page::open(State::default()).await;
    page.choose("app", "thunderbird").await;
    page.tell(MUST_MATCH).await;
    until("what the text leads to is ready", || page.ahead.expects()).await;
    let used = page.ahead.used();
    page.click("find").await;
    page.expect_step("repair", "own-server-entry").await;
    assert_eq!(page.ahead.used(), used + 1);
    until("three outcomes are ready", || page.ahead.ready() == 3).await;
    let used = page.ahead.used();
    page.click("still-fails").await;
    page.find("told-own-server-entry").await;
    assert_eq!(page.ahead.used(), used + 1);
    until("those that follow are ready", || page.ahead.ready() > 0).await;
}

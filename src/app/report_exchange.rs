//! Two computers: a report goes out as a file or text, and comes in the same way. What comes in is
//! untrusted.

use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::button::{button, folded};
use super::case::{Case, CaseProps};
use super::clipboard;
use crate::network::read::MAX_BYTES;
use crate::network::{Kind, Refusal, Report};
use crate::session::Event;

/// What became of a report that was handed in.
#[derive(Clone, PartialEq)]
enum Answer {
    None,
    Taken,
    /// The key of the reason.
    Refused(&'static str),
}

#[component]
pub fn ReportExchange(props: &CaseProps) -> Html {
    let case = &props.case;
    let answer = use_state(|| Answer::None);
    let text = use_node_ref();
    let take = take(case, answer.setter());
    let read = {
        let (text, take) = (text.clone(), take.clone());
        Callback::from(move |_: MouseEvent| {
            let typed = text.cast::<HtmlTextAreaElement>().map(|it| it.value());
            take.emit(typed.unwrap_or_default());
        })
    };
    let body = html! {
        <>
            <p>{ case.net("report.text") }</p>
            <div class="field">
                <label for="report-file">{ case.net("report.file") }</label>
                <input id="report-file" type="file" accept=".json,application/json" data-test="report-file"
                    onchange={opened(take)} />
            </div>
            <div class="field">
                <label for="report-text">{ case.net("report.paste") }</label>
                <textarea id="report-text" data-test="report-text" ref={text} spellcheck="false"
                    aria-describedby="report-answer" />
            </div>
            { button("secondary", "report-read", case.net("report.read"), read) }
            { said(case, &answer) }
        </>
    };
    html! {
        <section aria-labelledby="exchange-heading" data-test="exchange">
            <h2 id="exchange-heading" class="away">{ case.net("report.title") }</h2>
            { own(case) }
            { folded("exchange-open", case.net("report.title"), body) }
        </section>
    }
}

fn said(case: &Case, answer: &Answer) -> Html {
    let (class, text) = match answer {
        Answer::None => return Html::default(),
        Answer::Taken => ("notice calm", case.net("report.taken")),
        Answer::Refused(key) => ("notice", case.net(key)),
    };
    html! { <p {class} id="report-answer" role="alert" data-test="report-answer">{ text }</p> }
}

/// The newest report of this computer, to take along.
fn own(case: &Case) -> Html {
    let local = |it: &&Report| it.vantage.kind == Kind::Local;
    let here = case.checkup.probes.iter().any(|it| it.local);
    let Some(report) = case.state().reports.iter().find(local).filter(|_| here) else {
        return Html::default();
    };
    let json = report.to_json();
    let file = ["data:application/json;charset=utf-8,", &encoded(&json)].concat();
    let copy = {
        let case = case.clone();
        Callback::from(move |_: MouseEvent| {
            let case = case.clone();
            let done = Callback::from(move |done| {
                case.say.emit(if done { case.ui("copied") } else { AttrValue::default() });
            });
            clipboard::copy(&json, done);
        })
    };
    html! {
        <div class="bar">
            <a class="go" href={file} download="outbox-doctor-report.json" data-test="report-save">
                { case.net("report.save") }
            </a>
            { button("secondary", "report-copy", case.net("report.copy"), copy) }
        </div>
    }
}

/// Everything but letters and digits as `%xx`.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0');
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

/// Takes a text in, or says why not.
fn take(case: &Case, answer: UseStateSetter<Answer>) -> Callback<String> {
    let (on, say, case) = (case.on.clone(), case.say.clone(), case.clone());
    Callback::from(move |text: String| match accepted(&text) {
        Ok(report) => {
            answer.set(Answer::Taken);
            say.emit(case.net("report.taken"));
            on.emit(Event::Reports(vec![report]));
        }
        Err(key) => answer.set(Answer::Refused(key)),
    })
}

/// A report of some computer. One that says it is a public probe's could come from anybody.
fn accepted(text: &str) -> Result<Report, &'static str> {
    let report = Report::parse(text.trim()).map_err(|it| match it {
        Refusal::TooLarge(_) => "report.refused.size",
        Refusal::NotAReport(_) => "report.refused.not",
        Refusal::Schema(_) => "report.refused.schema",
        Refusal::TooMany(..) => "report.refused.many",
    })?;
    match report.vantage.kind {
        Kind::Local => Ok(report),
        Kind::Public => Err("report.refused.public"),
    }
}

/// Reads the file that was opened.
fn opened(take: Callback<String>) -> Callback<web_sys::Event> {
    Callback::from(move |event: web_sys::Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        let Some(file) = input.and_then(|it| it.files()?.get(0)) else { return };
        let take = take.clone();
        spawn_local(async move {
            // what is too large is not even read
            #[expect(clippy::cast_precision_loss, reason = "a limit far below 2^53")]
            let text = if file.size() > MAX_BYTES as f64 {
                " ".repeat(MAX_BYTES + 1) + "x"
            } else {
                let read = JsFuture::from(file.text()).await;
                read.ok().and_then(|it| it.as_string()).unwrap_or_default()
            };
            take.emit(text);
        });
    })
}

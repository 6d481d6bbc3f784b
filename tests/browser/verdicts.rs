//! "Is it them, or is it me?", from the sockets to the words: every server of the lab, chosen in
//! the page of the real program and seen from this computer and from three places outside.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use fantoccini::Locator;
use outbox_doctor::knowledge;
use outbox_doctor::network::Verdict;
use serde_json::Value;

use super::browser::{Page, Told, lab_story, story};
use super::{DESKTOP, PHONE, describe};

/// Whoever checks has an answer by then, whatever happens.
const ANSWER: Duration = Duration::from_secs(10);
/// Two looks at a failure must lie ten seconds apart, and the lab keeps a look for up to six.
const APART: Duration = Duration::from_secs(11);

/// Where the road stops: the light on it, then stage and code of the first way.
type Stop = Option<(&'static str, &'static str, &'static str)>;

const CONNECT_REFUSED: Stop = Some(("connect", "tcp", "tcp.refused"));
const CONNECT_SILENT: Stop = Some(("connect", "tcp", "tcp.timeout"));
const NO_NAME: Stop = Some(("name", "dns", "dns.not-found"));
const NO_GREETING: Stop = Some(("greeting", "greeting", "reply.timeout"));
const REJECTED: Stop = Some(("greeting", "greeting", "reply.rejected"));
const WEB_PAGE: Stop = Some(("greeting", "greeting", "reply.html"));
const NO_STARTTLS: Stop = Some(("encryption", "starttls", "starttls.not-offered"));
const EXPIRED: Stop = Some(("encryption", "cert", "cert.expired"));
const STRANGER: Stop = Some(("encryption", "cert", "cert.unknown-issuer"));

/// The same from everywhere. At the first look a failure is not yet called an outage.
const EVERYWHERE: [(&str, Verdict, Stop); 16] = [
    ("healthy", Verdict::Works, None),
    ("slow", Verdict::Works, None),
    ("silent", Verdict::Undecided, NO_GREETING),
    ("refusing", Verdict::Undecided, CONNECT_REFUSED),
    ("busy", Verdict::Overloaded, Some(("greeting", "greeting", "reply.closing"))),
    ("rejecting", Verdict::Undecided, REJECTED),
    ("no-starttls", Verdict::Undecided, NO_STARTTLS),
    ("expired", Verdict::Undecided, EXPIRED),
    ("untrusted", Verdict::Undecided, STRANGER),
    ("wrong-name", Verdict::Undecided, Some(("encryption", "cert", "cert.wrong-name"))),
    ("html", Verdict::Undecided, WEB_PAGE),
    ("patchy", Verdict::Partial, None),
    ("broken-ipv6", Verdict::Ipv6AtProvider, None),
    ("nameless", Verdict::WrongName, NO_NAME),
    ("two-agree", Verdict::Undecided, CONNECT_REFUSED),
    ("nobody-looks", Verdict::CouldNotTest, Some(("name", "dns", "dns.timeout"))),
];

/// Here it is not as it is outside.
const HERE: [(&str, Verdict, Stop); 14] = [
    ("other-port", Verdict::UseOtherPort, None),
    ("port-blocked", Verdict::PortBlocked, CONNECT_SILENT),
    ("blocked", Verdict::BlockedOnTheWay, CONNECT_SILENT),
    ("not-from-here", Verdict::NotFromHere, NO_GREETING),
    ("refused-here", Verdict::Refused, CONNECT_REFUSED),
    ("banned", Verdict::AddressRefused, REJECTED),
    ("no-name-here", Verdict::NameFailsHere, NO_NAME),
    ("stripped", Verdict::EncryptionStripped, NO_STARTTLS),
    ("intercepted", Verdict::Intercepted, STRANGER),
    ("other-time", Verdict::ClockWrong, EXPIRED),
    ("no-ipv6-here", Verdict::Ipv6AtYou, None),
    ("portal", Verdict::Hijacked, WEB_PAGE),
    ("untested-here", Verdict::ServerUp, None),
    ("works-here", Verdict::WorksHere, None),
];

/// These failures last: at the second look they have a name.
const LASTING: [(&str, Verdict); 2] =
    [("refusing", Verdict::Outage), ("two-agree", Verdict::ProbableOutage)];

#[test]
fn every_verdict_is_shown() {
    let shown = EVERYWHERE.iter().chain(&HERE).map(|it| it.1).chain(LASTING.map(|it| it.1));
    let shown: Vec<Verdict> = shown.collect();
    for verdict in Verdict::ALL {
        assert!(shown.contains(verdict), "no server of the lab leads to `{}`", verdict.key());
    }
}

async fn choose(page: &Page, server: &str) -> Told {
    let id = format!("lab-{server}");
    page.css(&format!("[data-test='provider'] option[value='{id}']")).await?;
    page.find("provider").await?.select_by_value(&id).await?;
    Ok(())
}

/// Presses the button and waits for the verdict about this server, and for its sentence.
async fn expect_verdict(page: &Page, server: &str, verdict: Verdict) -> Told {
    let selector = format!(
        "[data-test='finding'][data-provider='lab-{server}'][data-verdict='{}']",
        verdict.key()
    );
    let begun = Instant::now();
    page.click("check").await?;
    let found = page.client.wait().at_most(ANSWER * 3).for_element(Locator::Css(&selector)).await;
    let found = found.map_err(|it| format!("{server}: no `{}`: {it}", verdict.key()))?;
    let (took, text) = (begun.elapsed(), found.text().await?);
    if took > ANSWER {
        return Err(format!("{server}: it took {took:?}").into());
    }
    let words = knowledge::english();
    for part in ["title", "text", "next"] {
        let sentence = words.text(&format!("network.verdict.{}.{part}", verdict.key()));
        if sentence.is_empty() || !text.contains(sentence) {
            return Err(format!("{server}: no `{sentence}` in {text}").into());
        }
    }
    Ok(())
}

/// The road of this computer, whose look comes first: the light that stops, and where the first way
/// that fails does.
async fn expect_stop(page: &Page, server: &str, expected: Stop) -> Told {
    let script = "const look = document.querySelector(\"[data-test='look']\");
        const light = look.querySelector(\"[data-light='stopped'][data-test^='signal-']\");
        const stage = look.querySelector(\"[data-test='stage'][data-status='failed']\");
        return [light?.dataset.test.replace('signal-', ''), stage?.dataset.stage, stage?.dataset.code];";
    let seen = page.client.execute(script, vec![]).await?;
    let text = |at: usize| seen.get(at).and_then(Value::as_str);
    let right = match expected {
        None => text(0).is_none(),
        Some((light, stage, code)) => [0, 1, 2].map(text) == [light, stage, code].map(Some),
    };
    if right { Ok(()) } else { Err(format!("{server}: the road stops at {seen}").into()) }
}

async fn every(page: &Page, servers: &[(&str, Verdict, Stop)]) -> Told {
    page.click("open-network").await?;
    page.find("own-here").await?;
    for (server, verdict, stop) in servers {
        choose(page, server).await?;
        expect_verdict(page, server, *verdict).await?;
        expect_stop(page, server, *stop).await?;
    }
    Ok(())
}

#[test]
fn the_same_from_everywhere() {
    lab_story("lab-everywhere", PHONE, async |page| {
        every(page, &EVERYWHERE).await?;
        page.click("leave-network").await?;
        page.find("told-network-check").await?;
        page.client.refresh().await?;
        page.find("told-network-check").await?;
        page.find("finding").await?;
        Ok(())
    });
}

#[test]
fn not_here_as_it_is_outside() {
    lab_story("lab-here", DESKTOP, async |page| every(page, &HERE).await);
}

#[test]
fn a_failure_that_lasts_is_called_an_outage() {
    lab_story("lab-outage", PHONE, async |page| {
        page.click("open-network").await?;
        for (server, verdict) in LASTING {
            choose(page, server).await?;
            expect_verdict(page, server, Verdict::Undecided).await?;
            tokio::time::sleep(APART).await;
            expect_verdict(page, server, verdict).await?;
        }
        Ok(())
    });
}

#[test]
fn a_check_within_the_diagnosis_changes_what_leads() {
    lab_story("lab-diagnosis", DESKTOP, async |page| {
        page.find("find").await?;
        page.type_in("domain", "ann@twc.com").await?;
        describe(page, "thunderbird", "The connection to the outgoing server timed out.").await?;
        page.expect_step("check", "network-check").await?;
        let before = page.find("leading").await?.attr("data-id").await?;
        if before.as_deref() == Some("server.outage") {
            return Err("an outage leads before anything was checked".into());
        }
        choose(page, "busy").await?;
        let begun = Instant::now();
        page.click("check").await?;
        page.css("[data-test='leading'][data-id='server.outage']").await?;
        if begun.elapsed() > ANSWER {
            return Err(format!("it took {:?}", begun.elapsed()).into());
        }
        page.find("told-network-check").await?;
        page.css("[data-test='step']:not([data-kind='check'])").await?;
        page.click("undo").await?;
        page.expect_step("check", "network-check").await?;
        let after = page.find("leading").await?.attr("data-id").await?;
        if after == before { Ok(()) } else { Err(format!("{after:?} leads after undo").into()) }
    });
}

/// The one computer is the lab's, the other one has no lab; text is all that goes between them.
#[test]
fn a_report_pasted_on_a_second_computer_gives_the_same_verdict() {
    for (server, verdict) in
        [("port-blocked", Verdict::PortBlocked), ("other-port", Verdict::UseOtherPort)]
    {
        let carried = RefCell::new(Value::Null);
        lab_story("report-out", PHONE, async |page| {
            page.click("open-network").await?;
            choose(page, server).await?;
            expect_verdict(page, server, verdict).await?;
            page.find("report-save").await?;
            let read = "const file = document.querySelector(\"[data-test='report-save']\").href;
                return decodeURIComponent(file.slice(file.indexOf(',') + 1));";
            let report = page.client.execute(read, vec![]).await?;
            carried.replace(report);
            Ok(())
        });
        story("report-in", PHONE, async |page| {
            page.click("open-network").await?;
            page.click("exchange-open").await?;
            let paste =
                "document.querySelector(\"[data-test='report-text']\").value = arguments[0];";
            page.client.execute(paste, vec![carried.take()]).await?;
            page.click("report-read").await?;
            let key = verdict.key();
            let finding = page.css(&format!("[data-test='finding'][data-verdict='{key}']")).await?;
            let title = format!("network.verdict.{key}.title");
            let text = finding.text().await?;
            if text.contains(knowledge::english().text(&title)) {
                Ok(())
            } else {
                Err(format!("not the same words: {text}").into())
            }
        });
    }
}

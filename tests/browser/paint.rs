//! From the tap to the next step painted on the screen, in the real app on a slow processor.
//!
//! `cargo xtask test paint` prints the table. A benchmark: it judges nothing.
use std::error::Error;
use std::time::Duration;

use fantoccini::Locator;

use crate::browser::{Page, Told, slow_down, story};

const PHONE: (u32, u32) = (390, 844);
const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. AUP#Out-1500.";
/// Little is known, so that questions are asked.
const STORY: &str = "My mail does not go out since yesterday, it just says sending failed";
/// Cases, told by turns, and answers in each.
const CASES: usize = 8;
const ANSWERS: usize = 5;
/// How long a person looks at a text or a step at least; meanwhile what follows is computed.
const READING: Duration = Duration::from_secs(2);

/// Waits for a click, then for another step in the card, then for the frame that shows it.
const WATCH: &str = "
    const id = () => document.querySelector(\"[data-test='step']\")?.dataset.id;
    const before = id();
    window.painted = new Promise(resolve => addEventListener('click', event => {
        const seen = new MutationObserver(() => {
            if (id() === before) return;
            seen.disconnect();
            requestAnimationFrame(() => {
                const after = new MessageChannel();
                after.port1.onmessage = () => resolve(performance.now() - event.timeStamp);
                after.port2.postMessage(0);
            });
        });
        seen.observe(document.body, { subtree: true, childList: true, attributes: true });
    }, { capture: true, once: true }));";
const PAINTED: &str = "window.painted.then(arguments[0]);";

/// Milliseconds from the click on this button to the paint of the next step.
async fn click(page: &Page, test: &str) -> Result<f64, Box<dyn Error>> {
    page.client.execute(WATCH, vec![]).await?;
    page.click(test).await?;
    let taken = page.client.execute_async(PAINTED, vec![]).await?;
    taken.as_f64().ok_or_else(|| "no time was measured".into())
}

/// What was clicked, and the milliseconds to the paint.
type Times = Vec<(&'static str, f64)>;

/// One case: a text, the settings check chosen beside the advice, answers; each after so long a look.
async fn case(page: &Page, text: &str, look: Duration, times: &mut Times) -> Told {
    page.find("app").await?.select_by_value("thunderbird").await?;
    page.type_in("text", text).await?;
    tokio::time::sleep(look).await;
    times.push(("text pasted", click(page, "find").await?));
    check_settings(page, look, times).await?;
    for _ in 0..ANSWERS {
        tokio::time::sleep(look).await;
        let kind = page.find("step").await?.attr("data-kind").await?;
        let (event, answer) = match kind.as_deref() {
            Some("repair" | "redo") => ("repair failed", "still-fails"),
            Some("ask") => ("question answered", "not-sure"),
            _ => break,
        };
        times.push((event, click(page, answer).await?));
    }
    page.click("restart").await
}

/// Opens the settings check and sends it with one setting read.
async fn check_settings(page: &Page, look: Duration, times: &mut Times) -> Told {
    page.css("[data-test='other-steps'] > summary").await?.click().await?;
    let entry = "//button[@data-test='instead'][.='Check your settings for sending']";
    let Ok(entry) = page.client.find(Locator::XPath(entry)).await else { return Ok(()) };
    entry.click().await?;
    page.find("field-port").await?.select_by_value("465").await?;
    tokio::time::sleep(look).await;
    times.push(("settings sent", click(page, "settings-done").await?));
    Ok(())
}

fn report(processor: &str, times: &Times) {
    for event in ["text pasted", "settings sent", "repair failed", "question answered", "all"] {
        let wanted = times.iter().filter(|it| event == "all" || it.0 == event);
        let mut times: Vec<f64> = wanted.map(|it| it.1).collect();
        times.sort_by(f64::total_cmp);
        if let Some(last) = times.len().checked_sub(1) {
            let at = |percent: usize| times[last * percent / 100];
            let (median, p95, worst) = (at(50), at(95), at(100));
            println!(
                "| {processor}: {event} | {} | {median:.0} | {p95:.0} | {worst:.0} |",
                last + 1
            );
        }
    }
}

#[test]
#[ignore = "a benchmark of minutes"]
fn the_next_step_is_painted() {
    story("paint", PHONE, async |page| {
        println!("| from click to paint | times | median ms | p95 ms | worst ms |");
        println!("|---|--:|--:|--:|--:|");
        for slower in [1, 4] {
            slow_down(page, slower).await?;
            for (look, after) in [(Duration::ZERO, "at once"), (READING, "after reading")] {
                let mut times = Times::new();
                for text in [AUP, STORY].into_iter().cycle().take(CASES) {
                    case(page, text, look, &mut times).await?;
                }
                report(&format!("{slower}× slower, {after}"), &times);
            }
        }
        Ok(())
    });
}

//! From the tap to the next step painted on the screen, in the real app on a slow processor.
//!
//! `cargo xtask test bench` prints the table. A benchmark: it judges nothing.
use std::error::Error;
use std::time::Duration;

use crate::browser::{Page, Told, slow_down, story};

const PHONE: (u32, u32) = (390, 844);
const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. AUP#Out-1500.";
/// Cases, and answers in each.
const CASES: usize = 6;
const ANSWERS: usize = 6;
/// How long a person looks at a step at least; meanwhile the next one is computed.
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

/// One case, each answer after so long a look at its step.
async fn case(page: &Page, look: Duration, times: &mut Vec<f64>) -> Told {
    page.find("app").await?.select_by_value("thunderbird").await?;
    page.type_in("text", AUP).await?;
    times.push(click(page, "find").await?);
    for _ in 0..ANSWERS {
        tokio::time::sleep(look).await;
        let kind = page.find("step").await?.attr("data-kind").await?;
        let answer = match kind.as_deref() {
            Some("repair") => "still-fails",
            Some("ask") => "not-sure",
            Some("settings") => "settings-done",
            _ => break,
        };
        times.push(click(page, answer).await?);
    }
    page.click("restart").await
}

fn report(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!("| {name} | {} | {:.0} | {:.0} | {:.0} |", times.len(), at(50), at(95), at(100));
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
                let mut times = Vec::new();
                for _ in 0..CASES {
                    case(page, look, &mut times).await?;
                }
                report(&format!("processor {slower}× slower, answered {after}"), times);
            }
        }
        Ok(())
    });
}

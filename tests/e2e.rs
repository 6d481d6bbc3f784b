//! Whole stories in a real browser against the built site and the real program.
//!
//! `cargo xtask test e2e` builds what they need. A story that fails leaves a screenshot and the
//! page's source; the message says where.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

mod browser;
#[path = "browser/paint.rs"]
mod paint;
#[path = "browser/verdicts.rs"]
mod verdicts;

use browser::{Page, Told, story};
use fantoccini::Locator;

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);

/// Case c004 of the development set, as a person would paste it.
const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. Please check your SMTP \
    settings. AUP#Out-1500.";

async fn choose_app(page: &Page, app: &str) -> Told {
    let picker = page.find("app").await?;
    picker.select_by_value(app).await?;
    Ok(())
}

async fn describe(page: &Page, app: &str, text: &str) -> Told {
    page.find("find").await?;
    choose_app(page, app).await?;
    page.type_in("text", text).await?;
    page.click("find").await
}

#[test]
fn a_pasted_error_leads_to_the_fix_and_survives_a_reload() {
    story("pasted-error", PHONE, async |page| {
        describe(page, "thunderbird", AUP).await?;
        page.expect_step("repair", "own-server-entry").await?;
        for label in ["Account Settings", "Outgoing Server", "Use Default Server", "User Name"] {
            page.expect_text(label).await?;
        }
        page.expect_text("mail.twc.com").await?;

        page.client.refresh().await?;
        page.expect_step("repair", "own-server-entry").await?;
        page.expect_text("AUP#Out-1500").await?;

        page.click("still-fails").await?;
        page.css("[data-test='told-own-server-entry']").await?;
        page.css("[data-test='step']:not([data-id='own-server-entry'])").await?;

        page.click("undo").await?;
        page.expect_step("repair", "own-server-entry").await?;

        page.click("still-fails").await?;
        page.css("[data-test='told-own-server-entry']").await?;
        page.client.refresh().await?;
        page.css("[data-test='told-own-server-entry']").await?;

        to_a_repair(page).await?;
        page.click("sends").await?;
        page.expect_step("solved", "").await
    });
}

/// Answers "not sure" until a repair is offered.
async fn to_a_repair(page: &Page) -> Told {
    for _ in 0..20 {
        let step = page.find("step").await?;
        match step.attr("data-kind").await?.as_deref() {
            Some("repair") => return Ok(()),
            Some("ask") => {
                let id = step.attr("data-id").await?.unwrap_or_default();
                page.click("not-sure").await?;
                page.css(&format!("[data-test='step']:not([data-id='{id}'])")).await?;
            }
            Some("settings") => {
                page.click("settings-done").await?;
                page.css("[data-test='step']:not([data-kind='settings'])").await?;
            }
            other => return Err(format!("no repair, but {other:?}").into()),
        }
    }
    Err("twenty questions and no repair".into())
}

/// Declines repairs until something else is offered: a question, the settings check, support.
async fn to_something_asked(page: &Page) -> Told {
    for _ in 0..40 {
        let step = page.find("step").await?;
        if step.attr("data-kind").await?.as_deref() != Some("repair") {
            return Ok(());
        }
        let id = step.attr("data-id").await?.unwrap_or_default();
        page.click("cannot").await?;
        page.css(&format!("[data-test='step']:not([data-id='{id}'])")).await?;
    }
    Err("forty repairs and no question".into())
}

#[test]
fn cannot_do_it_leads_elsewhere() {
    story("cannot", DESKTOP, async |page| {
        describe(page, "outlook-classic", "AUP#Out-1130 blocked, I use NordVPN").await?;
        page.expect_step("repair", "vpn-off").await?;
        page.click("cannot").await?;
        page.css("[data-test='step']:not([data-id='vpn-off'])").await?;
        page.client.find(Locator::Css("[data-test='leading']")).await?;
        Ok(())
    });
}

#[test]
fn starting_over_forgets_the_case() {
    story("restart", PHONE, async |page| {
        describe(page, "ios-mail", AUP).await?;
        page.find("step").await?;
        page.click("restart").await?;
        page.find("text").await?;
        page.client.refresh().await?;
        page.find("text").await?;
        let source = page.client.source().await?;
        if source.contains("AUP#Out-1500.") {
            Err("the old text is still there".into())
        } else {
            Ok(())
        }
    });
}

#[test]
fn hostile_text_is_taken_calmly() {
    story("hostile", PHONE, async |page| {
        page.find("find").await?;
        choose_app(page, "thunderbird").await?;
        let fill = "const box = document.querySelector(\"[data-test='text']\");
            box.value = '<script>alert(1)</script> \\u0000 ' + 'sender rejected '.repeat(70000);
            box.dispatchEvent(new Event('input', { bubbles: true }));";
        page.client.execute(fill, vec![]).await?;
        page.click("find").await?;
        page.find("step").await?;
        Ok(())
    });
}

#[test]
fn mail_may_start_to_go_out_while_a_question_is_asked() {
    story("by-itself", PHONE, async |page| {
        describe(page, "other-app", "zzz qqq").await?;
        to_something_asked(page).await?;
        page.click("sends").await?;
        page.expect_step("solved", "by-itself").await?;
        page.click("not-yet").await?;
        page.css("[data-test='step']:not([data-kind='solved'])").await?;
        Ok(())
    });
}

#[test]
fn nothing_recognised_still_leads_on() {
    story("nothing-recognised", PHONE, async |page| {
        describe(page, "other-app", "zzz qqq").await?;
        page.find("step").await?;
        Ok(())
    });
}

#[test]
fn a_check_is_the_next_step_when_it_is_worth_it() {
    story("check-step", DESKTOP, async |page| {
        page.find("find").await?;
        page.type_in("domain", "ann@twc.com").await?;
        describe(page, "thunderbird", "The connection to the outgoing server timed out.").await?;
        page.expect_step("check", "network-check").await?;
        page.click("not-sure").await?;
        page.css("[data-test='step']:not([data-kind='check'])").await?;
        Ok(())
    });
}

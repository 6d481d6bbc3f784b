//! Reading a report from outside: untrusted, so within limits and with plain words only.

use std::fmt;

use super::json::Json;
use super::progress::Event;
use super::report::SCHEMA;
use super::{Code, Detail, Measurement, Report, Status, Target, wire};

/// A report is tens of kilobytes; this is more than any honest one.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Targets, and controls.
pub const MAX_TARGETS: usize = 64;
/// Stages of a target.
pub const MAX_STAGES: usize = 16;
/// Certificates of a chain, and names of a certificate or ways to sign in.
pub const MAX_LIST: usize = 32;
/// Characters of a server's words, and of any other text.
pub const MAX_TEXT: usize = 200;

/// Why a text is not taken as a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Larger than [`MAX_BYTES`].
    TooLarge(usize),
    /// Not a report: no JSON, or this key is missing or not as it should be.
    NotAReport(Option<&'static str>),
    /// Another schema than this program reads.
    Schema(String),
    /// More entries than any honest report has.
    TooMany(&'static str, usize),
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::TooLarge(bytes) => {
                write!(to, "a report has at most {MAX_BYTES} bytes, this has {bytes}")
            }
            Refusal::NotAReport(None) => write!(to, "not a probe report: not JSON"),
            Refusal::NotAReport(Some(key)) => {
                write!(to, "not a probe report: `{key}` is missing or not as it should be")
            }
            Refusal::Schema(found) => {
                write!(to, "unknown report schema `{found}`; this program reads `{SCHEMA}`")
            }
            Refusal::TooMany(what, count) => write!(to, "too many {what} in a report: {count}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Report {
    /// Reads a report that somebody sent or pasted.
    ///
    /// A code or status that this version does not know counts as "could not test". Texts are cut
    /// and escaped. Derived fields are derived anew.
    ///
    /// ```
    /// use outbox_doctor::network::Report;
    /// let error = Report::parse("{}").unwrap_err();
    /// let expected = "not a probe report: `schema` is missing or not as it should be";
    /// assert_eq!(error.to_string(), expected);
    /// ```
    ///
    /// # Errors
    /// Too large, not a report, another schema, or more entries than a report has.
    pub fn parse(text: &str) -> Result<Report, Refusal> {
        if text.len() > MAX_BYTES {
            return Err(Refusal::TooLarge(text.len()));
        }
        let json = Json::parse(text).ok_or(Refusal::NotAReport(None))?;
        let report = wire::report(&json).map_err(|key| Refusal::NotAReport(Some(key)))?;
        if report.schema != SCHEMA {
            return Err(Refusal::Schema(plain(&report.schema, 40)));
        }
        within("targets", report.targets.len(), MAX_TARGETS)?;
        within("controls", report.controls.len(), MAX_TARGETS)?;
        report.targets.iter().chain(&report.controls).try_for_each(sizes)?;
        Ok(cleaned(report))
    }
}

impl Event {
    /// Reads what a probe tells while it runs, within the same limits. Nothing if it is no event.
    #[must_use]
    pub fn parse(text: &str) -> Option<Event> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut event = wire::event(&Json::parse(text)?).ok()?;
        match &mut event {
            Event::Target { target, .. } => {
                sizes(target).ok()?;
                clean_target(target);
            }
            Event::Stage { measurement, .. } => clean_stage(measurement),
            Event::Done { .. } => {}
        }
        Some(event)
    }
}

fn within(what: &'static str, count: usize, most: usize) -> Result<(), Refusal> {
    if count > most { Err(Refusal::TooMany(what, count)) } else { Ok(()) }
}

fn sizes(target: &Target) -> Result<(), Refusal> {
    within("stages", target.stages.len(), MAX_STAGES)?;
    for detail in target.stages.iter().map(|it| &it.detail) {
        within("ways to sign in", detail.mechanisms.len(), MAX_LIST)?;
        within("certificates", detail.chain.len(), MAX_LIST)?;
        for certificate in &detail.chain {
            within("names in a certificate", certificate.names.len(), MAX_LIST)?;
        }
    }
    Ok(())
}

fn cleaned(mut report: Report) -> Report {
    for text in [&mut report.vantage.id, &mut report.vantage.network, &mut report.provider] {
        clean(text);
    }
    for target in report.targets.iter_mut().chain(&mut report.controls) {
        clean_target(target);
    }
    report
}

fn clean_target(target: &mut Target) {
    clean(&mut target.host);
    target.stages.iter_mut().for_each(clean_stage);
    target.failed_stage = target.first_failed();
}

fn clean_stage(stage: &mut Measurement) {
    if stage.code == Some(Code::Unknown) {
        stage.status = Status::CouldNotTest;
    }
    if let Some(reply) = &mut stage.smtp {
        clean(&mut reply.enhanced);
        clean(&mut reply.text);
    }
    clean_detail(&mut stage.detail);
}

fn clean_detail(detail: &mut Detail) {
    clean(&mut detail.tls);
    clean(&mut detail.cipher);
    detail.mechanisms.iter_mut().for_each(clean);
    for certificate in &mut detail.chain {
        for text in [&mut certificate.subject, &mut certificate.issuer, &mut certificate.sha256] {
            clean(text);
        }
        certificate.names.iter_mut().for_each(clean);
    }
}

fn clean(text: &mut String) {
    *text = plain(text, MAX_TEXT);
}

/// At most so many characters, printable ones only: line ends, control characters and those that
/// turn the direction of writing are spelled out.
///
/// ```
/// use outbox_doctor::network::read::plain;
/// assert_eq!(plain("220 caf\u{e9}\u{1b}[2J", 200), "220 café\\u{1b}[2J");
/// assert_eq!(plain("abcdef", 4), "abc…");
/// ```
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
    let mut written = String::new();
    let mut count = 0;
    for letter in text.chars() {
        let shown =
            if hidden(letter) { letter.escape_default().to_string() } else { letter.into() };
        count += shown.chars().count();
        if count > most {
            return cut(&written, most);
        }
        written.push_str(&shown);
    }
    written
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Control and format characters (Unicode Cc and the Cf that hide or reorder text).
fn hidden(letter: char) -> bool {
    let invisible = ['\u{ad}', '\u{61c}', '\u{feff}', '\u{2028}', '\u{2029}'];
    letter.is_control()
        || invisible.contains(&letter)
        || ('\u{200b}'..='\u{200f}').contains(&letter)
        || ('\u{202a}'..='\u{202e}').contains(&letter)
        || ('\u{2060}'..='\u{206f}').contains(&letter)
        || ('\u{e0000}'..='\u{e007f}').contains(&letter)
}

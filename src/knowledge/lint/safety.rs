//! Safety: nothing in the wording can send the user to a scammer.
//!
//! Fake support numbers and look-alike sites are how people who search for mail trouble are
//! robbed, so the product names no number at all and links only to its short list.

use std::net::Ipv4Addr;

use super::super::files::Files;
use super::super::finding::Finding;
use super::wording::Language;

/// Hosts a text may link to, with all their sub-domains.
const DOMAINS: [&str; 2] = ["spectrum.net", "spectrum.com"];
/// Single hosts a text may link to: the block list people look themselves up in.
const HOSTS: [&str; 1] = ["check.spamhaus.org"];
/// Digits of the shortest telephone number without area code.
const SHORTEST: usize = 7;
/// Area codes of free numbers, which may go on in letters: 1-800-SPECTRUM.
const FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// Every link leads to a host of the list.
pub fn links(_: &Files, languages: &[Language]) -> Vec<Finding> {
    each_item(languages, |text| {
        let hosts = hosts(text).into_iter().filter(|host| !allowed(host));
        hosts.map(|host| format!("it links to `{host}`, which is not on the list")).collect()
    })
}

/// No text gives a telephone number, not even a right one: it cannot be told from a wrong one.
pub fn phone_numbers(_: &Files, languages: &[Language]) -> Vec<Finding> {
    each_item(languages, |text| {
        phones(text).into_iter().map(|it| format!("`{it}` looks like a telephone number")).collect()
    })
}

fn each_item(languages: &[Language], rule: impl Fn(&str) -> Vec<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in languages.iter().flat_map(|language| language.texts.values()) {
        for (offset, item) in &text.items {
            findings.extend(rule(item).into_iter().map(|message| text.at(*offset, message)));
        }
    }
    findings
}

fn allowed(host: &str) -> bool {
    let below =
        |domain| host.strip_suffix(domain).is_some_and(|it| it.is_empty() || it.ends_with('.'));
    HOSTS.contains(&host) || DOMAINS.into_iter().any(below)
}

/// Hosts behind `://`, and of names that start with `www.`.
fn hosts(text: &str) -> Vec<String> {
    let words = text.split(|it: char| it.is_whitespace() || "<>\"'`(),".contains(it));
    let hosts = words.filter_map(host);
    // A scheme alone, as in "the line that starts with smtp://", leads nowhere.
    hosts.filter(|host| !host.is_empty()).collect()
}

fn host(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let rest = match word.split_once("://") {
        Some((_, rest)) => rest,
        None => word.get(word.find("www.")?..)?,
    };
    let authority = rest.split(['/', '?', '#', '\\', ']', '}']).next()?;
    // `https://spectrum.net@example.com` leads to example.com (RFC 3986 §3.2.1).
    let host = authority.rsplit('@').next()?.split(':').next()?;
    Some(host.trim_end_matches(|it: char| !it.is_alphanumeric()).to_owned())
}

/// Runs of digits and the marks people put between them that are as long as a telephone number.
fn phones(text: &str) -> Vec<String> {
    let mark = |it: char| " -–.()+/\u{a0}".contains(it);
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|it: char| it.is_ascii_digit()) {
        let run = rest.get(start..).unwrap_or("");
        let end = run.find(|it: char| !it.is_ascii_digit() && !mark(it)).unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        let joined = rest.get(..start).is_some_and(|it| it.ends_with(char::is_alphanumeric));
        let run = run.trim_end_matches(mark);
        if !joined && phone(run, after) {
            found.push(run.to_owned());
        }
        rest = after;
    }
    found
}

fn phone(run: &str, after: &str) -> bool {
    let groups: Vec<&str> =
        run.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let code = after.starts_with(|it: char| it.is_alphabetic()) && digits == run.len();
    let long = digits >= SHORTEST && !code && run.parse::<Ipv4Addr>().is_err();
    let free = matches!(groups.as_slice(), ["1", area, ..] if FREE.contains(area));
    long || free
}

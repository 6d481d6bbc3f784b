//! Providers: servers that exist, each domain answered for once.

use std::collections::BTreeMap;

use super::super::files::Files;
use super::super::finding::Finding;
use super::super::source::{Candidate, Provider};
use super::place::entries;
use super::suggest::unknown;

/// Ports that take mail from apps: relay, implicit TLS and submission (RFC 8314 §3.3).
const PORTS: [u16; 3] = [25, 465, 587];
const YEARS: std::ops::RangeInclusive<u16> = 2000..=2100;
const CONFIDENCE: [&str; 3] = ["high", "medium", "low"];

/// Every provider has a server to try, and what is said of it can be true.
pub fn candidates(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, provider) in entries::<Provider>(files) {
        if provider.candidate.is_empty() {
            findings.push(place.finding("it has no candidate"));
        }
        let wrong = provider.candidate.iter().flat_map(wrong);
        findings.extend(wrong.map(|message| place.finding(message)));
    }
    findings
}

fn wrong(candidate: &Candidate) -> Vec<String> {
    let Candidate { host, port, as_of, confidence, .. } = candidate;
    let mut wrong = Vec::new();
    if !host_name(host) {
        wrong.push(format!("`{host}` is no host name"));
    }
    if !PORTS.contains(port) {
        wrong.push(format!("`{host}` has port `{port}`, which is none of 25, 465, 587"));
    }
    if !YEARS.contains(as_of) {
        wrong.push(format!("`{host}` has as-of `{as_of}`, which is no year from 2000 to 2100"));
    }
    if !CONFIDENCE.contains(&confidence.as_str()) {
        wrong.push(unknown("confidence", confidence, &CONFIDENCE));
    }
    wrong
}

/// A domain leads to one provider, or which servers the user is told would be chance.
pub fn domains(files: &Files) -> Vec<Finding> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut findings = Vec::new();
    for (place, provider) in entries::<Provider>(files) {
        let id = provider.id.get_ref();
        for domain in &provider.domains {
            let name = domain.get_ref().as_str();
            if !host_name(name.strip_prefix("*.").unwrap_or(name)) {
                findings.push(place.at(domain, format!("`{name}` is no domain")));
            }
            if let Some(other) = first.get(name) {
                findings
                    .push(place.at(domain, format!("the domain `{name}` is already in `{other}`")));
            } else {
                first.insert(name, id.clone());
            }
        }
        if provider.domains.is_empty() {
            findings.push(place.finding("it has no domain"));
        }
    }
    findings
}

/// Lower-case labels with a dot between them (RFC 1123 §2.1).
pub(super) fn host_name(text: &str) -> bool {
    let allowed = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let label = |it: &str| {
        !it.is_empty() && it.bytes().all(allowed) && !it.starts_with('-') && !it.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

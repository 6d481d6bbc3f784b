//! Domains and server names in a text.

use std::collections::BTreeMap;

use crate::knowledge::token::Word;
use crate::knowledge::{Field, Knowledge};
use crate::session::provider_of;

/// First labels of server names that take outgoing mail.
const OUTGOING: [&str; 8] =
    ["smtp", "smtp-server", "mail", "mobile", "mobile-smtp", "outgoing", "smtpauth", "out"];
/// First labels of other servers: never an address domain, never an outgoing server.
const OTHER: [&str; 8] =
    ["pop", "pop3", "pop-server", "imap", "imap-server", "webmail", "www", "id"];

/// A dotted name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Lower case.
    pub(super) name: String,
    /// It stands behind an `@`.
    pub(super) address: bool,
}

/// Every dotted name in the text, in order.
pub(super) fn hosts(text: &str) -> Vec<Name> {
    let part_of_name = |letter: char| letter.is_ascii_alphanumeric() || ".-@_+".contains(letter);
    text.split(|letter| !part_of_name(letter)).filter_map(name).collect()
}

fn name(item: &str) -> Option<Name> {
    if !item.contains('.') {
        return None;
    }
    let (address, host) = match item.rsplit_once('@') {
        Some((_, domain)) => (true, domain),
        None => (false, item),
    };
    let name = host.trim_matches(['.', '-', '_', '+']).to_ascii_lowercase();
    let labels = name.split('.').filter(|label| !label.is_empty()).count();
    let letters = name.rsplit('.').next()?.bytes().all(|byte| byte.is_ascii_alphabetic());
    (labels >= 2 && letters && name.len() <= 253).then_some(Name { name, address })
}

/// The domain of an address, or of what the user typed for one; empty if there is none.
///
/// ```
/// use outbox_doctor::intake::domain_of;
/// assert_eq!(domain_of(" Ann@NC.rr.com "), "nc.rr.com");
/// assert_eq!(domain_of("charter.net"), "charter.net");
/// assert_eq!(domain_of("not sure"), "");
/// ```
#[must_use]
pub fn domain_of(text: &str) -> String {
    hosts(text).into_iter().next().map(|it| it.name).unwrap_or_default()
}

/// The first address domain of a known provider, before one that is only mentioned.
pub(super) fn address_domain(kb: &Knowledge, names: &[Name]) -> String {
    let known = |it: &&Name| provider_of(kb, &it.name).is_some() && !server(&it.name);
    let mut candidates = names.iter().filter(known);
    let first = candidates.clone().find(|it| it.address).or_else(|| candidates.next());
    first.map(|it| it.name.clone()).unwrap_or_default()
}

fn server(name: &str) -> bool {
    let label = name.split('.').next().unwrap_or("");
    let many = name.split('.').count() > 2;
    many && (OUTGOING.contains(&label) || OTHER.contains(&label) || label.contains("imp"))
}

/// The outgoing server and port that a text names.
pub(super) fn settings(
    kb: &Knowledge,
    names: &[Name],
    words: &[Word<'_>],
) -> BTreeMap<Field, String> {
    let mut settings = BTreeMap::new();
    if let Some(host) = names.iter().find(|it| !it.address && outgoing(kb, &it.name)) {
        settings.insert(Field::Host, host.name.clone());
    }
    if let Some(port) = port(words) {
        settings.insert(Field::Port, port);
    }
    settings
}

/// An outgoing server of one of the provider families, current or retired.
fn outgoing(kb: &Knowledge, name: &str) -> bool {
    let Some((label, rest)) = name.split_once('.') else { return false };
    let known = kb.providers.iter().any(|it| it.candidates.iter().any(|c| c.host == name));
    known || (OUTGOING.contains(&label) && provider_of(kb, rest).is_some())
}

/// A port number behind the word "port" that mail apps use for sending.
fn port(words: &[Word<'_>]) -> Option<String> {
    let pair = words.windows(2).find_map(|pair| match pair {
        [port, number] if port.folded == "port" => Some(number.folded.to_string()),
        _ => None,
    })?;
    ["587", "465", "25", "2525", "110", "567"].contains(&pair.as_str()).then_some(pair)
}

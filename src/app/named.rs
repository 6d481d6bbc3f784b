//! Settings in words: what a value is called in the user's app, and which value is right.

use yew::prelude::*;

use super::case::Case;
use crate::knowledge::{Candidate, Field, Security};

/// A value as the user's app and the page call it.
pub fn named(case: &Case, field: Field, value: &str) -> AttrValue {
    match field {
        Field::Host | Field::Port => value.to_owned().into(),
        Field::Security => security(case, value),
        Field::SignIn | Field::UserName => case.word(&["ui", "value", field.key(), value]),
    }
}

fn security(case: &Case, value: &str) -> AttrValue {
    let labels = security_options(case);
    let found = labels.iter().find(|(key, _)| *key == value);
    found.or_else(|| labels.last()).map(|(_, label)| label.clone()).unwrap_or_default()
}

/// What can be chosen for encryption. Where the app has only a switch, "on" is as the provider
/// wants it: such apps find the mode by themselves.
pub fn security_options(case: &Case) -> Vec<(&'static str, AttrValue)> {
    let reader = case.reader();
    let tls: AttrValue = reader.security_label(Security::Tls).into();
    let starttls: AttrValue = reader.security_label(Security::Starttls).into();
    if tls == starttls {
        let first = candidate(case).map_or(Security::Tls, |it| it.security);
        return vec![("none", case.ui("value.security.off")), (security_key(first), tls)];
    }
    vec![("none", case.ui("value.security.none")), ("starttls", starttls), ("tls", tls)]
}

/// The word for an encryption mode in the session.
pub const fn security_key(security: Security) -> &'static str {
    match security {
        Security::None => "none",
        Security::Starttls => "starttls",
        Security::Tls => "tls",
    }
}

/// The provider's first choice.
pub fn candidate(case: &Case) -> Option<&Candidate> {
    case.kb.provider(case.view.provider?).candidates.first()
}

/// The right value of a field; nothing where the provider is not known.
pub fn right(case: &Case, candidate: &Candidate, field: Field) -> AttrValue {
    match field {
        Field::Host => candidate.host.clone().into(),
        Field::Port => candidate.port.to_string().into(),
        Field::Security => case.reader().security_label(candidate.security).into(),
        Field::SignIn => case.ui("value.sign-in.password"),
        Field::UserName => whole_address(case),
    }
}

fn whole_address(case: &Case) -> AttrValue {
    match case.state().domain.as_str() {
        "" => case.ui("value.whole-address-unknown"),
        domain => case.fill("value.whole-address", &[("domain", domain)]),
    }
}

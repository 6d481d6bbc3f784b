//! The settings check: what was read off the app, judged against the provider's candidates.

use std::collections::BTreeMap;

use crate::knowledge::{
    AnswerId, Candidate, Field, Kind, Knowledge, ObservationId, Provider, ProviderId, Security,
};

/// How a value compares with what the provider wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As the first candidate has it.
    Right,
    /// Reported to work too, but not the first choice.
    Possible,
    /// Differs from every candidate.
    Wrong,
    /// Nothing is known to compare it with.
    Unknown,
}

/// One value with its verdict and the evidence it amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Which field.
    pub field: Field,
    /// As the user gave it.
    pub value: String,
    /// How it compares.
    pub verdict: Verdict,
    /// The observation and answer, where the value tells something.
    pub evidence: Option<(ObservationId, AnswerId)>,
}

/// The provider family of an address domain; an exact domain before a `*.` rule.
///
/// ```
/// use outbox_doctor::{knowledge, session::provider_of};
/// let kb = knowledge::embedded();
/// let key = |domain| provider_of(&kb, domain).map(|id| kb.provider(id).key.clone());
/// assert_eq!(key("nc.rr.com").as_deref(), Some("twc"));
/// assert_eq!(key("cfl.rr.com").as_deref(), Some("brighthouse"));
/// assert_eq!(key("example.org"), None);
/// ```
#[must_use]
pub fn provider_of(kb: &Knowledge, domain: &str) -> Option<ProviderId> {
    let find = |matches: &dyn Fn(&str) -> bool| {
        let position = kb.providers.iter().position(|it| it.domains.iter().any(|d| matches(d)))?;
        u16::try_from(position).ok().map(ProviderId)
    };
    find(&|known| known == domain).or_else(|| {
        find(&|known| known.strip_prefix('*').is_some_and(|suffix| domain.ends_with(suffix)))
    })
}

/// Every value that was read, judged.
#[must_use]
pub fn judge(
    kb: &Knowledge,
    provider: Option<ProviderId>,
    values: &BTreeMap<Field, String>,
) -> Vec<Judged> {
    let provider = provider.map(|id| kb.provider(id));
    let port = values.get(&Field::Port).map(String::as_str);
    let judged = values.iter().map(|(field, value)| {
        let (answer, verdict) = match field {
            Field::Host => host(provider, value),
            Field::Port => number(value),
            Field::Security => security(provider, port, value),
            Field::SignIn => sign_in(value),
            Field::UserName => user_name(value),
        };
        let evidence = answer.and_then(|answer| evidence(kb, *field, answer));
        Judged { field: *field, value: value.clone(), verdict, evidence }
    });
    judged.collect()
}

/// The observation of a field, with the answer of this key.
fn evidence(kb: &Knowledge, field: Field, answer: &str) -> Option<(ObservationId, AnswerId)> {
    let id = kb.observation_ids().find(|id| kb.observation(*id).kind == Kind::Setting(field))?;
    Some((id, kb.observation(id).answer(answer)?))
}

type Judgement = (Option<&'static str>, Verdict);

fn host(provider: Option<&Provider>, value: &str) -> Judgement {
    let Some(provider) = provider else { return (None, Verdict::Unknown) };
    let host = value.to_ascii_lowercase();
    let same = |known: &str| known == host || glob(known, &host);
    if provider.candidates.iter().any(|candidate| candidate.host == host) {
        (Some("right"), Verdict::Right)
    } else if provider.retired_hosts.iter().any(|known| same(known)) {
        (Some("retired"), Verdict::Wrong)
    } else {
        (Some("other"), Verdict::Wrong)
    }
}

/// `smtp-server.*.rr.com` stands for every region.
fn glob(pattern: &str, host: &str) -> bool {
    pattern.split_once('*').is_some_and(|(start, end)| {
        host.len() >= start.len() + end.len() && host.starts_with(start) && host.ends_with(end)
    })
}

fn number(value: &str) -> Judgement {
    match value {
        "587" => (Some("587"), Verdict::Right),
        "465" => (Some("465"), Verdict::Possible),
        "25" => (Some("25"), Verdict::Wrong),
        _ => (Some("other"), Verdict::Wrong),
    }
}

fn security(provider: Option<&Provider>, port: Option<&str>, value: &str) -> Judgement {
    let Some(used) = parse_security(value) else { return (None, Verdict::Unknown) };
    if used == Security::None {
        return (Some("none"), Verdict::Wrong);
    }
    if used == first_choice(provider, port) {
        (Some("first-choice"), Verdict::Right)
    } else {
        (Some("second-choice"), Verdict::Possible)
    }
}

/// Port 465 is implicit TLS everywhere (RFC 8314 §3.3); on 587 the provider decides, else STARTTLS.
fn first_choice(provider: Option<&Provider>, port: Option<&str>) -> Security {
    let first = provider.and_then(|it| it.candidates.first());
    match port {
        Some("465") => Security::Tls,
        _ => first.map_or(Security::Starttls, |candidate: &Candidate| candidate.security),
    }
}

/// Reads `none`, `starttls` or `tls`.
fn parse_security(value: &str) -> Option<Security> {
    match value {
        "none" => Some(Security::None),
        "starttls" => Some(Security::Starttls),
        "tls" => Some(Security::Tls),
        _ => None,
    }
}

fn sign_in(value: &str) -> Judgement {
    match value {
        "password" => (Some("password"), Verdict::Right),
        "none" => (Some("none"), Verdict::Wrong),
        "oauth2" => (Some("oauth2"), Verdict::Wrong),
        _ => (None, Verdict::Unknown),
    }
}

fn user_name(value: &str) -> Judgement {
    match value {
        "full-address" => (Some("full-address"), Verdict::Right),
        "other-address" => (Some("other-address"), Verdict::Wrong),
        "local-part-only" => (Some("local-part-only"), Verdict::Wrong),
        _ => (None, Verdict::Unknown),
    }
}

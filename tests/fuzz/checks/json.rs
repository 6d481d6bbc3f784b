//! Our reader of JSON next to `serde_json`: the same texts, the same values, but for what
//! [`Apart`] names.

use outbox_doctor::network::json::Json;
use serde_json::Value;

/// Where both may differ, and why that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Ours stops at 32 values within each other, theirs at 128: a report has seven.
    Depth,
    /// `1e999` fits no float: theirs refuses, ours reads it as a fraction, which no report has.
    Huge,
    /// `-0`: theirs keeps the sign, as a float; ours has whole numbers only.
    MinusZero,
    /// A key twice (RFC 8259 §4 leaves it open): ours keeps both, theirs the last.
    Twice,
}

pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (ours, theirs) = (Json::parse(text), serde_json::from_str::<Value>(text));
    let apart = apart(text, ours.as_ref());
    match (&ours, theirs) {
        (Some(ours), Ok(theirs)) => {
            assert!(apart.is_some() || same(ours, &theirs), "{ours:?} {theirs:?}");
        }
        (None, Ok(_)) => assert_eq!(apart, Some(Apart::Depth), "only theirs reads {text:?}"),
        (Some(_), Err(_)) => assert_eq!(apart, Some(Apart::Huge), "only ours reads {text:?}"),
        (None, Err(_)) => {}
    }
    if let Some(ours) = ours {
        let mut written = String::new();
        ours.write(&mut written);
        let again = Json::parse(&written).unwrap();
        assert!(has(&ours, &|it| *it == Json::Fraction) || again == ours, "{written}");
    }
}

/// What keeps the two apart on this text, if anything may.
pub fn apart(text: &str, ours: Option<&Json>) -> Option<Apart> {
    let deep = text.bytes().filter(|it| b"[{".contains(it)).count() > 32;
    let Some(ours) = ours else { return deep.then_some(Apart::Depth) };
    let refused = serde_json::from_str::<Value>(text).is_err();
    if refused && has(ours, &|it| *it == Json::Fraction) {
        return Some(Apart::Huge);
    }
    if has(ours, &twice) {
        return Some(Apart::Twice);
    }
    text.contains("-0").then_some(Apart::MinusZero)
}

fn twice(it: &Json) -> bool {
    let Json::Map(pairs) = it else { return false };
    (1..pairs.len()).any(|at| pairs.iter().take(at).any(|(key, _)| *key == pairs[at].0))
}

fn has(json: &Json, what: &dyn Fn(&Json) -> bool) -> bool {
    let within = match json {
        Json::List(items) => items.iter().any(|it| has(it, what)),
        Json::Map(pairs) => pairs.iter().any(|(_, it)| has(it, what)),
        _ => false,
    };
    within || what(json)
}

fn same(ours: &Json, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) => true,
        (Json::Flag(one), Value::Bool(other)) => one == other,
        (Json::Number(one), Value::Number(other)) => other.as_i64() == Some(*one),
        (Json::Fraction, Value::Number(other)) => other.as_i64().is_none(),
        (Json::Text(one), Value::String(other)) => one == other,
        (Json::List(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Map(one), Value::Object(other)) => {
            let pair = |(key, it): &(String, Json)| other.get(key).is_some_and(|its| same(it, its));
            one.len() == other.len() && one.iter().all(pair)
        }
        _ => false,
    }
}

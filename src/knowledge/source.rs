//! The files as their authors write them: a serde mirror that refuses unknown keys.
//!
//! Nothing here judges the content; `lint` does, and `compile` turns what passed into the model.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::model::{Field, Party, Risk, Security};

/// One knowledge file. Any file may hold any section; faults belong in a stage's file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct File {
    /// Constants of the decision model; exactly one file has them.
    pub model: Option<Model>,
    /// What real cases say; written by `outbox-doctor fit`, at most one file has it.
    pub fitted: Option<Fitted>,
    /// Words of reports; written by `outbox-doctor terms`, at most one file has them.
    pub terms: Option<Terms>,
    /// What may be wrong.
    pub fault: Vec<Fault>,
    /// What can be seen.
    pub observation: Vec<Observation>,
    /// What people say unasked, by `observation=answer`.
    pub told: BTreeMap<Spanned<String>, Told>,
    /// What can be done.
    pub action: Vec<Action>,
    /// Named lists of words for `<name>` in patterns.
    pub class: BTreeMap<String, String>,
    /// What apps and servers show.
    pub signature: Vec<Signature>,
    /// Mail apps.
    pub app: Vec<App>,
    /// Which steps carry out which task in which app.
    pub procedure: Vec<Procedure>,
    /// Address domains and their servers.
    pub provider: Vec<Provider>,
    /// Hosts that always answer alike.
    pub beacon: Vec<Beacon>,
}

/// Constants of the decision model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Model {
    /// Prior of the leak, the fault that the knowledge does not name.
    pub unknown_prior: f64,
    /// See `Constants`.
    pub support_seconds: f64,
    /// See `Constants`.
    pub floor: f64,
    /// See `Constants`.
    pub unsure: f64,
    /// See `Constants`.
    pub carry_out: f64,
    /// See `Constants`.
    pub mention: f64,
    /// Share of a word's log ratio that counts, from 0 to 1.
    pub term_weight: f64,
    /// Cases that the experts' priors, all together, are worth.
    pub prior_strength: f64,
    /// Cases that an expert's row is worth.
    pub row_strength: f64,
    /// See `Constants`.
    pub settings_check_seconds: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// Counts from real cases, by which the compiler moves the experts' numbers (Dirichlet smoothing).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Fitted {
    /// Cases counted.
    pub cases: u32,
    /// Which files.
    pub source: String,
    /// Cases by fault: one for a case's first fault, half for each further one.
    pub fault: BTreeMap<String, f64>,
    /// Answers stated, by observation and fault, in the order of the answers.
    pub stated: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
    /// Answers that the text itself gives, alike; for signs, how often they were seen.
    pub told: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
}

/// In how many reports of each fault a word stands.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Terms {
    /// Which files.
    pub source: String,
    /// The faults, in the order of every list of counts.
    pub faults: Vec<String>,
    /// Reports of each fault.
    pub reports: Vec<u32>,
    /// Reports of each fault in which the word stands.
    pub word: BTreeMap<String, Vec<u32>>,
}

/// A `[[fault]]`. Its stage is the name of the file it stands in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// Dotted kebab-case id of `causes.md`.
    pub id: Spanned<String>,
    /// Who can repair it.
    pub party: Party,
    /// Relative weight; the compiler scales all priors to one.
    pub prior: Spanned<f64>,
    /// A source or the word `estimate`.
    pub source: String,
}

/// How an observation is made, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Seen in a text; one number a row.
    Sign,
    /// Asked.
    Question,
    /// Read off the outgoing-server entry.
    Setting,
    /// Known from the user's situation; the ids `app-kind` and `mailbox-at` have a meaning.
    Context,
    /// Measured by probes.
    Check,
}

/// An `[[observation]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Observation {
    /// Kebab-case id; signs start with `sign.`.
    pub id: Spanned<String>,
    /// How it is made.
    pub kind: Kind,
    /// Which field a setting reads.
    pub field: Option<Field>,
    /// Answer ids; left out for signs.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Answers of a check that a look from outside alone can give; in all other cases it gives the
    /// first of them.
    #[serde(default)]
    pub outside: Vec<Spanned<String>>,
    /// Seconds to find out; left out for signs.
    #[serde(default)]
    pub seconds: f64,
    /// Apps it can be asked in; empty means all.
    #[serde(default)]
    pub apps: Vec<Spanned<String>>,
    /// Key of the case vocabulary.
    pub case_key: Option<String>,
    /// P(answer | any fault not named in `given`), in the order of `answers`.
    pub default: Spanned<Vec<f64>>,
    /// P(answer | fault) where it differs.
    #[serde(default)]
    pub given: BTreeMap<Spanned<String>, Spanned<Vec<f64>>>,
    /// A source or the word `estimate`.
    pub source: String,
    /// Why a probability is 0 or 1, where one is.
    pub certain_because: Option<String>,
}

/// A `[told."observation=answer"]`: how many of a hundred people say so in their own text, unasked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Told {
    /// P(said | fault) for every fault not named in `given`.
    pub default: f64,
    /// P(said | fault).
    #[serde(default)]
    pub given: BTreeMap<String, f64>,
    /// A source or the word `estimate`.
    pub source: String,
}

/// An `[[action]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Action {
    /// Kebab-case id.
    pub id: Spanned<String>,
    /// Seconds, the sending test included.
    pub seconds: Spanned<f64>,
    /// What may go wrong.
    pub risk: Risk,
    /// Expected seconds lost to that risk.
    #[serde(default)]
    pub risk_seconds: f64,
    /// P(repaired | fault).
    pub repairs: BTreeMap<Spanned<String>, Spanned<f64>>,
    /// `observation=answer` pairs that make it pointless.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// `observation=answer` pairs of which one must hold.
    #[serde(default)]
    pub only_if: Vec<Spanned<String>>,
    /// It pauses something that must be put back.
    #[serde(default)]
    pub put_back: bool,
    /// Settings shown with it.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// A source or the word `estimate`.
    pub source: String,
}

/// A `[[signature]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Signature {
    /// Kebab-case id.
    pub id: Spanned<String>,
    /// As the app writes it, for the error reference; left out for plain phrases.
    #[serde(default)]
    pub shown: String,
    /// Patterns; see `pattern::parse`.
    pub text: Vec<Spanned<String>>,
    /// Rows of words that must not stand by a match, whichever pattern it is of.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// `observation` (a sign) or `observation=answer`.
    pub means: Vec<Spanned<String>>,
    /// Counts only where nothing else answers the same observation.
    #[serde(default)]
    pub weak: bool,
    /// A source or the word `estimate`.
    pub source: String,
}

/// An `[[app]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct App {
    /// Kebab-case id, as in the cases.
    pub id: Spanned<String>,
    /// Name as its makers write it.
    pub name: String,
    /// An answer of `app-kind`; left out where the app may be of any kind.
    #[serde(default)]
    pub kind: String,
    /// Version keys, newest first.
    #[serde(default)]
    pub versions: Vec<String>,
    /// Label of implicit TLS in this app.
    pub label_tls: String,
    /// Label of STARTTLS in this app.
    pub label_starttls: String,
    /// Where the labels come from.
    pub source: String,
}

/// A `[[procedure]]`: the steps of one task in one app (`any` for all apps).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Procedure {
    /// App id or `any`.
    pub app: Spanned<String>,
    /// Action id, or `settings-check`, `exact-error`, `test-message`.
    pub task: Spanned<String>,
    /// Step lists of the wording, in order: `task.<app>.<step>` or else `task.any.<step>`.
    pub steps: Vec<Spanned<String>>,
    /// Where the labels come from.
    pub source: String,
}

/// A `[[provider]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Provider {
    /// Kebab-case id.
    pub id: Spanned<String>,
    /// Names the case files use.
    #[serde(default)]
    pub case_names: Vec<String>,
    /// Address domains.
    pub domains: Vec<Spanned<String>>,
    /// Servers, best first.
    pub candidate: Vec<Candidate>,
    /// Host names that do not work any more or never did.
    #[serde(default)]
    pub retired_hosts: Vec<String>,
}

/// A `[[provider.candidate]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Candidate {
    /// Server name.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption.
    pub security: Security,
    /// Source.
    pub source: String,
    /// Year.
    pub as_of: u16,
    /// high, medium or low.
    pub confidence: String,
    /// What speaks against it.
    #[serde(default)]
    pub contradicted_by: String,
}

/// A `[[beacon]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Beacon {
    /// Kebab-case id.
    pub id: Spanned<String>,
    /// Host name.
    pub host: String,
    /// Path.
    pub path: String,
    /// Source.
    pub source: String,
}

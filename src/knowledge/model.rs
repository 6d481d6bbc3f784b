//! The compiled knowledge: plain data in which every reference is a checked index.
//!
//! This is the form the Wasm carries. It is written by `compile` from files that the linter
//! has passed, so it holds no dangling reference and every likelihood row sums to one. Sources of
//! numbers and labels stay in the files; those of server settings are shown, so they are here.

use serde::{Deserialize, Serialize};

/// A place on the road a message travels; the first one that fails is where it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The phone or computer and the mail app on it.
    Device,
    /// The connection between the device and the internet.
    Network,
    /// Turning the server's name into an address (DNS).
    Name,
    /// Opening a connection to the server's port (TCP).
    Connect,
    /// The server's first words (RFC 5321 §4.2, reply 220).
    Greeting,
    /// Implicit TLS or STARTTLS (RFC 8314, RFC 3207).
    Encryption,
    /// SMTP authentication (RFC 4954).
    SignIn,
    /// Sender and recipients: MAIL FROM and RCPT TO (RFC 5321 §4.1.1).
    Envelope,
    /// The message itself: DATA (RFC 5321 §4.1.1.4).
    Content,
    /// What happens after the provider has taken the message.
    Delivery,
}

impl Stage {
    /// Every stage in the order a message passes them.
    pub const ROAD: [Stage; 10] = [
        Stage::Device,
        Stage::Network,
        Stage::Name,
        Stage::Connect,
        Stage::Greeting,
        Stage::Encryption,
        Stage::SignIn,
        Stage::Envelope,
        Stage::Content,
        Stage::Delivery,
    ];

    /// The id used in file names and wording keys.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Stage::Device => "device",
            Stage::Network => "network",
            Stage::Name => "name",
            Stage::Connect => "connect",
            Stage::Greeting => "greeting",
            Stage::Encryption => "encryption",
            Stage::SignIn => "sign-in",
            Stage::Envelope => "envelope",
            Stage::Content => "content",
            Stage::Delivery => "delivery",
        }
    }
}

/// Who can repair a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The user, on the device.
    You,
    /// Whoever runs the network the device is on.
    Network,
    /// The mail provider.
    Provider,
    /// The recipient or the recipient's provider.
    Recipient,
}

/// What an action may cost if it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing is changed.
    None,
    /// Can be put back exactly.
    Reversible,
    /// May lose mail or settings.
    LosesData,
}

/// A field of the outgoing-server entry that the settings check reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Server (host) name.
    Host,
    /// TCP port.
    Port,
    /// None, STARTTLS or implicit TLS.
    Security,
    /// Whether the app signs in for sending.
    SignIn,
    /// The user name used for sending.
    UserName,
}

impl Field {
    /// Every field in the order an app's page shows them.
    pub const ALL: [Field; 5] =
        [Field::Host, Field::Port, Field::Security, Field::SignIn, Field::UserName];

    /// The id used in wording keys and placeholders.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Field::Host => "host",
            Field::Port => "port",
            Field::Security => "security",
            Field::SignIn => "sign-in",
            Field::UserName => "user-name",
        }
    }
}

/// How an observation comes to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something an error text shows; only "seen" is evidence, its absence is not.
    Sign,
    /// A question the user answers.
    Question,
    /// What is known of the user's situation without asking: `app-kind`, `mailbox-at`.
    Context,
    /// Measured by probes: "is it them, or is it me?"
    Check,
    /// A setting the user reads off the outgoing-server entry; judged against the provider.
    Setting(Field),
}

/// Index into [`Knowledge::faults`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FaultId(pub u16);
/// Index into [`Knowledge::observations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObservationId(pub u16);
/// Index into [`Knowledge::actions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActionId(pub u16);
/// Index into [`Knowledge::signatures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SignatureId(pub u16);
/// Index into [`Knowledge::terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TermId(pub u16);
/// Index into [`Knowledge::apps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AppId(pub u16);
/// Index into [`Knowledge::providers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProviderId(pub u16);
/// Index into [`Observation::answers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AnswerId(pub u8);

/// Something that may be wrong. Once it is changed, the mail goes out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Id as in the files, for instance `settings.auth-off`.
    pub key: String,
    /// Where on the road a message stops because of it.
    pub stage: Stage,
    /// Who can repair it.
    pub party: Party,
    /// Probability before any evidence; all faults sum to one.
    pub prior: f64,
}

/// Something that can be seen, with the chance of each answer under each fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Id as in the files.
    pub key: String,
    /// How it comes to be known.
    pub kind: Kind,
    /// Answer ids; a sign has the one answer `seen`.
    pub answers: Vec<String>,
    /// Seconds an unhurried person needs to find out; zero for signs.
    pub seconds: f64,
    /// P(answer | fault), indexed `[answer][fault]`. Columns sum to one except for signs, where it
    /// is P(seen | fault).
    #[serde(with = "super::packed")]
    pub likelihood: Vec<Vec<f64>>,
    /// P(the user's own text says this | fault), indexed alike; what people mention unasked tells
    /// more than what they answer when asked. Empty for signs, which are always seen in a text.
    #[serde(with = "super::packed")]
    pub told: Vec<Vec<f64>>,
    /// Apps in which it can be asked; empty means any.
    pub apps: Vec<AppId>,
    /// What a check from outside alone can answer; it gives the first of these wherever the answer
    /// would take a look from the user's computer. Empty for all other kinds.
    pub outside: Vec<AnswerId>,
    /// The key of the case vocabulary it answers, if there is one.
    pub case_key: Option<String>,
}

/// An observation that must (not) have an answer before an action makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Which observation.
    pub observation: ObservationId,
    /// Which answer.
    pub answer: AnswerId,
}

/// A repair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Id as in the files.
    pub key: String,
    /// Seconds an unhurried person needs, the sending test included.
    pub seconds: f64,
    /// Seconds that undoing it would cost, times how likely that is: risk in the same currency.
    pub risk_seconds: f64,
    /// What may go wrong.
    pub risk: Risk,
    /// P(the mail goes out afterwards | fault), carried out by a typical user.
    pub repairs: Vec<(FaultId, f64)>,
    /// Not offered while one of these has been answered.
    pub unless: Vec<Condition>,
    /// Offered only once one of these has been answered; empty means always.
    pub only_if: Vec<Condition>,
    /// Something was paused and has to be put back.
    pub put_back: bool,
    /// The settings this action tells the user to enter; shown with copy buttons.
    pub fields: Vec<Field>,
}

/// Number of a set of words of patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SetId(pub u16);

/// A word of the patterns and the sets it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Folded as `token::words` folds it.
    pub word: String,
    /// In ascending order.
    pub sets: Vec<SetId>,
}

/// A piece of a row of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Element {
    /// A word of this set.
    Word(SetId),
    /// Between zero and this many words of any kind.
    Gap(u8),
}

/// Rows of words that must all stand in one sentence, and rows that must not.
///
/// A pattern of one row with nothing excluded may cross sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// At least one; the first one anchors the match.
    pub all: Vec<Vec<Element>>,
    /// None of these may stand there too.
    pub none: Vec<Vec<Element>>,
}

/// A code or wording that an app or server shows, and the answer it amounts to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Id as in the files.
    pub key: String,
    /// What the user sees, as the app or server writes it: for the error reference.
    pub shown: String,
    /// Any one of these matches.
    pub patterns: Vec<Pattern>,
    /// Rows that none of them may stand by.
    pub unless: Vec<Vec<Element>>,
    /// What it means for the diagnosis.
    pub means: Vec<Condition>,
    /// Has a sentence of its own (`signature.<key>`); plain phrases do not.
    pub explained: bool,
    /// Counts only where nothing else answers the same observation.
    pub weak: bool,
}

/// How one task is carried out in one app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Procedure {
    /// Action id, or `settings-check`, `exact-error`, `test-message`.
    pub task: String,
    /// Step lists in order; `Words::step_key` finds the wording of each.
    pub steps: Vec<String>,
}

/// A mail app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// Id as in the files and in the cases.
    pub key: String,
    /// Name as its makers write it.
    pub name: String,
    /// `desktop`, `phone` or `webmail`: an answer of the observation `app-kind`; empty if it may
    /// be any.
    pub kind: String,
    /// Version keys, newest first; empty when all versions are alike.
    pub versions: Vec<String>,
    /// What is done how.
    pub procedures: Vec<Procedure>,
    /// How this app names implicit TLS.
    pub label_tls: String,
    /// How this app names STARTTLS.
    pub label_starttls: String,
}

/// Encryption of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Not encrypted.
    None,
    /// Upgraded after a plain greeting (RFC 3207).
    Starttls,
    /// Encrypted from the first byte (RFC 8314 §3).
    Tls,
}

/// A way to reach a provider's outgoing server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Server name.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption.
    pub security: Security,
    /// Source and year.
    pub source: String,
    /// Year the source speaks for.
    pub as_of: u16,
    /// What contradicts it, in the source's terms; empty if nothing does.
    pub contradicted_by: String,
}

/// A family of address domains that share servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// Id as in the files.
    pub key: String,
    /// Ids the cases use for it.
    pub case_names: Vec<String>,
    /// Address domains; `*.rr.com` covers every sub-domain not named elsewhere.
    pub domains: Vec<String>,
    /// Server candidates, best first. Never empty.
    pub candidates: Vec<Candidate>,
    /// Names that once worked or that bad guides give, and never work now.
    pub retired_hosts: Vec<String>,
}

/// A word and how much more often it stands in reports of each fault than in all reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The folded word.
    pub word: String,
    /// In units of `terms::UNIT`, by fault.
    pub pulls: Vec<i8>,
}

impl Term {
    /// The pull towards one fault.
    #[must_use]
    pub fn pull(&self, fault: FaultId) -> i8 {
        self.pulls.get(usize::from(fault.0)).copied().unwrap_or(0)
    }
}

/// A well-known host that answers one request over plain HTTP with 204 (RFC 9110 §15.3.5), always:
/// whatever else comes in its place comes from somebody between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beacon {
    /// Its name.
    pub host: String,
    /// What is asked for.
    pub path: String,
}

/// Constants of the decision model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constants {
    /// Seconds that contacting support is worth avoiding.
    pub support_seconds: f64,
    /// Smallest likelihood any answer may have: one wrong answer never excludes a fault.
    pub floor: f64,
    /// Chance that a question is answered "not sure".
    pub unsure: f64,
    /// What one unit of a word's pull multiplies the odds of a fault by.
    pub term_step: f64,
    /// Chance that a user carries a repair out properly at one try.
    pub carry_out: f64,
    /// Chance that a text mentions the answer to a given question unasked.
    pub mention: f64,
    /// Seconds to open the page that shows all settings, paid once per settings check.
    pub settings_check_seconds: f64,
}

/// Everything the engine knows. Built only by the compiler, so every index is valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Changes with the content; part of every hand-off.
    pub version: String,
    /// Constants of the decision model.
    pub constants: Constants,
    /// Faults; the last one is `unknown`, the leak.
    pub faults: Vec<Fault>,
    /// Observations in file order.
    pub observations: Vec<Observation>,
    /// Actions in file order.
    pub actions: Vec<Action>,
    /// Signatures in file order.
    pub signatures: Vec<Signature>,
    /// Every word of their patterns, sorted by word.
    pub lexicon: Vec<Entry>,
    /// Words that by themselves tell something, sorted by word.
    pub terms: Vec<Term>,
    /// Apps in file order; the last is `other-app`.
    pub apps: Vec<App>,
    /// Provider families in file order.
    pub providers: Vec<Provider>,
    /// Hosts that tell the time and whether a sign-in page is in the way.
    pub beacons: Vec<Beacon>,
}

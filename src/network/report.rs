//! The report of one probe from one vantage: schema `smtp-probe/1`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::keyed::keyed;
use super::{Certificate, Code, Egress, Moment, Trust};

/// The schema's name; a change that old readers would misread changes it.
pub const SCHEMA: &str = "smtp-probe/1";

keyed! {
    /// How a stage ended.
    pub enum Status {
        /// As it should.
        Ok = "ok",
        /// As it should, but slowly.
        Slow = "slow",
        /// It did not; the code says how.
        Failed = "failed",
        /// Not reached, because an earlier stage did not succeed.
        Skipped = "skipped",
        /// This vantage could not look; nothing is known of the server.
        CouldNotTest = "could-not-test",
    } else CouldNotTest
}

/// What is measured, in the order of STARTTLS; with implicit TLS, `tls` and `cert` come before
/// `greeting` and `starttls` does not occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The name becomes addresses, by the system's own resolver.
    Dns,
    /// The connection.
    Tcp,
    /// The server's first words (RFC 5321 §4.3.1).
    Greeting,
    /// Its extensions, in the clear.
    Ehlo,
    /// Asking for encryption (RFC 3207).
    Starttls,
    /// The handshake.
    Tls,
    /// The certificate, judged apart from the handshake.
    Cert,
    /// Its extensions again, encrypted.
    EhloTls,
    /// The ways to sign in that it offers (RFC 4954); none is tried.
    Auth,
    /// Taking leave.
    Quit,
}

impl Stage {
    /// As it stands in reports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Stage::Dns => "dns",
            Stage::Tcp => "tcp",
            Stage::Greeting => "greeting",
            Stage::Ehlo => "ehlo",
            Stage::Starttls => "starttls",
            Stage::Tls => "tls",
            Stage::Cert => "cert",
            Stage::EhloTls => "ehlo_tls",
            Stage::Auth => "auth",
            Stage::Quit => "quit",
        }
    }

    /// Where on the road of a message it lies.
    #[must_use]
    pub const fn road(self) -> crate::knowledge::Stage {
        use crate::knowledge::Stage as Road;
        match self {
            Stage::Dns => Road::Name,
            Stage::Tcp => Road::Connect,
            Stage::Greeting | Stage::Ehlo | Stage::Quit => Road::Greeting,
            Stage::Starttls | Stage::Tls | Stage::Cert | Stage::EhloTls => Road::Encryption,
            Stage::Auth => Road::SignIn,
        }
    }
}

/// How encryption starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// After a greeting in the clear (RFC 3207).
    Starttls,
    /// With the first byte (RFC 8314 §3.3).
    Tls,
}

impl Mode {
    /// As it stands in reports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Mode::Starttls => "starttls",
            Mode::Tls => "tls",
        }
    }

    /// The stages in the order they are passed.
    #[must_use]
    pub const fn stages(self) -> &'static [Stage] {
        match self {
            Mode::Starttls => &[
                Stage::Dns,
                Stage::Tcp,
                Stage::Greeting,
                Stage::Ehlo,
                Stage::Starttls,
                Stage::Tls,
                Stage::Cert,
                Stage::EhloTls,
                Stage::Auth,
                Stage::Quit,
            ],
            Mode::Tls => &[
                Stage::Dns,
                Stage::Tcp,
                Stage::Tls,
                Stage::Cert,
                Stage::Greeting,
                Stage::EhloTls,
                Stage::Auth,
                Stage::Quit,
            ],
        }
    }
}

/// Address family, 4 or 6 in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(into = "u8", try_from = "u8")]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl From<Family> for u8 {
    fn from(family: Family) -> u8 {
        match family {
            Family::V4 => 4,
            Family::V6 => 6,
        }
    }
}

impl TryFrom<u8> for Family {
    type Error = String;

    fn try_from(number: u8) -> Result<Family, String> {
        match number {
            4 => Ok(Family::V4),
            6 => Ok(Family::V6),
            _ => Err(format!("unknown address family `{number}`")),
        }
    }
}

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A probe that anyone may ask.
    Public,
    /// The user's own computer.
    Local,
}

/// Where a probe looks from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Vantage {
    /// Its name: `fra`, or `local`.
    pub id: String,
    /// Who looks.
    pub kind: Kind,
    /// Whose network it stands in, so that two probes in one network count once; vantages that do
    /// not say share one.
    #[serde(default)]
    pub network: String,
    /// Whether other large providers answer on a port: the control, and the canary of a public
    /// vantage, whose host may block mail ports altogether.
    #[serde(default)]
    pub egress: BTreeMap<u16, Egress>,
    /// Whether it has a route to IPv6.
    #[serde(default)]
    pub v6: bool,
    /// Seconds its clock is ahead of a trusted server's `Date` (RFC 9110 §6.6.1), where measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead: Option<i64>,
    /// Whether a captive portal answers in place of the internet, where measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<bool>,
}

/// A server's reply (RFC 5321 §4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// Its enhanced code (RFC 3463); empty if it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub enhanced: String,
    /// Its words, cut and escaped. They are the server's: never an instruction.
    #[serde(default)]
    pub text: String,
}

/// What a stage brought to light besides its status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Detail {
    /// Ways to sign in that are offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mechanisms: Vec<String>,
    /// Version of TLS: `1.2`, `1.3`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tls: String,
    /// Cipher suite by its IANA name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cipher: String,
    /// The chain as sent, the server's own certificate first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Certificate>,
    /// By the roots of the system the probe runs on, which antivirus may have extended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Trust>,
    /// By Mozilla's roots.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mozilla: Option<Trust>,
}

impl Detail {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Detail::default()
    }
}

/// One stage, measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Measurement {
    /// Which.
    pub stage: Stage,
    /// How it ended.
    pub status: Status,
    /// Milliseconds it took.
    #[serde(default)]
    pub ms: u32,
    /// Why, where it did not simply succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What the server said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp: Option<Reply>,
    /// What else was seen.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    pub detail: Detail,
}

impl Measurement {
    /// A stage that ended so.
    #[must_use]
    pub fn new(stage: Stage, status: Status, code: Option<Code>) -> Measurement {
        Measurement { stage, status, ms: 0, code, smtp: None, detail: Detail::default() }
    }
}

/// One way to one server at one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Target {
    /// Server name.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How encryption starts.
    pub mode: Mode,
    /// The address; none if the name gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<core::net::IpAddr>,
    /// Its family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// As far as it came, in order.
    #[serde(default)]
    pub stages: Vec<Measurement>,
    /// The first stage that failed; taking leave does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_stage: Option<Stage>,
}

/// What one vantage saw of one provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Who looked, from where.
    pub vantage: Vantage,
    /// Id in the catalogue.
    pub provider: String,
    /// When it ended, by the vantage's clock.
    pub finished: Moment,
    /// How old it was when it was sent.
    #[serde(default)]
    pub age_ms: u64,
    /// How long it is to be taken for current.
    #[serde(default)]
    pub ttl_ms: u64,
    /// Ways to the provider.
    pub targets: Vec<Target>,
    /// Ways to other large providers, looked at up to the greeting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<Target>,
}

//! What a server showed of itself in the TLS handshake, and who believes it.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::keyed::keyed;

keyed! {
    /// Whether a set of root certificates vouches for a chain and a name.
    pub enum Trust {
        /// Valid for the name, now.
        Trusted = "trusted",
        /// Past its last day.
        Expired = "expired",
        /// Before its first day.
        NotYetValid = "not-yet-valid",
        /// Valid for another name.
        WrongName = "wrong-name",
        /// No trusted root issued it.
        UnknownIssuer = "unknown-issuer",
        /// Not valid for another reason.
        Invalid = "invalid",
        /// These roots could not be asked.
        NotAsked = "not-asked",
    } else NotAsked
}

/// One certificate of a chain (RFC 5280), as facts; the server's own comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Certificate {
    /// Whom it names, in the notation of RFC 4514.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The DNS names it is for.
    pub names: Vec<String>,
    /// First second of validity.
    pub not_before: Moment,
    /// Last second of validity.
    pub not_after: Moment,
    /// SHA-256 of the whole certificate in hexadecimal: the same print, the same certificate.
    pub sha256: String,
}

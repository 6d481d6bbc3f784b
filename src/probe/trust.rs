//! Who vouches for a chain: this system, and Mozilla.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

use super::certificate::is_self_issued;
use crate::network::{Code, Trust};

type Verifier = Arc<dyn ServerCertVerifier>;

/// The sets of roots that are asked, as a value: tests bring their own.
#[derive(Clone, Debug)]
pub struct Roots {
    /// Those of the system the probe runs on.
    pub platform: Option<Verifier>,
    /// Mozilla's.
    pub mozilla: Option<Verifier>,
}

/// What they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The system.
    pub platform: Trust,
    /// Mozilla.
    pub mozilla: Trust,
}

impl Roots {
    /// Those of a user's computer: the system's, which antivirus may have extended, and Mozilla's.
    #[must_use]
    pub fn local() -> Roots {
        let platform = rustls_platform_verifier::Verifier::new(super::tls::provider());
        let platform = platform.ok().map(|it| Arc::new(it) as Verifier);
        Roots { platform, ..Roots::public() }
    }

    /// Those of a public vantage: Mozilla's only, the same everywhere.
    #[must_use]
    pub fn public() -> Roots {
        let mut store = RootCertStore::empty();
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Roots { platform: None, mozilla: verifier(store) }
    }

    /// What they say of a chain, the server's own certificate first. May take a while: some
    /// systems look for missing certificates.
    #[must_use]
    pub fn judge(&self, chain: &[CertificateDer<'_>], host: &str) -> Judgement {
        let ask = |roots: &Option<Verifier>| match roots {
            Some(roots) => trust(roots.as_ref(), chain, host),
            None => Trust::NotAsked,
        };
        Judgement { platform: ask(&self.platform), mozilla: ask(&self.mozilla) }
    }
}

/// A verifier by these roots; none if there are none.
#[must_use]
pub fn verifier(roots: RootCertStore) -> Option<Verifier> {
    let builder = WebPkiServerVerifier::builder_with_provider(roots.into(), super::tls::provider());
    builder.build().ok().map(|it| it as Verifier)
}

fn trust(roots: &dyn ServerCertVerifier, chain: &[CertificateDer<'_>], host: &str) -> Trust {
    let (Some((own, rest)), Ok(name)) = (chain.split_first(), ServerName::try_from(host)) else {
        return Trust::Invalid;
    };
    match roots.verify_server_cert(own, rest, &name, &[], UnixTime::now()) {
        Ok(_) => Trust::Trusted,
        // one that is an authority of its own, as `openssl req -x509` makes it, has no code there
        Err(Error::InvalidCertificate(CertificateError::Other(_))) if is_self_issued(own) => {
            Trust::UnknownIssuer
        }
        Err(Error::InvalidCertificate(error)) => distrust(&error),
        Err(_) => Trust::Invalid,
    }
}

fn distrust(error: &CertificateError) -> Trust {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Trust::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Trust::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Trust::WrongName
        }
        // a bad signature is one by somebody who borrows a trusted issuer's name
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Trust::UnknownIssuer,
        _ => Trust::Invalid,
    }
}

impl Judgement {
    /// Whether a mail app on this system accepts it, and what is noteworthy: the system decides,
    /// Mozilla where the system cannot be asked.
    #[must_use]
    pub fn decision(self) -> (bool, Option<Code>) {
        let deciding = if self.platform == Trust::NotAsked { self.mozilla } else { self.platform };
        let code = match deciding {
            Trust::Trusted if self.mozilla == Trust::UnknownIssuer => Some(Code::CertOnlyHere),
            Trust::Trusted => None,
            Trust::Expired => Some(Code::CertExpired),
            Trust::NotYetValid => Some(Code::CertNotYetValid),
            Trust::WrongName => Some(Code::CertWrongName),
            Trust::UnknownIssuer => Some(Code::CertUnknownIssuer),
            Trust::Invalid | Trust::NotAsked => Some(Code::CertInvalid),
        };
        (deciding == Trust::Trusted, code)
    }
}

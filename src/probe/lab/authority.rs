//! A certificate authority that lives as long as the lab and is trusted by nothing else.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, Error, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};

use crate::probe::{tls, trust};

/// It, with its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// No key could be made.
    pub fn new() -> Result<Authority, Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = named("Outbox Doctor lab");
        let root = params.self_signed(&key)?.der().clone();
        Ok(Authority { issuer: Issuer::new(params, key), root })
    }

    /// Trusts it and nobody else.
    #[must_use]
    pub fn verifier(&self) -> Option<Arc<dyn ServerCertVerifier>> {
        let mut store = RootCertStore::empty();
        store.add(self.root.clone()).ok()?;
        trust::verifier(store)
    }

    /// A server's side of TLS with a certificate for this name, from the year 2020 to a year.
    ///
    /// # Errors
    /// No key or certificate could be made.
    pub fn server(&self, name: &str, until: i32) -> Result<Arc<ServerConfig>, Error> {
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.distinguished_name = named(name);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.der().clone();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder_with_provider(tls::provider())
            .with_safe_default_protocol_versions()
            .map(|it| it.with_no_client_auth().with_single_cert(vec![certificate], key.into()));
        config.and_then(|it| it).map(Arc::new).map_err(|_| Error::CouldNotParseKeyPair)
    }
}

fn named(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

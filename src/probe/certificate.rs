//! The facts of a certificate, from its bytes.

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::time::Time;

use crate::network::read::{MAX_LIST, MAX_TEXT, plain};
use crate::network::{Certificate, Moment};

/// Everything that can be told of it; of an unreadable one, its print.
#[must_use]
pub fn facts(der: &[u8]) -> Certificate {
    let sha256 = print(der);
    let Ok(read) = x509_cert::Certificate::from_der(der) else {
        return Certificate { sha256, ..Certificate::default() };
    };
    let inner = read.tbs_certificate();
    Certificate {
        subject: plain(&inner.subject().to_string(), MAX_TEXT),
        issuer: plain(&inner.issuer().to_string(), MAX_TEXT),
        names: names(&read),
        not_before: moment(inner.validity().not_before),
        not_after: moment(inner.validity().not_after),
        sha256,
    }
}

/// Whether it names itself as its issuer (RFC 5280 §3.2).
pub(super) fn is_self_issued(der: &[u8]) -> bool {
    x509_cert::Certificate::from_der(der).is_ok_and(|it| {
        let inner = it.tbs_certificate();
        inner.subject() == inner.issuer()
    })
}

fn names(certificate: &x509_cert::Certificate) -> Vec<String> {
    let found = certificate.tbs_certificate().get_extension::<SubjectAltName>();
    let Ok(Some((_, SubjectAltName(names)))) = found else { return Vec::new() };
    let dns = names.iter().filter_map(|it| match it {
        GeneralName::DnsName(name) => Some(plain(name.as_str(), MAX_TEXT)),
        _ => None,
    });
    dns.take(MAX_LIST).collect()
}

fn moment(time: Time) -> Moment {
    Moment(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// SHA-256 in hexadecimal, by the hash that TLS brings along.
pub(crate) fn print(der: &[u8]) -> String {
    let Some(suite) = TLS13_AES_128_GCM_SHA256.tls13() else { return String::new() };
    let hash = suite.common.hash_provider.hash(der);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Certificates of a test authority, as servers want them: in files, and in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use outbox_doctor::probe::Roots;
use outbox_doctor::probe::trust::verifier;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};

use crate::HOST;
use crate::manner::Paper;

/// A root that the probe trusts, and one below it that signs.
pub struct Authority {
    root: CertificateDer<'static>,
    middle: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    stranger: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Authority {
        let (root_params, root_key) = authority("Lab root");
        let (params, key) = authority("Lab issuer");
        let (other, other_key) = authority("Nobody");
        let root = root_params.self_signed(&root_key).unwrap().der().clone();
        let above = Issuer::new(root_params, root_key);
        let middle = params.signed_by(&key, &above).unwrap().der().clone();
        let issuer = Issuer::new(params, key);
        Authority { root, middle, issuer, stranger: Issuer::new(other, other_key) }
    }

    pub fn roots(&self) -> Roots {
        let mut store = RootCertStore::empty();
        store.add(self.root.clone()).unwrap();
        let both = verifier(store);
        Roots { platform: both.clone(), mozilla: both }
    }

    pub fn identity(&self, paper: Paper) -> Identity {
        let name = if paper == Paper::WrongName { "other.test" } else { HOST };
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let (from, to) = match paper {
            Paper::Expired => (2019, 2020),
            Paper::NotYetValid => (2080, 2090),
            _ => (2020, 2090),
        };
        (params.not_before, params.not_after) =
            (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let by = |issuer| params.signed_by(&key, issuer).unwrap().der().clone();
        let chain = match paper {
            Paper::Incomplete => vec![by(&self.issuer)],
            Paper::Stranger => vec![by(&self.stranger)],
            Paper::SelfSigned => {
                params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
                vec![params.self_signed(&key).unwrap().der().clone()]
            }
            _ => vec![by(&self.issuer), self.middle.clone()],
        };
        Identity { chain, key: key.serialize_der() }
    }
}

fn authority(name: &str) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    (params, KeyPair::generate().unwrap())
}

/// A certificate with its chain and its key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

impl Identity {
    pub fn config(self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain, PrivatePkcs8KeyDer::from(self.key).into());
        Arc::new(config.unwrap())
    }

    /// Key first, as Postfix wants it.
    fn write(&self, folder: &Path, paper: Paper) {
        let key = block("PRIVATE KEY", &self.key);
        let chain: String = self.chain.iter().map(|it| block("CERTIFICATE", it)).collect();
        let [both, cert, own] = files(folder, paper);
        std::fs::write(both, format!("{key}{chain}")).unwrap();
        std::fs::write(cert, chain).unwrap();
        std::fs::write(own, key).unwrap();
    }
}

/// Both, the chain alone, the key alone.
pub fn files(folder: &Path, paper: Paper) -> [PathBuf; 3] {
    ["both", "cert", "key"].map(|it| folder.join(format!("{}-{it}.pem", paper.name())))
}

pub fn write_all(authority: &Authority, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for paper in Paper::ALL {
        authority.identity(paper).write(folder, paper);
    }
}

/// RFC 7468 §2.
fn block(label: &str, bytes: &[u8]) -> String {
    let text = base64(bytes);
    let lines: Vec<&str> =
        (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |it: usize| u32::from(chunk.get(it).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        let letters = (0..4).map(|it| ALPHABET[(bits >> (18 - 6 * it) & 63) as usize] as char);
        text.extend(letters.take(chunk.len() + 1));
        text.push_str(&"="[..usize::from(chunk.len() < 3)].repeat(3 - chunk.len()));
    }
    text
}

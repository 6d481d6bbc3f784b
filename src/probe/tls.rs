//! The handshake. It accepts any certificate and remembers it, so that a bad one can be reported;
//! nothing secret is ever sent over the connection.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::network::Code;

/// The cryptography.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// A finished handshake.
#[derive(Debug)]
pub struct Shaken<S> {
    /// The encrypted stream.
    pub stream: TlsStream<S>,
    /// The chain as sent, the server's own certificate first.
    pub chain: Vec<CertificateDer<'static>>,
    /// `1.2` or `1.3`.
    pub version: &'static str,
    /// By its IANA name.
    pub cipher: String,
}

/// Shakes hands with a server of this name.
///
/// # Errors
/// The code of how it failed.
pub async fn handshake<S>(stream: S, host: &str) -> Result<Shaken<S>, Code>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Code::TlsFailed)?;
    let recorder = Arc::new(Recorder::new());
    let connector = TlsConnector::from(Arc::new(config(Arc::clone(&recorder))?));
    let stream = connector.connect(name, stream).await.map_err(|error| why(&error))?;
    let (_, connection) = stream.get_ref();
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "1.3",
        Some(ProtocolVersion::TLSv1_2) => "1.2",
        _ => "",
    };
    let cipher = connection.negotiated_cipher_suite().and_then(|it| it.suite().as_str());
    let cipher = cipher.unwrap_or_default().to_owned();
    Ok(Shaken { chain: recorder.chain(), version, cipher, stream })
}

fn config(recorder: Arc<Recorder>) -> Result<ClientConfig, Code> {
    let builder =
        ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|_| Code::TlsFailed)?.dangerous();
    let mut config = builder.with_custom_certificate_verifier(recorder).with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled(); // every look is a first look
    Ok(config)
}

fn why(error: &io::Error) -> Code {
    let inner = error.get_ref().and_then(|it| it.downcast_ref::<Error>());
    match (inner, error.kind()) {
        (Some(Error::InvalidMessage(_)), _) => Code::TlsNotTls,
        (Some(Error::PeerIncompatible(_)), _) => Code::TlsVersion,
        (Some(Error::AlertReceived(AlertDescription::ProtocolVersion)), _) => Code::TlsVersion,
        (Some(Error::AlertReceived(_)), _) => Code::TlsAlert,
        (Some(_), _) => Code::TlsFailed,
        (
            None,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe,
        ) => Code::TlsClosed,
        (None, _) => Code::TlsFailed,
    }
}

/// Accepts and remembers every chain. The handshake's own signature is checked as ever, so what
/// is reported is the certificate of whoever answers.
#[derive(Debug)]
struct Recorder {
    algorithms: WebPkiSupportedAlgorithms,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl Recorder {
    fn new() -> Recorder {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        Recorder { algorithms, chain: Mutex::default() }
    }

    fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(own).chain(rest).map(|it| it.clone().into_owned()).collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = chain;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

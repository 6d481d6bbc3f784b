//! Why a stage ended as it did: one closed set for every stage.

use super::keyed::keyed;

keyed! {
    /// What was seen where a stage did not simply succeed.
    pub enum Code {
        /// The name does not exist (RFC 1035 §4.1.1, RCODE 3).
        DnsNotFound = "dns.not-found",
        /// The name exists but has no address.
        DnsNoAddress = "dns.no-address",
        /// The name server could not answer (RCODE 2).
        DnsServerFailed = "dns.server-failed",
        /// The name server would not answer (RCODE 5).
        DnsRefused = "dns.refused",
        /// No answer in time.
        DnsTimeout = "dns.timeout",
        /// The system's resolver failed and did not say why.
        DnsFailed = "dns.failed",
        /// The answer is an address no public server has; it is never connected.
        DnsSpecialAddress = "dns.special-address",
        /// Nobody answered the connection request.
        TcpTimeout = "tcp.timeout",
        /// The port answered with a reset: nothing listens, or something in between says so.
        TcpRefused = "tcp.refused",
        /// A router said that the host or network cannot be reached.
        TcpUnreachable = "tcp.unreachable",
        /// This system's own rules forbid the connection.
        TcpForbidden = "tcp.forbidden",
        /// This vantage has no route to the address family, so nothing is known of the address.
        TcpNoRoute = "tcp.no-route",
        /// Connecting failed for another reason.
        TcpFailed = "tcp.failed",
        /// The server said nothing, or not enough, in time.
        ReplyTimeout = "reply.timeout",
        /// The server closed the connection instead of replying.
        ReplyClosed = "reply.closed",
        /// The connection broke.
        ReplyReset = "reply.reset",
        /// A permanent refusal (RFC 5321 §4.2.1, 5yz).
        ReplyRejected = "reply.rejected",
        /// A temporary refusal (RFC 5321 §4.2.1, 4yz).
        ReplyBusy = "reply.busy",
        /// 421: the service closes the channel (RFC 5321 §3.8).
        ReplyClosing = "reply.closing",
        /// A web page came instead of a mail server's words.
        ReplyHtml = "reply.html",
        /// Not the reply of a mail server (RFC 5321 §4.2).
        ReplyMalformed = "reply.malformed",
        /// A reply beyond the limits on line, lines or bytes.
        ReplyTooLong = "reply.too-long",
        /// The server offers no STARTTLS (RFC 3207 §4.1).
        StarttlsNotOffered = "starttls.not-offered",
        /// Words came in the clear after the 220 that starts TLS: somebody injects (RFC 3207 §6).
        StarttlsInjected = "starttls.injected",
        /// The handshake did not finish in time.
        TlsTimeout = "tls.timeout",
        /// The connection ended within the handshake.
        TlsClosed = "tls.closed",
        /// What answered does not speak TLS on this port.
        TlsNotTls = "tls.not-tls",
        /// The server speaks only versions older than 1.2.
        TlsVersion = "tls.version",
        /// The server ended the handshake with an alert.
        TlsAlert = "tls.alert",
        /// The handshake failed for another reason.
        TlsFailed = "tls.failed",
        /// The certificate has expired (RFC 5280 §4.1.2.5).
        CertExpired = "cert.expired",
        /// The certificate is not valid yet.
        CertNotYetValid = "cert.not-yet-valid",
        /// The certificate is for another name (RFC 9525 §6).
        CertWrongName = "cert.wrong-name",
        /// The issuer is not trusted.
        CertUnknownIssuer = "cert.unknown-issuer",
        /// Only this system trusts the issuer, Mozilla's list does not: antivirus, or a company.
        CertOnlyHere = "cert.only-here",
        /// The certificate is invalid for another reason.
        CertInvalid = "cert.invalid",
        /// No way to sign in is offered (RFC 4954 §3).
        AuthNotOffered = "auth.not-offered",
        /// The time for the whole target was up.
        LimitTime = "limit.time",
        /// A key that this version does not know.
        Unknown = "unknown",
    } else Unknown
}

//! Who is served: everybody, or this computer alone.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;

/// Who is served. What is refused, and what may be kept and read by others, follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// This computer, through loopback.
    Local,
    /// Everybody.
    Public {
        /// Networks whose `X-Forwarded-For` is believed.
        proxies: Vec<IpNet>,
    },
}

const KEPT: &str = "public, max-age=15, stale-while-revalidate=45";
const ONLY_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

impl Audience {
    /// Whether everybody is served.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self, Audience::Public { .. })
    }

    /// Networks whose word about who asks is believed.
    #[must_use]
    pub fn proxies(&self) -> &[IpNet] {
        match self {
            Audience::Local => &[],
            Audience::Public { proxies } => proxies,
        }
    }

    /// Headers of an answer of the API: everybody may read a public one, and a cache may keep it;
    /// a local one is for its own page alone.
    pub(super) fn mark(&self, headers: &mut HeaderMap, keep: bool) {
        let mut set = |name: HeaderName, value| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::CONTENT_SECURITY_POLICY, ONLY_DATA);
        set(header::CACHE_CONTROL, if keep && self.is_public() { KEPT } else { "no-store" });
        if self.is_public() {
            set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            set(header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After");
        } else {
            set(header::X_FRAME_OPTIONS, "DENY");
            set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        }
    }
}

/// `Retry-After` in whole seconds, at least one.
pub(super) fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_secs().saturating_add(1))
}

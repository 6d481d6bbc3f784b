//! The facts of a certificate: within the limits of a report, and the same after a report carried
//! them.

use outbox_doctor::network::read::{MAX_LIST, MAX_TEXT, plain};
use outbox_doctor::network::{Certificate, Moment};
use outbox_doctor::probe::certificate::facts;

pub fn check(bytes: &[u8]) {
    let Certificate { subject, issuer, names, not_before, not_after, sha256 } = facts(bytes);
    assert!(names.len() <= MAX_LIST);
    for text in names.iter().chain([&subject, &issuer]) {
        assert_eq!(*text, plain(text, MAX_TEXT));
    }
    for moment in [not_before, not_after] {
        assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
    }
    assert!(sha256.len() == 64 && sha256.bytes().all(|it| it.is_ascii_hexdigit()));
}

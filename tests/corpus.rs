//! The bytes in `tests/fuzz/corpus` through the checks that the fuzzer runs: what was ever found
//! stays mended. Each reader's folder holds small files; a name says what is in it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

#[path = "fuzz/checks/mod.rs"]
mod checks;

use std::fs;
use std::path::Path;

#[test]
fn every_kept_input_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (name, check) in checks::ALL {
        let files = fs::read_dir(corpus.join(name)).unwrap();
        let mut count = 0;
        for file in files.map(|it| it.unwrap().path()) {
            println!("{}", file.display()); // shown if the check fails
            check(&fs::read(&file).unwrap());
            count += 1;
        }
        assert!(count >= 3, "{name} has {count} inputs");
    }
}

/// What the differential checks leave out is left out by name, and each name has an example on which
/// both readers do differ.
#[cfg(feature = "native")]
mod differences {
    use super::checks::{ehlo, reply};
    use outbox_doctor::probe::Size;
    use outbox_doctor::probe::smtp::reply::{Parsed, mechanisms, offers_starttls, parse};
    use smtp_proto::response::parser::ResponseReceiver;
    use smtp_proto::{AUTH_LOGIN, EXT_START_TLS, EhloResponse};

    #[track_caller]
    fn check_reply(bytes: &str, named: reply::Apart) {
        assert_eq!(reply::apart(bytes.as_bytes()), Some(named));
        let theirs = ResponseReceiver::default().parse(&mut bytes.as_bytes().iter());
        let alike = match (parse(bytes.as_bytes(), &Size::default()), theirs) {
            (Parsed::Complete { code, lines, .. }, Ok(theirs)) => {
                (code, lines.join("\n")) == (theirs.code, theirs.message)
            }
            (Parsed::Complete { .. }, Err(_)) | (_, Ok(_)) => false,
            _ => true,
        };
        assert!(!alike, "{named:?} keeps nothing apart");
    }

    #[test]
    fn replies_differ_as_named() {
        check_reply("220 a\rb\r\n", reply::Apart::StrayReturn);
        check_reply("120 x\r\n", reply::Apart::CodeRange);
        check_reply("250-a\r\n251 b\r\n", reply::Apart::CodesDiffer);
        let many = "250-x\r\n".repeat(70);
        check_reply(&format!("{many}250 x\r\n"), reply::Apart::Size);
        check_reply("421 5.7.1 no\r\n", reply::Apart::Enhanced);
        check_reply("220-a\n220 \n", reply::Apart::Blank);
    }

    #[track_caller]
    fn check_ehlo(bytes: &str, named: ehlo::Apart) {
        let Parsed::Complete { lines, .. } = parse(bytes.as_bytes(), &Size::default()) else {
            panic!("no reply: {bytes:?}");
        };
        assert_eq!(ehlo::apart(bytes.as_bytes(), &lines), Some(named));
        let ours = (offers_starttls(&lines), mechanisms(&lines).contains(&"LOGIN".to_owned()));
        let theirs = EhloResponse::parse(&mut bytes.as_bytes().iter())
            .ok()
            .map(|it| (it.capabilities & EXT_START_TLS != 0, it.auth_mechanisms & AUTH_LOGIN != 0));
        assert_ne!(Some(ours), theirs, "{named:?} keeps nothing apart");
    }

    #[test]
    fn offers_differ_as_named() {
        let stray = ehlo::Apart::Reply(reply::Apart::StrayReturn);
        check_ehlo("250-a\r\n250 START\rTLS\r\n", stray);
        check_ehlo("250\r\n", ehlo::Apart::NoText);
        check_ehlo("250-a\r\n250  STARTTLS\r\n", ehlo::Apart::Indented);
        check_ehlo("250-a\r\n250 STARTTLS;x\r\n", ehlo::Apart::Tail);
        check_ehlo("250-a\r\n250 AUTH PLAIN\tLOGIN\r\n", ehlo::Apart::OtherBlank);
        check_ehlo("250-a\r\n250 AUTH PLAIN=LOGIN\r\n", ehlo::Apart::Equals);
        let many = (0..40).map(|it| format!("X{it} ")).collect::<String>();
        check_ehlo(&format!("250-a\r\n250 AUTH {many}LOGIN\r\n"), ehlo::Apart::Many);
        check_ehlo(
            "250-a\r\n250-ENHANCEDSTATUSCOD\n250-STARTTLS\r\n250 X\r\n",
            ehlo::Apart::LostLine,
        );
    }
}

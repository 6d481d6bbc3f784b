//! What a name server answers: read only if it is the answer, and then by its last four bits.

use outbox_doctor::network::Code;
use outbox_doctor::probe::rcode::{first_server, question, read};

/// The first two bytes are the question's id.
pub fn check(bytes: &[u8]) {
    let Some((id, message)) = bytes.split_first_chunk::<2>() else { return };
    if let Some(code) = read(message, *id) {
        let answers = message.len() >= 12 && message[..2] == *id && message[2] >= 0x80;
        assert!(answers, "read, and no answer");
        let named =
            [Code::DnsNoAddress, Code::DnsServerFailed, Code::DnsNotFound, Code::DnsRefused];
        let expected = [0, 2, 3, 5].iter().position(|it| *it == message[3] % 16);
        assert_eq!(code, expected.map_or(Code::DnsFailed, |at| named[at]));
    }
    let text = String::from_utf8_lossy(message);
    let _any = first_server(&text);
    if let Some(asked) = question(*id, &text) {
        assert_eq!(read(&asked, *id), None, "a question is no answer");
        assert!(asked.len() <= text.len() + 18);
    }
}

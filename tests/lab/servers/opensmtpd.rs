//! OpenSMTPD: one daemon, a listener a port and address family. As Debian 12 has it (6.8.0p2), it
//! cannot finish a handshake with OpenSSL 3 (OpenSMTPD issue 1171), so it plays what comes before.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{Server, command, write};
use crate::certificates::files;
use crate::manner::{Manner, Paper};

pub fn plays(manner: Manner) -> bool {
    matches!(manner, Manner::GOOD | Manner::NoStarttls | Manner::Hasty | Manner::Rejecting)
}

pub fn prepare(papers: &Path) -> io::Result<Vec<Command>> {
    for folder in ["/var/empty", "/var/spool/smtpd"] {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o711))?;
    }
    write(Path::new("/etc/mailname"), "smtp.test\n")?;
    let folder = Server::Opensmtpd.folder();
    let [_, cert, key] = files(papers, Paper::Good);
    // it takes no key that others may read
    fs::copy(key, folder.join("key"))?;
    fs::set_permissions(folder.join("key"), fs::Permissions::from_mode(0o600))?;
    fs::copy(cert, folder.join("cert"))?;
    let conf = folder.join("conf");
    write(&conf, &configuration(&folder))?;
    Ok(vec![command(Server::Opensmtpd.program(), &["-d", "-f", &conf.to_string_lossy()])])
}

fn configuration(folder: &Path) -> String {
    let (folder, all) = (folder.display(), "match src { 0.0.0.0/0, ::/0 }");
    let begin = format!(
        "pki own cert \"{folder}/cert\"
pki own key \"{folder}/key\"
filter unwelcome phase connect {all} disconnect \"554 5.7.1 not you\"
filter crowded phase connect {all} disconnect \"421 4.7.0 too many\"
action \"keep\" mbox
match for local action \"keep\"
"
    );
    let listeners = Server::Opensmtpd.cast().map(|(manner, clear, tls)| {
        let both = ["0.0.0.0", "::0"].map(|at| {
            let rest = rest(manner);
            let start = if manner == Manner::NoStarttls { "" } else { " tls pki own" };
            format!(
                "listen on {at} port {clear}{start}{rest}
listen on {at} port {tls} smtps pki own{rest}
"
            )
        });
        both.concat()
    });
    begin + &listeners.collect::<String>()
}

fn rest(manner: Manner) -> &'static str {
    match manner {
        Manner::Rejecting => " hostname smtp.test filter unwelcome",
        Manner::Hasty => " hostname smtp.test filter crowded",
        _ => " hostname smtp.test",
    }
}

//! OpenSMTPD: one daemon, a listener a port and address family.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{Server, command, write};
use crate::certificates::files;
use crate::manner::{Manner, Paper};

pub fn plays(manner: Manner) -> bool {
    matches!(
        manner,
        Manner::Shows(_)
            | Manner::NoStarttls
            | Manner::NoAuth
            | Manner::Hasty
            | Manner::Rejecting
            | Manner::NoRelay
            | Manner::WrongPassword
    )
}

pub fn prepare(papers: &Path) -> io::Result<Vec<Command>> {
    for folder in ["/var/empty", "/var/spool/smtpd"] {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o711))?;
    }
    write(Path::new("/etc/mailname"), "smtp.test\n")?;
    let folder = Server::Opensmtpd.folder();
    for paper in Paper::ALL {
        // it takes no key that others may read
        let ([_, cert, key], [_, our_cert, our_key]) = (files(papers, paper), files(&folder, paper));
        fs::copy(cert, our_cert)?;
        fs::copy(key, &our_key)?;
        fs::set_permissions(our_key, fs::Permissions::from_mode(0o600))?;
    }
    let conf = folder.join("conf");
    write(&conf, &configuration(&folder))?;
    Ok(vec![command(Server::Opensmtpd.program(), &["-d", "-f", &conf.to_string_lossy()])])
}

fn configuration(papers: &Path) -> String {
    let pki = Paper::ALL.map(|paper| {
        let ([_, cert, key], name) = (files(papers, paper), paper.name());
        format!("pki {name} cert \"{}\"\npki {name} key \"{}\"\n", cert.display(), key.display())
    });
    let filters = "filter unwelcome phase connect match src { 0.0.0.0/0, ::/0 } disconnect \"554 5.7.1 not you\"
filter crowded phase connect match src { 0.0.0.0/0, ::/0 } disconnect \"421 4.7.0 too many\"
";
    let listeners = Server::Opensmtpd.cast().map(|(manner, clear, tls)| {
        let both = ["0.0.0.0", "::0"].map(|at| {
            let (start, implicit) = encryption(manner);
            let rest = rest(manner);
            format!("listen on {at} port {clear}{start}{rest}\nlisten on {at} port {tls}{implicit}{rest}\n")
        });
        both.concat()
    });
    let listeners: String = listeners.collect();
    pki.concat() + filters + &listeners + "action local mbox\nmatch for local action local\n"
}

/// Later, and with the first byte.
fn encryption(manner: Manner) -> (String, String) {
    let pki = format!("pki {}", manner.paper().name());
    let start = if manner == Manner::NoStarttls { String::new() } else { format!(" tls {pki}") };
    (start, format!(" smtps {pki}"))
}

fn rest(manner: Manner) -> &'static str {
    match manner {
        Manner::NoStarttls | Manner::NoAuth => " hostname smtp.test",
        Manner::Rejecting => " hostname smtp.test filter unwelcome",
        Manner::Hasty => " hostname smtp.test filter crowded",
        _ => " auth-optional hostname smtp.test",
    }
}

//! Dovecot's submission service: one master a manner, because a certificate is the whole server's.

use std::io;
use std::path::Path;
use std::process::Command;

use super::{Server, command, write};
use crate::certificates::files;
use crate::manner::Manner;

pub fn plays(manner: Manner) -> bool {
    matches!(
        manner,
        Manner::Shows(_) | Manner::NoStarttls | Manner::OldTlsMute | Manner::WrongPassword
    )
}

pub fn prepare(papers: &Path) -> io::Result<Vec<Command>> {
    let masters = Server::Dovecot.cast().map(|(manner, clear, tls)| {
        let folder = Server::Dovecot.folder().join(clear.to_string());
        let conf = folder.join("conf");
        write(&folder.join("openssl.cnf"), OLD)?;
        write(&conf, &configuration(manner, [clear, tls], &folder, papers))?;
        Ok(command(Server::Dovecot.program(), &["-F", "-c", &conf.to_string_lossy()]))
    });
    masters.collect()
}

/// Dovecot knows the oldest version it may speak and not the newest; OpenSSL does.
const OLD: &str = "openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = old
[old]
MinProtocol = TLSv1
MaxProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
";

fn configuration(manner: Manner, [clear, tls]: [u16; 2], folder: &Path, papers: &Path) -> String {
    let [_, cert, key] = files(papers, manner.paper());
    let (ssl, listeners) = match manner {
        Manner::NoStarttls => ("no", format!("inet_listener submission {{\n port = {clear}\n}}")),
        _ => (
            "yes",
            format!(
                "inet_listener submission {{\n port = {clear}\n}}
inet_listener submissions {{\n port = {tls}\n ssl = yes\n}}"
            ),
        ),
    };
    let old = match manner {
        Manner::OldTlsMute => format!(
            "import_environment = $import_environment OPENSSL_CONF={}/openssl.cnf
ssl_min_protocol = TLSv1
ssl_cipher_list = ALL:@SECLEVEL=0
",
            folder.display()
        ),
        _ => String::new(),
    };
    format!(
        "{old}protocols = submission
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
hostname = smtp.test
listen = *, ::
ssl = {ssl}
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
submission_relay_host = 127.0.0.1
passdb {{
  driver = passwd-file
  args = /dev/null
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
service submission-login {{
{listeners}
}}
",
        folder = folder.display(),
        cert = cert.display(),
        key = key.display(),
    )
}

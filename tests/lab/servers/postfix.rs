//! Postfix 3: one master, one `smtpd` a port.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::{Server, command, own, write};
use crate::certificates::files;
use crate::manner::Manner;

pub fn plays(manner: Manner) -> bool {
    !matches!(manner, Manner::OldTlsVague | Manner::OldTlsMute)
}

pub fn prepare(papers: &Path) -> io::Result<Vec<Command>> {
    let folder = Server::Postfix.folder();
    for queue in ["pid", "private", "public", "incoming", "active", "maildrop", "hold"] {
        fs::create_dir_all(folder.join("queue").join(queue))?;
    }
    for theirs in ["data", "queue/private", "queue/public", "queue/incoming", "queue/active"] {
        fs::create_dir_all(folder.join(theirs))?;
        own(&folder.join(theirs), "postfix")?;
    }
    write(&folder.join("main.cf"), &main(&folder))?;
    write(&folder.join("master.cf"), &master(papers))?;
    write(
        Path::new("/etc/postfix/sasl/smtpd.conf"),
        "pwcheck_method: auxprop\nmech_list: PLAIN LOGIN\n",
    )?;
    let folder = folder.to_string_lossy();
    Ok(vec![command(Server::Postfix.program(), &["-c", &folder, "-d"])])
}

fn main(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = /var/log/postfix.log
mail_owner = postfix
setgid_group = postdrop
myhostname = smtp.test
mynetworks =
alias_maps =
smtpd_client_event_limit_exceptions =
smtpd_peername_lookup = no
smtpd_delay_reject = no
smtpd_sasl_type = cyrus
smtpd_sasl_auth_enable = yes
smtpd_tls_security_level = may
smtpd_relay_restrictions = reject_unauth_destination
relay_domains =
"
    )
}

fn master(papers: &Path) -> String {
    let services = "postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
cleanup unix n - n - 0 cleanup
";
    let ports = Server::Postfix.cast().map(|(manner, clear, tls)| {
        let set = options(manner, papers);
        format!(
            "{clear} inet n - n - - smtpd{set}
{tls} inet n - n - - smtpd{set} -o smtpd_tls_wrappermode=yes
"
        )
    });
    services.to_owned() + &ports.collect::<String>()
}

fn options(manner: Manner, papers: &Path) -> String {
    let [both, ..] = files(papers, manner.paper());
    let chain = format!("smtpd_tls_chain_files = {}", both.display());
    let old = "<=TLSv1";
    let more: &[&str] = match manner {
        Manner::Shows(_)
        | Manner::OldTlsVague
        | Manner::OldTlsMute
        | Manner::NoRelay
        | Manner::WrongPassword => &[],
        Manner::NoStarttls => &["smtpd_tls_security_level = none"],
        Manner::NoAuth => &["smtpd_sasl_auth_enable = no"],
        Manner::Sleepy => &["smtpd_client_restrictions = sleep 3"],
        Manner::Full => &["smtpd_client_connection_count_limit = 1"],
        Manner::Hasty => &["smtpd_client_connection_rate_limit = 1"],
        Manner::Rejecting => &["smtpd_client_restrictions = reject"],
        Manner::NoTls => &["smtpd_tls_chain_files =", "smtpd_tls_cert_file = /nowhere.pem"],
        Manner::OldTls => &[
            &format!("smtpd_tls_protocols = {old}"),
            &format!("smtpd_tls_mandatory_protocols = {old}"),
            "tls_medium_cipherlist = ALL:@SECLEVEL=0",
            "tls_high_cipherlist = ALL:@SECLEVEL=0",
        ],
        Manner::QueueFull => &["queue_minfree = 1000000000000000"],
        Manner::Small => &["message_size_limit = 1000"],
    };
    [chain.as_str()].iter().chain(more).map(|it| format!(" -o {{ {it} }}")).collect()
}

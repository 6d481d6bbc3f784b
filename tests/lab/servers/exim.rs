//! Exim 4 (with GnuTLS in Debian): one daemon that does as the port wants.

use std::io;
use std::path::Path;
use std::process::Command;

use super::{Server, command, own, write};
use crate::certificates::files;
use crate::manner::Manner;

pub fn plays(manner: Manner) -> bool {
    !matches!(manner, Manner::OldTls | Manner::OldTlsMute)
}

pub fn prepare(papers: &Path) -> io::Result<Vec<Command>> {
    let folder = Server::Exim.folder();
    std::fs::create_dir_all(folder.join("spool"))?;
    own(&folder, "Debian-exim")?;
    let conf = folder.join("conf");
    write(&conf, &configuration(&folder, papers))?;
    Ok(vec![command(Server::Exim.program(), &["-C", &conf.to_string_lossy(), "-bdf"])])
}

/// Both ports of a manner, as a list.
fn ports(manner: Manner) -> String {
    let found = Server::Exim.cast().find(|it| it.0 == manner);
    found.map_or_else(String::new, |(_, clear, tls)| format!("{clear}:{tls}"))
}

/// A condition: the port is one of this manner's.
fn at(manner: Manner) -> String {
    format!("inlist{{$received_port}}{{{}}}", ports(manner))
}

fn configuration(folder: &Path, papers: &Path) -> String {
    let all: Vec<String> = Server::Exim.cast().map(|it| format!("{} : {}", it.1, it.2)).collect();
    let tls: Vec<String> = Server::Exim.cast().map(|it| it.2.to_string()).collect();
    let papers = |which: usize| {
        let pairs = Server::Exim.cast().map(|(manner, clear, tls)| {
            let file = files(papers, manner.paper())[which].display().to_string();
            let file = if manner == Manner::NoTls { "/nowhere.pem".to_owned() } else { file };
            format!("p{clear}={file} p{tls}={file} ")
        });
        format!("${{extract{{p$received_port}}{{{}}}}}", pairs.collect::<String>())
    };
    format!(
        "primary_hostname = smtp.test
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
exim_user = Debian-exim
exim_group = Debian-exim
keep_environment =
daemon_smtp_ports = {all}
tls_on_connect_ports = {tls}
local_interfaces = <; 0.0.0.0 ; ::0
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 200
smtp_accept_max_per_host = ${{if {full}{{1}}{{100}}}}
tls_advertise_hosts = ${{if {no_starttls}{{}}{{*}}}}
tls_certificate = {certificate}
tls_privatekey = {key}
tls_require_ciphers = ${{if {old}{{LEGACY:-VERS-ALL:+VERS-TLS1.0}}{{NORMAL}}}}
message_size_limit = ${{if {small}{{1000}}{{50000000}}}}
acl_smtp_connect = connect
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
begin acl
connect:
  drop condition = ${{if {rejecting}}}
       message = 554 5.7.1 you are not welcome
  defer condition = ${{if {hasty}}}
        ratelimit = 1 / 1h / per_conn / strict / $received_port
        message = 421 4.7.0 you come too often
  accept condition = ${{if {sleepy}}}
         delay = 3s
  accept
mail:
  defer condition = ${{if {queue_full}}}
        message = 452 4.3.1 no space
  accept
rcpt:
  deny message = 550 5.7.1 relaying denied
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = false
  server_advertise_condition = ${{if {no_auth}{{no}}{{yes}}}}
",
        folder = folder.display(),
        all = all.join(" : "),
        tls = tls.join(" : "),
        full = at(Manner::Full),
        no_starttls = at(Manner::NoStarttls),
        certificate = papers(1),
        key = papers(2),
        old = at(Manner::OldTlsVague),
        small = at(Manner::Small),
        rejecting = at(Manner::Rejecting),
        hasty = at(Manner::Hasty),
        sleepy = at(Manner::Sleepy),
        queue_full = at(Manner::QueueFull),
        no_auth = at(Manner::NoAuth),
    )
}

//! A place of its own for the lab: network, file system and processes, all gone when the lab ends,
//! however it ends. In it every port is free, rules for packets harm nobody, and mail servers find
//! their files and users where Debian has them although nothing is installed.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Says to this program that it is inside.
const INSIDE: &str = "--inside";

/// What the lab can do here; where it cannot, why.
pub struct Isolation {
    /// Rules for packets and names.
    pub network: Result<(), String>,
    /// Mail servers.
    pub servers: Result<(), String>,
}

/// Runs this program again inside, if this machine can, and gives its result; or says what the
/// lab can do here.
pub fn enter() -> Result<Isolation, ExitCode> {
    if std::env::args().nth(1).as_deref() == Some(INSIDE) {
        return Ok(settle());
    }
    match unshare() {
        Ok(flags) => Err(run_inside(&flags)),
        Err(reason) => Ok(Isolation { network: Err(reason.clone()), servers: Err(reason) }),
    }
}

/// What `unshare` must be told here.
fn unshare() -> Result<Vec<&'static str>, String> {
    let own = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    let user: &[&str] = if is_root() { &[] } else { &["--user", "--map-root-user"] };
    let flags = [user, &own].concat();
    run("unshare", &[&flags[..], &["true"]].concat())
        .map_err(|error| format!("this machine gives no network namespace: {error}"))?;
    Ok(flags)
}

fn is_root() -> bool {
    run("id", &["-u"]).is_ok_and(|it| it.trim() == "0")
}

/// The pipe ends when this process does, and that ends everything inside.
fn run_inside(flags: &[&str]) -> ExitCode {
    let servers = if is_root() { "root" } else { "user" };
    let mut inside = Command::new("unshare")
        .args(flags)
        .arg(std::env::current_exe().unwrap())
        .args([INSIDE, servers])
        .args(std::env::args().skip(1))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = inside.stdin.take();
    let status = inside.wait().unwrap();
    drop(pipe);
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn settle() -> Isolation {
    std::thread::spawn(|| {
        let _end = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    let up = run("ip", &["link", "set", "lo", "up"]).map(|_| ());
    let files = lay_files().map_err(|error| format!("no file system of its own: {error}"));
    if let Err(error) = &files {
        println!("{error}");
    }
    let root = std::env::args().nth(2).as_deref() == Some("root");
    let servers = match (root, files) {
        (false, _) => Err("only root may start them".to_owned()),
        (true, files) => files.and_then(|()| add_users().map_err(|error| error.to_string())),
    };
    Isolation { network: up, servers }
}

/// Where `cargo xtask test` puts the servers' files.
fn tree() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|it| PathBuf::from(it).join(".cargo"));
    let cargo = || std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home);
    let named = std::env::var_os("OUTBOX_DOCTOR_MAIL_SERVERS").map(PathBuf::from);
    named.or_else(|| Some(cargo()?.join("outbox-doctor/mail-servers-1/tree"))).unwrap_or_default()
}

/// What is only here; the rest of the machine is seen through it and never changed.
pub const OWN: &str = "/tmp/outbox-doctor-lab";

fn lay_files() -> Result<(), String> {
    fs::create_dir_all(OWN).map_err(|error| error.to_string())?;
    run("mount", &["-t", "tmpfs", "-o", "mode=755", "lab", OWN])?;
    let layer = Path::new(OWN).join("tree");
    fs::create_dir(&layer).map_err(|error| error.to_string())?;
    if tree().is_dir() {
        // overlays of a folder by itself are refused, a copy elsewhere is not
        run(
            "cp",
            &[
                "-dR",
                "--preserve=mode",
                &format!("{}/.", tree().display()),
                &layer.to_string_lossy(),
            ],
        )?;
    }
    for folder in ["etc", "usr", "var"] {
        let [lower, upper, work] =
            ["tree", "upper", "work"].map(|it| format!("{OWN}/{it}/{folder}"));
        run("mkdir", &["-p", &lower, &upper, &work])?;
        let options = format!("lowerdir={lower}:/{folder},upperdir={upper},workdir={work}");
        run("mount", &["-t", "overlay", "lab", "-o", &options, &format!("/{folder}")])?;
    }
    run("mount", &["-t", "tmpfs", "lab", "/run"])?;
    Ok(())
}

/// Those of the Debian packages.
const USERS: [&str; 6] =
    ["postfix", "dovecot", "dovenull", "opensmtpd", "opensmtpq", "Debian-exim"];

fn add_users() -> std::io::Result<()> {
    let (mut users, mut groups) =
        (fs::read_to_string("/etc/passwd")?, fs::read_to_string("/etc/group")?);
    for (id, name) in (64_001..).zip(USERS) {
        let known = |text: &str| text.lines().any(|it| it.starts_with(&format!("{name}:")));
        if !known(&users) {
            users += &format!("{name}:x:{id}:{id}::/var/empty:/usr/sbin/nologin\n");
        }
        if !known(&groups) {
            groups += &format!("{name}:x:{id}:\n");
        }
    }
    if !groups.contains("\npostdrop:") {
        groups += "postdrop:x:64000:\n";
    }
    fs::write("/etc/passwd", users)?;
    fs::write("/etc/group", groups)
}

/// What a program prints, or why it failed.
pub fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{program} {}: {}", arguments.join(" "), text(&output.stderr)))
    }
}

/// Words of the command line that choose rows.
pub fn words() -> Vec<String> {
    let skip = if std::env::args().nth(1).as_deref() == Some(INSIDE) { 3 } else { 1 };
    std::env::args().skip(skip).filter(|it| !it.starts_with('-')).collect()
}

//! `cargo xtask bench-probe`: how many people one probe can answer, next to a file of the same size
//! that nginx serves on the same machine in the same run; and how long a whole check takes, next to
//! swaks and `openssl s_client` (`benches/wall.rs`).

use crate::place::Place;
use crate::progress::Progress;
use crate::shell;
use crate::site;
use crate::system;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// The answer that is measured: one of the lab, so that nothing leaves this computer.
const REPORT: &str = "/v1/report/lab-healthy";
const SECONDS: &str = "8s";
/// Connections of the load generator.
const CROWD: &str = "32";

/// A server under load, ended with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // told, not killed: nginx must end its workers
        let told = Command::new("kill").arg(self.0.id().to_string()).status();
        if !told.is_ok_and(|it| it.success()) {
            let _ended = self.0.kill();
        }
        let _reaped = self.0.wait();
    }
}

pub fn run(place: &Place) -> Result<()> {
    let mut progress = Progress::new(3);
    system::load_tools(place, &mut progress)?;
    system::mail_tools(place, &mut progress)?;
    fs::create_dir_all(place.dist()).context("cannot make the folder `dist`")?;
    site::program(place, &mut progress)?;
    let (_probe, probe) = start_probe(place)?;
    let report = format!("http://127.0.0.1:{probe}{REPORT}");
    let body = fetch(probe, REPORT)?;
    let folder = Folder::new()?;
    fs::write(folder.0.join("report"), &body)?;
    let (nginx, port) = start_nginx(place, &folder)?;
    let file = format!("http://127.0.0.1:{port}/report");
    println!("{} bytes; {CROWD} connections; {SECONDS} each, by turns", body.len());
    println!(
        "| what | requests/s | p50 | p99 | at 5,000/s: p50 | p99 | memory |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for _turn in 0..2 {
        row(place, "cached report", &report, memory(_probe.0.id()))?;
        row(place, "file by nginx", &file, memory(nginx.0.id()))?;
    }
    println!("memory after: {} and {}", memory(_probe.0.id()), memory(nginx.0.id()));
    shell::stream(&mut place.cargo("bench --quiet --features native --bench wall"))
}

fn row(place: &Place, what: &str, address: &str, memory: String) -> Result<()> {
    let full =
        load(place.command("wrk").args(["-t1", "-c", CROWD, "-d", SECONDS, "--latency", address]))?;
    if full.contains("Non-2xx") {
        bail!("{what}: not every answer was a report:\n{full}");
    }
    // 20 clients of 250 requests a second
    let steady =
        load(place.command("hey").args(["-z", SECONDS, "-c", "20", "-q", "250", address]))?;
    let find = |text: &str, start: &str, at: usize| {
        let line = text.lines().map(str::trim).find(|it| it.starts_with(start));
        line.and_then(|it| it.split_whitespace().nth(at)).unwrap_or("?").to_owned()
    };
    let ms = |text: String| match text.parse::<f64>() {
        Ok(seconds) => format!("{:.2} ms", seconds * 1000.0),
        Err(_) => text,
    };
    println!(
        "| {what} | {} | {} | {} | {} | {} | {memory} |",
        find(&full, "Requests/sec", 1),
        find(&full, "50%", 1),
        find(&full, "99%", 1),
        ms(find(&steady, "50%", 2)),
        ms(find(&steady, "99%", 2)),
    );
    Ok(())
}

/// The whole output of a command that must succeed.
fn load(command: &mut Command) -> Result<String> {
    let name = shell::name(command);
    let output = command.output().with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        bail!("`{name}` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn start_probe(place: &Place) -> Result<(Running, u16)> {
    let mut command = place.command(place.program());
    command.args(["serve", "--lab", "--port", "0", "--no-open"]).stdout(Stdio::piped());
    let mut child = command.spawn().context("the program does not start")?;
    let mut line = String::new();
    if let Some(pipe) = child.stdout.take() {
        BufReader::new(pipe).read_line(&mut line)?;
    }
    let port = line.trim().trim_end_matches('/').rsplit(':').next().and_then(|it| it.parse().ok());
    Ok((Running(child), port.context("the program said no address")?))
}

/// A folder of its own for nginx, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder> {
        let path = std::env::temp_dir().join(format!("outbox-doctor-bench-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

fn start_nginx(place: &Place, folder: &Folder) -> Result<(Running, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let root = folder.0.display();
    let text = format!(
        "worker_processes 2; daemon off; pid {root}/pid; error_log {root}/errors;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000;\n\
         open_file_cache max=10; client_body_temp_path {root}/a; proxy_temp_path {root}/b;\n\
         fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;\n\
         default_type application/json;\n\
         server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
    );
    let file = folder.0.join("nginx.conf");
    fs::write(&file, text)?;
    // nginx as root serves as another user, who must be let in
    #[cfg(unix)]
    fs::set_permissions(&folder.0, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let mut command = place.command("nginx");
    let child = command.arg("-p").arg(&folder.0).arg("-c").arg(&file).spawn();
    let running = Running(child.context("nginx does not start")?);
    for _try in 0..50 {
        if fetch(port, "/report").is_ok() {
            return Ok((running, port));
        }
        sleep(Duration::from_millis(100));
    }
    bail!("nginx does not answer; see {root}/errors")
}

/// The body of a good answer.
fn fetch(port: u16, path: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").context("no answer")?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("{path} is not there");
    }
    Ok(answer.split_off(end + 4))
}

/// What a process and its children hold in memory.
fn memory(id: u32) -> String {
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let own = id.to_string();
    let all = children.split_whitespace().chain([own.as_str()]);
    let kilobytes: u64 = all.filter_map(resident).sum();
    format!("{:.1} MB", kilobytes as f64 / 1024.0)
}

fn resident(id: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|it| it.starts_with("VmRSS"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

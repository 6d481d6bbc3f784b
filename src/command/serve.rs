//! `serve`: the app on this computer.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::serve;

const HELP: &str = "\
outbox-doctor [serve] [--port N]    serves the app on http://127.0.0.1:N/ (8025; 0 for any free port)

  outbox-doctor --port 9000";

const PORT: u16 = 8025;

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &["port"], &["help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    options.no_plain()?;
    let port = options.value("port").map_or(Ok(PORT), parse_port)?;
    if !serve::has_site() {
        return Err(Failure(
            "this program was built without the app; run `cargo xtask start`".into(),
        ));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(listen_and_serve(port))
}

fn parse_port(text: &str) -> Result<u16, Failure> {
    text.parse()
        .map_err(|_| Failure::usage(format!("--port wants a number up to 65535, not `{text}`")))
}

async fn listen_and_serve(port: u16) -> Result<ExitCode, Failure> {
    let listeners = serve::listen(port).await.map_err(|error| taken(port, &error))?;
    let chosen = listeners.first().and_then(|it| it.local_addr().ok()).map_or(port, |it| it.port());
    say(&format!("http://127.0.0.1:{chosen}/"));
    serve::serve(listeners).await?;
    Ok(ExitCode::SUCCESS)
}

fn taken(port: u16, error: &io::Error) -> Failure {
    Failure(match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {port} is in use; choose another one, for instance --port {}", next(port))
        }
        io::ErrorKind::PermissionDenied => {
            format!(
                "port {port} may not be used; choose one above 1024, for instance --port {PORT}"
            )
        }
        _ => format!("cannot listen on port {port}: {error}"),
    })
}

fn next(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(PORT)
}

//! The native program: command line and local server.

use std::process::ExitCode;

fn main() -> ExitCode {
    outbox_doctor::command::run(std::env::args_os().skip(1).collect())
}

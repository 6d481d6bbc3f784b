//! Opening a page in the user's browser, by the system's own means.

use std::process::{Command, Stdio};

/// Opens it if it can; the address is on the screen in any case.
pub(super) fn open(page: &str) {
    let Some(mut command) = opener(page) else { return };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Ok(mut child) = command.spawn() {
        std::thread::spawn(move || child.wait());
    }
}

fn opener(page: &str) -> Option<Command> {
    let mut command = Command::new(match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ if has_screen() => "xdg-open",
        _ => return None,
    });
    command.arg(page);
    Some(command)
}

fn has_screen() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    named("DISPLAY") || named("WAYLAND_DISPLAY")
}

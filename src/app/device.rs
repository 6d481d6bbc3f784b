//! Which mail app belongs to the device, as far as the browser tells.

use crate::knowledge::{AppId, Knowledge};

/// What the browser says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The user agent.
    pub agent: String,
    /// How many fingers the screen can tell apart; iPads call themselves Macs but feel fingers.
    pub fingers: i32,
}

/// The browser this runs in.
#[cfg(target_arch = "wasm32")]
pub fn here() -> Option<Device> {
    let navigator = web_sys::window()?.navigator();
    Some(Device { agent: navigator.user_agent().ok()?, fingers: navigator.max_touch_points() })
}

/// The mail app that comes with the device and its version key, if one does.
///
/// ```
/// use outbox_doctor::{app::{Device, guess}, knowledge};
/// let kb = knowledge::embedded();
/// let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_4 like Mac OS X) AppleWebKit/605.1.15";
/// let (app, version) = guess(&kb, &Device { agent: agent.to_owned(), fingers: 5 }).unwrap();
/// assert_eq!((kb.app(app).key.as_str(), version.as_str()), ("ios-mail", "14"));
/// ```
#[must_use]
pub fn guess(kb: &Knowledge, device: &Device) -> Option<(AppId, String)> {
    let agent = &device.agent;
    let phone = agent.contains("iPhone") || agent.contains("iPad");
    let tablet = agent.contains("Macintosh") && device.fingers > 1;
    if !phone && !tablet {
        return None;
    }
    let app = kb.app_by_key("ios-mail")?;
    let version = number_behind(agent, " OS ").and_then(|number| version(kb, app, number));
    Some((app, version.unwrap_or_default()))
}

/// The newest version key that is not newer than the device.
fn version(kb: &Knowledge, app: AppId, number: u32) -> Option<String> {
    let not_newer = |key: &&String| key.parse().is_ok_and(|key: u32| key <= number);
    kb.app(app).versions.iter().find(not_newer).cloned()
}

/// The number behind a mark: `18` in `… OS 18_1 like …`.
fn number_behind(text: &str, mark: &str) -> Option<u32> {
    let (_, rest) = text.split_once(mark)?;
    rest.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
}

/// What the device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Windows,
    Macos,
    Linux,
    /// No computer.
    Phone,
}

impl System {
    /// Those that the program is made for.
    pub const COMPUTERS: [System; 3] = [System::Windows, System::Macos, System::Linux];

    pub const fn is_phone(self) -> bool {
        matches!(self, System::Phone)
    }

    /// As its makers write it.
    pub const fn name(self) -> &'static str {
        match self {
            System::Windows => "Windows",
            System::Macos => "Mac",
            System::Linux => "Linux",
            System::Phone => "",
        }
    }

    /// In wording keys.
    pub const fn key(self) -> &'static str {
        match self {
            System::Windows => "windows",
            System::Macos => "macos",
            System::Linux => "linux",
            System::Phone => "",
        }
    }

    /// The program's file.
    pub const fn file(self) -> &'static str {
        match self {
            System::Windows => "outbox-doctor-windows-x86_64.exe",
            System::Macos => "outbox-doctor-macos-universal",
            System::Linux => "outbox-doctor-linux-x86_64",
            System::Phone => "",
        }
    }

    /// As a browser names it.
    #[must_use]
    pub fn of(device: &Device) -> System {
        let has = |word: &str| device.agent.contains(word);
        if has("Android")
            || has("iPhone")
            || has("iPad")
            || (has("Macintosh") && device.fingers > 1)
        {
            System::Phone
        } else if has("Windows") {
            System::Windows
        } else if has("Macintosh") {
            System::Macos
        } else {
            System::Linux
        }
    }
}

/// The system this runs on.
pub fn system() -> System {
    #[cfg(target_arch = "wasm32")]
    let device = here().unwrap_or_default();
    #[cfg(not(target_arch = "wasm32"))]
    let device = Device::default();
    System::of(&device)
}

//! Local storage of the browser. Without it, as in private windows, the page works all the same.

/// The case in this browser. Other keys belong to others.
const KEY: &str = "outbox-doctor.case";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept, if anything can be read.
#[cfg(target_arch = "wasm32")]
pub fn read() -> Option<String> {
    storage()?.get_item(KEY).ok()?
}

/// Keeps a text; where the browser refuses, the case lives as long as the page.
pub fn write(text: &str) {
    let _refused = storage().map(|it| it.set_item(KEY, text));
}

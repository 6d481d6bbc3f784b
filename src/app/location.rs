//! The part of the page's address behind `#`: `#network` is the page about the network.

use gloo::utils::window;
use wasm_bindgen::prelude::*;

const NETWORK: &str = "#network";

fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Whether the address names the page about the network.
pub fn is_network() -> bool {
    hash() == NETWORK
}

/// Makes the address name the page that is shown; Back leads out of it again.
pub fn show(network: bool) {
    if network == is_network() {
        return;
    }
    if network {
        let _stays_as_it_is = window().location().set_hash(NETWORK);
    } else if let Ok(history) = window().history() {
        let here = window().location();
        let [path, search] = [here.pathname(), here.search()].map(Result::unwrap_or_default);
        let plain = [path, search].concat();
        let _stays_as_it_is = history.replace_state_with_url(&JsValue::NULL, "", Some(&plain));
    }
}

/// Calls back whenever the address changes between pages, until what is returned is called.
pub fn on_change(changed: impl Fn(bool) + 'static) -> impl FnOnce() {
    let heard = Closure::<dyn Fn()>::new(move || {
        // the link to the main part is no page
        if is_network() || hash().is_empty() {
            changed(is_network());
        }
    });
    let listen = heard.as_ref().unchecked_ref();
    let _deaf = window().add_event_listener_with_callback("hashchange", listen);
    move || {
        let listen = heard.as_ref().unchecked_ref();
        let _deaf = window().remove_event_listener_with_callback("hashchange", listen);
    }
}

//! Copying a value; where the browser forbids it, the value is marked for copying by hand.

use gloo::utils::window;
use wasm_bindgen::prelude::*;
use yew::Callback;

/// Copies a text and tells whether that worked.
pub fn copy(text: &str, done: Callback<bool>) {
    let clipboard = window().navigator().clipboard();
    let absent: &JsValue = clipboard.as_ref();
    if absent.is_undefined() {
        return done.emit(false);
    }
    let failed = done.clone();
    let yes = Closure::once(move |_: JsValue| done.emit(true));
    let no = Closure::once(move |_: JsValue| failed.emit(false));
    let _settled = clipboard.write_text(text).then2(&yes, &no);
    // The promise calls one of them later, when this function is long over.
    yes.forget();
    no.forget();
}

/// Marks the text of an element, so that the menu of the device can copy it.
pub fn mark(element: &web_sys::Node) {
    if let Ok(Some(selection)) = window().get_selection() {
        let _outside = selection.select_all_children(element);
    }
}

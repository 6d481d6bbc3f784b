//! Moments as people say them, in their own time zone.

use crate::network::Moment;

/// Day and time by the clock of the device.
#[cfg(target_arch = "wasm32")]
pub fn spoken(at: Moment) -> String {
    use wasm_bindgen::JsValue;
    #[expect(clippy::cast_precision_loss, reason = "dates are far below 2^53 milliseconds")]
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64 * 1000.0));
    let options = js_sys::Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _always = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_string("en-US", &options).into()
}

/// Without a browser there is no time zone.
#[cfg(not(target_arch = "wasm32"))]
pub fn spoken(at: Moment) -> String {
    at.to_string()
}

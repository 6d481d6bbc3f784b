//! Where keyboard and screen reader go after an answer.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Which of the two faces the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Home,
    Diagnosis,
    /// Settings have just been compared.
    Judged,
    /// Probes have just looked.
    Checked,
    /// The page about the network.
    Network,
}

/// After an answer the heading of the next step; on a new face its own heading; after the settings
/// check what came of it.
pub fn moved(before: Moment, now: Moment) {
    to(match (before, now) {
        (_, Moment::Home) => "home-heading",
        (Moment::Network, Moment::Network) => return,
        (_, Moment::Network) => "network-heading",
        (_, Moment::Checked) => "finding-heading",
        (Moment::Home | Moment::Network, _) => "diagnosis-heading",
        (_, Moment::Judged) => "judged-heading",
        (_, Moment::Diagnosis) => "next-heading",
    });
}

/// Takes the focus off a button that is about to go. A browser that finds the focus in what is taken
/// away lays out the half-made page at once, only to do it again when the rest is there.
pub fn leave() {
    let focused = document().active_element().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    let _not_focused = focused.map(|it| it.blur());
}

/// Moves the focus to an element and the element to the top of the window.
pub fn to(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _unfocusable = element.focus();
        element.scroll_into_view();
    }
}

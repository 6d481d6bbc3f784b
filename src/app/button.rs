//! Buttons and folded parts, made the same way everywhere.

use yew::prelude::*;

/// A button; `test` is its stable name for tests.
pub fn button(
    class: &'static str,
    test: impl Into<AttrValue>,
    label: AttrValue,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! { <button type="button" {class} data-test={test.into()} {onclick}>{ label }</button> }
}

/// A part that is closed until it is opened.
pub fn folded(test: &'static str, summary: AttrValue, body: Html) -> Html {
    html! {
        <details class="folded" data-test={test}>
            <summary>{ summary }</summary>
            <div class="folded-body">{ body }</div>
        </details>
    }
}

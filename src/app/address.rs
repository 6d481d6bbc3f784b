//! The address, of which only the domain is kept.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::case::Case;
use crate::intake::domain_of;
use crate::session::Event;

/// The case, and a handle by which a form can read the field.
#[derive(Clone, PartialEq, Properties)]
pub struct AddressProps {
    pub case: Case,
    #[prop_or_default]
    pub field: NodeRef,
}

/// The field. When it is left, what stood before the `@` is gone from it, too.
#[component]
pub fn Address(props: &AddressProps) -> Html {
    let case = &props.case;
    let on = case.on.clone();
    let onchange = Callback::from(move |event: web_sys::Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            let domain = domain_of(&input.value());
            input.set_value(&domain);
            on.emit(Event::Domain(domain));
        }
    });
    html! {
        <div class="field">
            <label for="domain">{ case.ui("address.label") }</label>
            <p class="hint" id="domain-hint">{ case.ui("address.hint") }</p>
            <input id="domain" type="text" inputmode="email" autocomplete="off" autocapitalize="none"
                autocorrect="off" spellcheck="false" data-test="domain" ref={props.field.clone()}
                aria-describedby="domain-hint" value={case.state().domain.clone()} {onchange} />
            { unknown(case) }
        </div>
    }
}

fn unknown(case: &Case) -> Html {
    let domain = &case.state().domain;
    if domain.is_empty() || case.view.provider.is_some() {
        return Html::default();
    }
    html! { <p class="notice calm">{ case.fill("address.unknown", &[("domain", domain)]) }</p> }
}

//! The box for what the mail app says.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::ahead::use_expected;
use super::button::{button, folded};
use super::case::{Case, Shown};
use super::steps::steps;
use crate::knowledge::ActionId;
use crate::session::Event;

/// The case, and the address field of the same page, which is read together with the box.
#[derive(Clone, PartialEq, Properties)]
pub struct TellProps {
    pub case: Case,
    #[prop_or_default]
    pub address: NodeRef,
    /// The repair after which the message is a different one.
    #[prop_or_default]
    pub after: Option<ActionId>,
}

/// The box with its button. On the first page it asks; in a case it asks again.
#[component]
pub fn Tell(props: &TellProps) -> Html {
    let case = &props.case;
    let old = if props.after.is_none() { case.state().text.clone() } else { String::new() };
    let text = use_state(|| AttrValue::from(old));
    let empty = use_state(|| false);
    use_expected(case, told(props, &text));
    let again = case.begun();
    let (label, find) = match (again, props.after) {
        (true, None) => ("tell.again", "tell.read-again"),
        (true, Some(_)) => ("tell.again", "tell.find"),
        (false, _) => ("tell.label", "tell.find"),
    };
    let described = if *empty { "text-error text-hint" } else { "text-hint" };
    html! {
        <form class="tell" onsubmit={onsubmit(props, &text, empty.setter())}>
            <label for="text" class="big">{ case.ui(label) }</label>
            <p class="hint" id="text-hint">{ case.ui("tell.hint") }</p>
            if *empty { <p class="error" id="text-error" role="alert">{ case.ui("tell.empty") }</p> }
            <textarea id="text" rows="4" data-test="text" aria-describedby={described} spellcheck="false"
                autocomplete="off" value={&*text} oninput={oninput(&text)} />
            <button type="submit" class="primary" data-test="find">{ case.ui(find) }</button>
            if again { { leave(case) } }
        </form>
    }
}

/// What happens if the box is sent as it stands.
fn told(props: &TellProps, text: &str) -> Option<Event> {
    let event = match props.after {
        Some(id) => Event::Changed(id, text.to_owned()),
        None => Event::Describe(text.to_owned()),
    };
    (!text.trim().is_empty()).then_some(event)
}

fn leave(case: &Case) -> Html {
    html! {
        <>
            { button("secondary", "back", case.ui("step.back"), case.open(Shown::Next)) }
            { folded("how", case.ui("tell.how"), steps(case, "exact-error")) }
        </>
    }
}

fn oninput(text: &UseStateHandle<AttrValue>) -> Callback<InputEvent> {
    let text = text.setter();
    Callback::from(move |event: InputEvent| {
        let area = event.target_dyn_into::<HtmlTextAreaElement>();
        text.set(area.map(|it| it.value()).unwrap_or_default().into());
    })
}

fn onsubmit(
    props: &TellProps,
    text: &UseStateHandle<AttrValue>,
    empty: UseStateSetter<bool>,
) -> Callback<SubmitEvent> {
    let (on, address) = (props.case.on.clone(), props.address.clone());
    let told = told(props, text);
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let typed = address.cast::<HtmlInputElement>().map(|it| it.value()).unwrap_or_default();
        if !typed.trim().is_empty() {
            on.emit(Event::Domain(typed));
        }
        empty.set(told.is_none());
        told.iter().cloned().for_each(|it| on.emit(it));
    })
}

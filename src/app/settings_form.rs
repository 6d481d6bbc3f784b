//! The form of the settings check. Every field may be left out.

use std::collections::BTreeMap;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::ahead::use_expected;
use super::button::button;
use super::case::Case;
use super::named::{named, security_options};
use crate::knowledge::Field;
use crate::session::Event;

/// Ports that mail apps offer.
const PORTS: [&str; 3] = ["587", "465", "25"];
/// The choice behind which a number can be typed.
const OTHER: &str = "other";

/// What the fields hold so far.
type Values = BTreeMap<Field, String>;

/// The case, and the fields to ask for.
#[derive(Clone, PartialEq, Properties)]
pub struct FormProps {
    pub case: Case,
    pub fields: Vec<Field>,
}

/// The form.
#[component]
pub fn SettingsForm(props: &FormProps) -> Html {
    let case = &props.case;
    let values = use_state(|| case.state().settings());
    use_expected(case, Some(Event::Settings((*values).clone())));
    let onsubmit = {
        let (on, values) = (case.on.clone(), values.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on.emit(Event::Settings((*values).clone()));
        })
    };
    let cannot = case.send(Event::Settings(Values::new()));
    html! {
        <form {onsubmit}>
            { for props.fields.iter().map(|field| row(case, &values, *field)) }
            <button type="submit" class="primary" data-test="settings-done">{ case.ui("settings.check") }</button>
            { button("choice quiet", "cannot", case.ui("settings.cannot"), cannot) }
        </form>
    }
}

fn row(case: &Case, values: &UseStateHandle<Values>, field: Field) -> Html {
    let id = ["field-", field.key()].concat();
    let value = values.get(&field).cloned().unwrap_or_default();
    html! {
        <div class="field">
            <label for={id.clone()}>{ case.word(&["ui", "field", field.key()]) }</label>
            { match field {
                Field::Host => host(case, values, id, value),
                Field::Port => port(case, values, id, &value),
                _ => choice(case, values, field, id, &value),
            } }
        </div>
    }
}

fn host(case: &Case, values: &UseStateHandle<Values>, id: String, value: String) -> Html {
    html! {
        <>
            <p class="hint" id="host-hint">{ case.ui("field-hint.host") }</p>
            <input id={id.clone()} data-test={id} type="text" inputmode="url" autocomplete="off"
                autocapitalize="none" autocorrect="off" spellcheck="false" aria-describedby="host-hint"
                {value} onchange={typed(values, Field::Host)} />
        </>
    }
}

/// The usual ports as a list; any other number in a box of its own.
fn port(case: &Case, values: &UseStateHandle<Values>, id: String, value: &str) -> Html {
    let other = !value.is_empty() && !PORTS.contains(&value);
    let mut options: Vec<(&str, AttrValue)> =
        PORTS.iter().map(|port| (*port, (*port).into())).collect();
    options.push((OTHER, case.ui("port.other")));
    let number = if value == OTHER { String::new() } else { value.to_owned() };
    html! {
        <>
            { list(case, values, Field::Port, id, if other { OTHER } else { value }, &options) }
            if other {
                <label for="port-number">{ case.ui("port.number") }</label>
                <input id="port-number" data-test="field-port-other" type="text" inputmode="numeric"
                    autocomplete="off" value={number} onchange={typed(values, Field::Port)} />
            }
        </>
    }
}

fn choice(
    case: &Case,
    values: &UseStateHandle<Values>,
    field: Field,
    id: String,
    value: &str,
) -> Html {
    let keys: &[&str] = match field {
        Field::SignIn => &["password", "none", "oauth2"],
        Field::UserName => &["full-address", "local-part-only", "other-address"],
        _ => return list(case, values, field, id, value, &security_options(case)),
    };
    let options: Vec<(&str, AttrValue)> =
        keys.iter().map(|key| (*key, named(case, field, key))).collect();
    list(case, values, field, id, value, &options)
}

fn list(
    case: &Case,
    values: &UseStateHandle<Values>,
    field: Field,
    id: String,
    value: &str,
    options: &[(&str, AttrValue)],
) -> Html {
    let options = options.iter().map(|(key, label)| {
        html! {
            <option value={(*key).to_owned()} selected={*key == value}>{ label }</option>
        }
    });
    html! {
        <select id={id.clone()} data-test={id} onchange={chosen(values, field)}>
            <option value="" selected={value.is_empty()}>{ case.ui("settings.left-out") }</option>
            { for options }
        </select>
    }
}

fn typed(values: &UseStateHandle<Values>, field: Field) -> Callback<web_sys::Event> {
    let values = values.clone();
    Callback::from(move |event: web_sys::Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        set(&values, field, input.map(|it| it.value()).unwrap_or_default());
    })
}

fn chosen(values: &UseStateHandle<Values>, field: Field) -> Callback<web_sys::Event> {
    let values = values.clone();
    Callback::from(move |event: web_sys::Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        set(&values, field, select.map(|it| it.value()).unwrap_or_default());
    })
}

fn set(values: &UseStateHandle<Values>, field: Field, value: String) {
    let mut changed = (**values).clone();
    match value.trim() {
        "" => changed.remove(&field),
        value => changed.insert(field, value.to_owned()),
    };
    values.set(changed);
}

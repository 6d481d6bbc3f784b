//! Which mail app, and which version of it.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::case::Case;
use crate::knowledge::AppId;
use crate::session::Event;

/// The lists of apps and, where the app has them, of versions.
pub fn choose_app(case: &Case) -> Html {
    let guessed = case.guess.is_some() && case.guess == case.state().app;
    html! {
        <div class="field">
            <label for="app">{ case.ui("app.label") }</label>
            if guessed { <p class="hint" id="app-hint">{ case.ui("app.guessed") }</p> }
            <select id="app" data-test="app" onchange={on_app(case)}
                aria-describedby={guessed.then_some("app-hint")}>
                <option value="" selected={case.state().app.is_none()}>{ case.ui("app.none") }</option>
                { for case.kb.app_ids().map(|id| app_option(case, id)) }
            </select>
            { for case.state().app.map(|id| versions(case, id)) }
        </div>
    }
}

fn app_option(case: &Case, id: AppId) -> Html {
    let app = case.kb.app(id);
    let selected = case.state().app == Some(id);
    html! { <option value={app.key.clone()} {selected}>{ app.name.clone() }</option> }
}

fn on_app(case: &Case) -> Callback<Changed> {
    let case = case.clone();
    Callback::from(move |event: Changed| {
        let key = chosen(&event);
        case.on.emit(Event::App(case.kb.app_by_key(&key), String::new()));
    })
}

fn versions(case: &Case, id: AppId) -> Html {
    let app = case.kb.app(id);
    if app.versions.len() < 2 {
        return Html::default();
    }
    let on = case.on.clone();
    let onchange = Callback::from(move |event: Changed| {
        on.emit(Event::App(Some(id), chosen(&event)));
    });
    html! {
        <>
            <label for="version">{ case.ui("app.version") }</label>
            <select id="version" data-test="version" {onchange}>
                { for app.versions.iter().map(|version| version_option(case, id, version)) }
            </select>
        </>
    }
}

fn version_option(case: &Case, id: AppId, version: &str) -> Html {
    let named = case.word(&["ui", "version", &case.kb.app(id).key, version]);
    let label = if named.is_empty() { version.to_owned().into() } else { named };
    let chosen = case.state().version.as_str();
    let newest = case.kb.app(id).versions.first().map_or("", String::as_str);
    let selected = version == if chosen.is_empty() { newest } else { chosen };
    html! { <option value={version.to_owned()} {selected}>{ label }</option> }
}

/// What a list is set to.
fn chosen(event: &Changed) -> String {
    event.target_dyn_into::<HtmlSelectElement>().map(|it| it.value()).unwrap_or_default()
}

/// The browser's event, as opposed to the session's.
type Changed = web_sys::Event;

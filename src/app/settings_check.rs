//! The settings check: the way to the page, then what stands there.

use yew::prelude::*;

use super::case::{Case, Shown};
use super::settings_form::SettingsForm;
use super::steps::steps;
use crate::knowledge::{Field, Kind, ObservationId};

pub fn settings_check(case: &Case, ids: &[ObservationId]) -> Html {
    html! {
        <>
            <p>{ case.ui("settings.why") }</p>
            <p class="facts"><span>{ case.minutes(seconds(case, ids)) }</span></p>
            <h3>{ case.ui("settings.path") }</h3>
            <p class="hint">{ case.ui("steps.hint") }</p>
            { steps(case, "settings-check") }
            <h3>{ case.ui("settings.form") }</h3>
            <p class="hint">{ case.ui("settings.form-hint") }</p>
            <SettingsForm case={case.clone()} fields={fields(case)} />
        </>
    }
}

fn seconds(case: &Case, ids: &[ObservationId]) -> f64 {
    let reading: f64 = ids.iter().map(|id| case.kb.observation(*id).seconds).sum();
    case.kb.constants.settings_check_seconds + reading
}

/// The fields asked for; all of them when the check is done again.
fn fields(case: &Case) -> Vec<Field> {
    let unread = |field: Field| {
        case.view.unread.iter().any(|id| case.kb.observation(*id).kind == Kind::Setting(field))
    };
    let asked = |field: &Field| matches!(case.shown, Shown::Again(_)) || unread(*field);
    Field::ALL.into_iter().filter(asked).collect()
}

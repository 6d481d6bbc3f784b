//! The road a message travels, and where it stops.

use yew::prelude::*;

use super::case::{Case, CaseProps};
use crate::knowledge::Stage;
use crate::session::{Light, Stop};

/// The picture: a strip of signs on a phone until it is unfolded, a list where there is room.
#[component]
pub fn Road(props: &CaseProps) -> Html {
    let case = &props.case;
    let open = use_state(|| false);
    let toggle = Callback::from({
        let open = open.clone();
        move |_| open.set(!*open)
    });
    let label = case.ui(if *open { "road.hide" } else { "road.show" });
    html! {
        <section class={classes!("road", open.then_some("open"))} aria-labelledby="road-heading">
            <div class="titled">
                <h2 id="road-heading">{ case.ui("road.title") }</h2>
                <button type="button" class="link unfold" aria-expanded={open.to_string()} onclick={toggle}>
                    { label }
                </button>
            </div>
            <p class="caption">{ caption(case) }</p>
            <ol data-test="road">{ for case.view.road.iter().map(|stop| sign(case, *stop)) }</ol>
        </section>
    }
}

/// Where the message stops, in words.
fn caption(case: &Case) -> AttrValue {
    let first = |light| case.view.road.iter().find(|stop| stop.light == light);
    let (key, stop) = match (first(Light::Stopped), first(Light::Suspect)) {
        (Some(stop), _) => ("road.stops", stop),
        (None, Some(stop)) => ("road.may-stop", stop),
        (None, None) => return case.ui("road.open"),
    };
    case.fill(key, &[("stage", &stage(case, stop.stage))])
}

fn sign(case: &Case, stop: Stop) -> Html {
    let (key, sign) = match stop.light {
        Light::Passed => ("passed", "✓"),
        Light::Stopped => ("stopped", "✕"),
        Light::Suspect => ("suspect", "?"),
        Light::Unknown => ("unknown", "·"),
    };
    html! {
        <li class={key} data-test={["stage-", stop.stage.key()].concat()} data-light={key}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <span class="stage">{ stage(case, stop.stage) }</span>
            <span class="light">{ case.word(&["ui", "light", key]) }</span>
        </li>
    }
}

fn stage(case: &Case, stage: Stage) -> AttrValue {
    case.word(&["stage", stage.key()])
}

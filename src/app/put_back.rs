//! What was paused and has to be on again, until it is ticked.

use yew::prelude::*;

use super::case::Case;
use crate::knowledge::ActionId;
use crate::session::Event;

pub fn put_back(case: &Case) -> Html {
    if case.view.put_back.is_empty() {
        return Html::default();
    }
    html! {
        <section class="notice put-back" aria-labelledby="put-back-heading" data-test="put-back">
            <h2 id="put-back-heading">{ case.ui("put-back.title") }</h2>
            <p>{ case.ui("put-back.text") }</p>
            { for case.view.put_back.iter().map(|id| tick(case, *id)) }
        </section>
    }
}

fn tick(case: &Case, id: ActionId) -> Html {
    let key = &case.kb.action(id).key;
    let (on, undo) = (case.on.clone(), case.word(&["action", key, "undo"]));
    let onchange = Callback::from(move |_| on.emit(Event::PutBack(id)));
    html! {
        <label class="tick" key={key.clone()}>
            <input type="checkbox" data-test={["put-back-", key].concat()} {onchange} />
            <span>
                <span>{ undo }</span>
                <span class="hint pair">{ case.fill("told.tried", &[("action", &case.action(id))]) }</span>
            </span>
        </label>
    }
}

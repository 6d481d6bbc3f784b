//! What keeps people from false helpers.

use yew::prelude::*;

use super::case::Case;

pub fn safety(case: &Case) -> Html {
    html! {
        <section class="card safety" aria-labelledby="safety-heading">
            <h2 id="safety-heading">{ case.ui("safety.title") }</h2>
            <ul>{ case.items("safety.items") }</ul>
        </section>
    }
}

//! A way to send right now, while the cause is sought.

use yew::prelude::*;

use super::case::Case;

pub fn webmail(case: &Case) -> Html {
    html! {
        <section class="card webmail" aria-labelledby="webmail-heading">
            <h2 id="webmail-heading">{ case.ui("webmail.title") }</h2>
            <p>{ case.ui("webmail.text") }</p>
            <p><a class="go" href="https://webmail.spectrum.net" rel="noreferrer">{ case.ui("webmail.link") }</a></p>
        </section>
    }
}

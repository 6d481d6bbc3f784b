//! The frame: what stands above and below, and the face that fits the moment.

use yew::prelude::*;

use super::case::{Case, Shown};
use super::diagnosis::diagnosis;
use super::home::Home;
use super::network::Network;

/// The page.
pub fn page(case: &Case) -> Html {
    html! {
        <>
            <a class="skip" href="#main">{ case.ui("skip") }</a>
            <header class="top"><span class="brand">{ mark() }{ case.ui("brand") }</span></header>
            <main id="main" tabindex="-1">
                { face(case) }
            </main>
            <footer class="bottom">
                <p>{ case.ui("footer.private") }</p>
                <p>{ case.ui("footer.independent") }</p>
            </footer>
        </>
    }
}

fn face(case: &Case) -> Html {
    match case.shown {
        Shown::Network => html! { <Network case={case.clone()} /> },
        _ if case.begun() => diagnosis(case),
        _ => html! { <Home case={case.clone()} /> },
    }
}

/// The mark of the product, the same as the page's icon.
fn mark() -> Html {
    html! { <img src="favicon.svg" width="32" height="32" alt="" /> }
}

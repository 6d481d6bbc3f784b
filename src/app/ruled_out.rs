//! What the evidence speaks against.

use yew::prelude::*;

use super::button::folded;
use super::case::Case;
use super::leading::title;

pub fn ruled_out(case: &Case) -> Html {
    if case.view.ruled_out.is_empty() {
        return Html::default();
    }
    let items = case.view.ruled_out.iter().map(|id| html! { <li>{ title(case, *id) }</li> });
    folded("ruled-out", case.ui("ruled-out.title"), html! { <ul>{ for items }</ul> })
}

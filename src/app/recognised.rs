//! Codes and messages that were found in the text, each with its meaning.

use yew::prelude::*;

use super::case::Case;
use crate::knowledge::SignatureId;

pub fn recognised(case: &Case) -> Html {
    if case.view.recognised.is_empty() {
        return Html::default();
    }
    html! {
        <section class="recognised" aria-labelledby="recognised-heading" data-test="recognised">
            <h2 id="recognised-heading">{ case.ui("recognised.title") }</h2>
            <dl>{ for case.view.recognised.iter().map(|id| meaning(case, *id)) }</dl>
        </section>
    }
}

fn meaning(case: &Case, id: SignatureId) -> Html {
    let signature = case.kb.signature(id);
    let means = case.word(&["signature", &signature.key, "means"]);
    html! {
        <div data-test={["signature-", &signature.key].concat()}>
            <dt>{ signature.shown.clone() }</dt>
            <dd>{ means }</dd>
        </div>
    }
}

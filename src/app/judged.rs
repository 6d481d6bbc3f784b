//! The settings that were read, each beside the right value.

use yew::prelude::*;

use super::case::Case;
use super::copy_button::Copyable;
use super::named::{candidate, named, right};
use crate::knowledge::Field;
use crate::session::{Judged, Verdict};

pub fn judged(case: &Case) -> Html {
    if case.view.settings.is_empty() {
        return Html::default();
    }
    html! {
        <section class="card judged" aria-labelledby="judged-heading" data-test="judged">
            <h2 id="judged-heading" tabindex="-1">{ case.ui("judged.title") }</h2>
            <dl>{ for case.view.settings.iter().map(|it| row(case, it)) }</dl>
        </section>
    }
}

fn row(case: &Case, judged: &Judged) -> Html {
    let yours = named(case, judged.field, &judged.value);
    let (class, key, sign) = match judged.verdict {
        Verdict::Right => ("passed", "verdict.right", "✓"),
        Verdict::Possible => ("suspect", "verdict.possible", "?"),
        Verdict::Wrong => ("stopped", "verdict.wrong", "✕"),
        Verdict::Unknown => ("unknown", "verdict.unknown", "·"),
    };
    let wanted = matches!(judged.verdict, Verdict::Possible | Verdict::Wrong);
    html! {
        <div class={class} data-test={["judged-", judged.field.key()].concat()} data-light={class}>
            <dt><span class="sign" aria-hidden="true">{ sign }</span>{ case.word(&["ui", "field", judged.field.key()]) }</dt>
            <dd>{ case.fill("judged.yours", &[("value", &yours)]) }</dd>
            <dd>{ case.ui(key) }{ " " }if wanted { { better(case, judged.field) } }</dd>
        </div>
    }
}

/// The right value, to copy where it is typed rather than chosen.
pub fn better(case: &Case, field: Field) -> Html {
    let value = match (candidate(case), field) {
        (Some(candidate), _) => right(case, candidate, field),
        (None, Field::Port) => "587".into(),
        (None, Field::SignIn) => case.ui("value.sign-in.password"),
        (None, Field::UserName) => case.ui("value.whole-address-unknown"),
        (None, _) => return Html::default(),
    };
    value_of(case, field, value)
}

/// A value as it is shown: typed ones can be copied.
pub fn value_of(case: &Case, field: Field, value: AttrValue) -> Html {
    match field {
        Field::Host | Field::Port => html! { <Copyable {value} case={case.clone()} /> },
        _ => html! { <strong>{ value }</strong> },
    }
}

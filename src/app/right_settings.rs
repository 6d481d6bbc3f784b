//! What the settings should be: every candidate with its source and what contradicts it.

use yew::prelude::*;

use super::button::folded;
use super::case::Case;
use super::judged::value_of;
use super::named::right;
use crate::knowledge::{Candidate, Field};

pub fn right_settings(case: &Case) -> Html {
    let Some(provider) = case.view.provider.map(|id| case.kb.provider(id)) else {
        return Html::default();
    };
    let mut shown: Vec<&Candidate> = Vec::new();
    for candidate in &provider.candidates {
        if !shown.iter().any(|it| alike(case, it, candidate)) {
            shown.push(candidate);
        }
    }
    let all = shown.iter().enumerate().map(|(place, it)| candidate(case, place, it));
    folded("right-settings", case.ui("right.title"), all.collect())
}

/// Some apps have one switch for both kinds of encryption: there two candidates look the same.
fn alike(case: &Case, one: &Candidate, other: &Candidate) -> bool {
    Field::ALL.iter().all(|field| right(case, one, *field) == right(case, other, *field))
}

fn candidate(case: &Case, place: usize, candidate: &Candidate) -> Html {
    let title = case.ui(if place == 0 { "right.first" } else { "right.next" });
    let year = candidate.as_of.to_string();
    let source = [("source", candidate.source.as_str()), ("year", &year)];
    html! {
        <div class="candidate">
            <h3>{ title }</h3>
            <dl>{ for Field::ALL.into_iter().map(|field| row(case, candidate, field)) }</dl>
            <p class="source">{ case.fill("right.source", &source) }</p>
            if !candidate.contradicted_by.is_empty() {
                <p class="source">
                    { case.fill("right.conflict", &[("conflict", &candidate.contradicted_by)]) }
                </p>
            }
        </div>
    }
}

fn row(case: &Case, candidate: &Candidate, field: Field) -> Html {
    html! {
        <div>
            <dt>{ case.word(&["ui", "field", field.key()]) }</dt>
            <dd>{ value_of(case, field, right(case, candidate, field)) }</dd>
        </div>
    }
}

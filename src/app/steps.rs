//! The steps of a task in the user's app, labels marked and values ready to copy.

use yew::prelude::*;

use super::case::Case;
use super::copy_button::Copyable;
use crate::guidance::Piece;
use crate::knowledge::Security;

/// The step list that every repair ends with; it stands by the question what came of it.
pub const TEST: &str = "test-message";

/// The numbered steps of a task; nothing if the app has none for it.
pub fn steps(case: &Case, task: &str) -> Html {
    let app = case.kb.app(case.view.app);
    let Some(procedure) = app.procedures.iter().find(|it| it.task == task) else {
        return Html::default();
    };
    let lists = procedure.steps.iter().filter(|list| task == TEST || *list != TEST);
    let reader = case.reader();
    let keys = lists.map(|list| case.words.step_key(&app.key, list, reader.version));
    let texts = keys.flat_map(|key| case.words.list(&key));
    let items =
        (1_usize..).zip(texts).map(|(number, text)| item(case, number, &reader.pieces(text)));
    html! { <ol class="steps">{ for items }</ol> }
}

/// A step whose number can be ticked: who goes back and forth between two apps finds the place.
fn item(case: &Case, number: usize, step: &[Piece]) -> Html {
    let done = case.fill("steps.done", &[("number", &number.to_string())]);
    html! {
        <li>
            <input type="checkbox" aria-label={done} />
            <span class="what">{ pieces(case, step) }</span>
        </li>
    }
}

/// A full stop stays with the value before it, so that it never stands on a line of its own.
pub fn pieces(case: &Case, pieces: &[Piece]) -> Html {
    let mut shown: Vec<Html> = Vec::new();
    let mut before: Option<Html> = None;
    for piece in pieces {
        let value = before.take();
        let (mark, rest) = match piece {
            Piece::Text(text) if value.is_some() => mark(text),
            Piece::Text(text) => ("", text.as_str()),
            Piece::Label(_) | Piece::Value(_) => ("", ""),
        };
        shown.extend(
            value.map(|it| html! { <span class="together">{ it }{ mark.to_owned() }</span> }),
        );
        match piece {
            Piece::Text(_) => shown.push(linked(rest)),
            Piece::Label(label) => {
                shown.push(html! { <span class="label">{ label.clone() }</span> })
            }
            Piece::Value(value) => before = Some(self::value(case, value)),
        }
    }
    shown.extend(before);
    shown.into_iter().collect()
}

/// The full stop or comma that a text begins with, and the rest.
fn mark(text: &str) -> (&str, &str) {
    text.split_at(text.len() - text.trim_start_matches(['.', ',']).len())
}

/// A value to type has a copy button; one to choose from a list has not.
fn value(case: &Case, value: &str) -> Html {
    let reader = case.reader();
    let chosen = [Security::Tls, Security::Starttls].map(|it| reader.security_label(it));
    if chosen.iter().any(|label| label == value) {
        return html! { <strong class="value">{ value.to_owned() }</strong> };
    }
    html! { <Copyable value={value.to_owned()} case={case.clone()} /> }
}

/// A text with its web addresses as links; the steps name no others than the allowed ones.
fn linked(text: &str) -> Html {
    text.split_inclusive(' ').map(word).collect()
}

fn word(word: &str) -> Html {
    let end = word.trim_end_matches([' ', '.', ',', ')', ':']).len();
    match word.split_at_checked(end) {
        Some((link, rest)) if link.starts_with("https://") => html! {
            <><a href={link.to_owned()} rel="noreferrer">{ link.to_owned() }</a>{ rest.to_owned() }</>
        },
        _ => html! { { word.to_owned() } },
    }
}

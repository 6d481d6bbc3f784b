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
    html! { <ol class="steps">{ for lists.map(|list| items(case, &app.key, list)) }</ol> }
}

/// The steps of one list; what belongs together stands together.
fn items(case: &Case, app: &str, list: &str) -> Html {
    let reader = case.reader();
    let key = case.words.step_key(app, list, reader.version);
    let texts = case.words.list(&key).iter();
    texts.map(|text| html! { <li>{ pieces(case, &reader.pieces(text)) }</li> }).collect()
}

/// A full stop stays with the value before it, so that it never stands on a line of its own.
fn pieces(case: &Case, pieces: &[Piece]) -> Html {
    let mut shown: Vec<Html> = Vec::new();
    let mut before: Option<Html> = None;
    for piece in pieces {
        let (mark, rest) = match piece {
            Piece::Text(text) => text.split_at(text.len() - text.trim_start_matches(['.', ',']).len()),
            _ => ("", ""),
        };
        if let Some(value) = before.take() {
            shown.push(html! { <span class="together">{ value }{ mark.to_owned() }</span> });
        }
        match piece {
            Piece::Text(_) => shown.push(linked(rest)),
            Piece::Label(label) => shown.push(html! { <span class="label">{ label.clone() }</span> }),
            Piece::Value(value) => before = Some(self::value(case, value)),
        }
    }
    shown.extend(before);
    shown.into_iter().collect()
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

//! The steps of a task in the user's app, labels marked and values ready to copy.

use yew::prelude::*;

use super::case::Case;
use super::copy_button::Copyable;
use crate::guidance::Piece;

/// The numbered steps; nothing if the app has none for the task.
pub fn steps(case: &Case, task: &str) -> Html {
    let steps = case.reader().steps(task);
    if steps.is_empty() {
        return Html::default();
    }
    let items = steps.iter().map(|step| html! { <li>{ for step.iter().map(|it| piece(case, it)) }</li> });
    html! { <ol class="steps">{ for items }</ol> }
}

fn piece(case: &Case, piece: &Piece) -> Html {
    match piece {
        Piece::Text(text) => linked(text),
        Piece::Label(label) => html! { <span class="label">{ label.clone() }</span> },
        Piece::Value(value) => html! { <Copyable value={value.clone()} case={case.clone()} /> },
    }
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

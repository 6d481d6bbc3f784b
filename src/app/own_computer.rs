//! The program for the user's own computer: where to get it, and what they will see.

use yew::prelude::*;

use super::button::folded;
use super::case::Case;
use super::device::{System, system};
use super::steps::pieces;
use crate::guidance::Piece;

/// Folder of the downloads; empty where this build has none.
const DOWNLOADS: &str = env!("OUTBOX_DOCTOR_DOWNLOADS");
/// Where the program serves this page.
const LOCAL: &str = "http://127.0.0.1:8025/#network";

pub fn own_computer(case: &Case) -> Html {
    if case.checkup.probes.iter().any(|it| it.local) {
        return html! { <p class="notice calm" data-test="own-here">{ case.net("own.here") }</p> };
    }
    let here = system();
    html! {
        <section class="card" aria-labelledby="own-heading" data-test="own-computer">
            <h2 id="own-heading">{ case.net("own.title") }</h2>
            <p>{ case.net("own.text") }</p>
            if here.is_phone() { <p class="notice calm">{ case.net("own.phone") }</p> }
            { get(case, here) }
            <p><a class="go" href={LOCAL} data-test="own-open">{ case.net("own.open") }</a></p>
        </section>
    }
}

/// The file for this system with its steps; the others folded.
fn get(case: &Case, here: System) -> Html {
    if DOWNLOADS.is_empty() {
        return html! { <p class="hint" data-test="no-download">{ case.net("own.none") }</p> };
    }
    let own = System::COMPUTERS.into_iter().filter(|it| *it == here);
    let others: Html = System::COMPUTERS
        .into_iter()
        .filter(|it| *it != here)
        .map(|it| html! { <>{ link(case, it) }{ steps(case, it) }</> })
        .collect();
    html! {
        <>
            { for own.map(|it| html! { <>{ link(case, it) }{ steps(case, it) }</> }) }
            { folded("own-others", case.net("own.other"), others) }
        </>
    }
}

fn link(case: &Case, system: System) -> Html {
    let label = case.net_fill("own.get", &[("system", system.name())]);
    let href = [DOWNLOADS, system.file()].concat();
    html! { <p><a class="go" {href} rel="noreferrer">{ label }</a></p> }
}

fn steps(case: &Case, system: System) -> Html {
    let texts = case.words.list(&["network.own.steps.", system.key()].concat());
    let items = texts.iter().map(|text| {
        let pieces = pieces(case, &labelled(text));
        html! { <li>{ pieces }</li> }
    });
    html! { <ol>{ for items }</ol> }
}

/// Labels are marked as in every other list of steps.
fn labelled(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once('[') {
        pieces.push(Piece::Text(before.to_owned()));
        let (label, after) = marked.split_once(']').unwrap_or((marked, ""));
        pieces.push(Piece::Label(label.to_owned()));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

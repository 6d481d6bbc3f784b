//! The first page: one box, the commonest things seen, the mail app, the address.

use yew::prelude::*;

use super::address::Address;
use super::button::button;
use super::case::{Case, CaseProps, Shown};
use super::choose_app::choose_app;
use super::network::entrance;
use super::safety::safety;
use super::starters::starters;
use super::tell::Tell;
use super::webmail::webmail;
use crate::session::Event;

/// The first page.
#[component]
pub fn Home(props: &CaseProps) -> Html {
    let case = &props.case;
    let address = use_node_ref();
    html! {
        <div class="home">
            <h1 id="home-heading" tabindex="-1">{ case.ui("home.title") }</h1>
            <p class="lead">{ case.ui("home.lead") }</p>
            { undone(case) }
            <Tell case={case.clone()} address={address.clone()} />
            <section aria-labelledby="starters-heading">
                <h2 id="starters-heading">{ case.ui("home.starters") }</h2>
                { starters(case) }
                { button("link", "begin", case.ui("home.no-message"), case.open(Shown::Begun)) }
            </section>
            <section aria-labelledby="about-heading" class="card">
                <h2 id="about-heading">{ case.ui("home.about") }</h2>
                { choose_app(case) }
                <Address case={case.clone()} field={address} />
            </section>
            { entrance(case) }
            { webmail(case) }
            { safety(case) }
        </div>
    }
}

/// A case that was closed by mistake can be opened again.
fn undone(case: &Case) -> Html {
    let before = case.session.apply(&case.kb, Event::Undo).state;
    if before.text.is_empty() && before.entries.is_empty() {
        return Html::default();
    }
    html! {
        <p class="notice calm">
            { case.ui("home.undone") }{ " " }
            { button("link", "undo", case.ui("nav.undo"), case.send(Event::Undo)) }
        </p>
    }
}

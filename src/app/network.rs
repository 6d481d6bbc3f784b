//! "Is it them, or is it me?": the check as a page of its own.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::button::button;
use super::case::{Case, CaseProps, Shown};
use super::checkup::{Note, Offer, Run};
use super::finding::finding;
use super::looks::{from, looks};
use super::own_computer::own_computer;
use super::past_strip::pasts;
use super::report_exchange::ReportExchange;
use super::time::spoken;
use crate::network::{Finding, Verdict};

/// The page.
#[component]
pub fn Network(props: &CaseProps) -> Html {
    let case = &props.case;
    let told = case.has_case();
    let running = case.checkup.running().is_some();
    let away = case.net(if told { "page.on" } else { "page.home" });
    let leave = button("secondary", "leave-network", away, case.open(Shown::Next));
    let leave = html! { <div class="bar">{ leave }</div> };
    html! {
        <div class="home network" data-test="network">
            <h1 id="network-heading" tabindex="-1">{ case.net("page.title") }</h1>
            <p class="lead">{ case.net("page.lead") }</p>
            <section class="card" aria-labelledby="ask-heading">
                <h2 id="ask-heading" class="away">{ case.net("page.from") }</h2>
                { provider(case) }
                { start(case) }
                { from(case) }
            </section>
            { result(case) }
            if !running { { leave.clone() } }
            { looks(case) }
            if running { { leave } }
            { pasts(case) }
            { own_computer(case) }
            <ReportExchange case={case.clone()} />
        </div>
    }
}

/// What came of it: of the check under way once it takes long, else of all that is known.
pub fn result(case: &Case) -> Html {
    let current = case.checkup.running().filter(|it| it.late);
    if let Some(run) = current {
        return html! {
            <>
                <div class="notice calm" data-test="late">
                    <p><strong>{ case.net("page.so-far") }</strong></p>
                    <p>{ case.net("page.so-far-text") }</p>
                    { button("secondary", "enough", case.net("page.use"), case.noting(|| Note::Enough)) }
                </div>
                { known(case, &run.finding()) }
            </>
        };
    }
    if case.checkup.running().is_some() {
        return Html::default();
    }
    match (&case.view.finding, &case.checkup.run) {
        (Some(known), run) => {
            html! { <>{ older(case, run.as_ref()) }{ finding(case, known, false) }</> }
        }
        (None, Some(run)) => finding(case, &run.finding(), false),
        (None, None) => Html::default(),
    }
}

/// A check in which nobody could look leaves what an earlier one found; that is said.
fn older(case: &Case, run: Option<&Run>) -> Html {
    let in_vain = run.is_some_and(|it| it.reports().is_empty());
    let newest = case.state().reports.iter().map(|it| it.finished).max();
    let Some(newest) = newest.filter(|_| in_vain) else { return Html::default() };
    let said = case.net_fill("page.in-vain", &[("when", &spoken(newest))]);
    html! { <p class="notice" data-test="in-vain">{ said }</p> }
}

/// The check can begin, or is under way.
fn start(case: &Case) -> Html {
    let again = case.checkup.run.is_some();
    if case.checkup.probes.is_empty() {
        return Html::default();
    }
    begin(case, case.net(if again { "page.again" } else { "page.start" }))
}

/// A verdict before the end, if there is one already.
fn known(case: &Case, found: &Finding) -> Html {
    if found.verdict == Verdict::CouldNotTest {
        return Html::default();
    }
    finding(case, found, true)
}

/// The button that begins a check. While one is under way it does nothing and keeps the focus.
pub fn begin(case: &Case, label: AttrValue) -> Html {
    let provider = chosen(case);
    let running = case.checkup.running().is_some();
    let disabled = provider.is_empty() || case.checkup.probes.is_empty();
    let hint = if provider.is_empty() { "page.choose-first" } else { "page.running-hint" };
    let start = case.begin.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if !running {
            start.emit(provider.clone());
        }
    });
    let label = if running { case.net("page.running") } else { label };
    html! {
        <>
            <button type="button" class="primary" data-test="check" {disabled}
                aria-disabled={running.to_string()} {onclick}>
                { label }
            </button>
            <p class="hint">{ case.net(hint) }</p>
        </>
    }
}

/// What can be looked at: what the local program says, else all that the knowledge has.
fn offers(case: &Case) -> Vec<Offer> {
    if !case.checkup.offers.is_empty() {
        return case.checkup.offers.clone();
    }
    let offer =
        |it: &crate::knowledge::Provider| Offer { id: it.key.clone(), domains: it.domains.clone() };
    case.kb.providers.iter().map(offer).collect()
}

fn of_address(case: &Case) -> Option<String> {
    case.view.provider.map(|id| case.kb.provider(id).key.clone())
}

/// Whether the provider of the user's address can be looked at; else one has to be chosen.
pub fn offered(case: &Case) -> bool {
    of_address(case).is_some_and(|id| offers(case).iter().any(|it| it.id == id))
}

/// The provider that is looked at: the one that was chosen, else the one of the address, else the
/// one that was looked at before.
pub fn chosen(case: &Case) -> String {
    let of_address = of_address(case);
    let offers = offers(case);
    let offered = |id: &String| offers.iter().any(|it| it.id == *id);
    let chosen = Some(case.checkup.provider.clone()).filter(|it| !it.is_empty());
    let looked_at = case.state().reports.first().map(|it| it.provider.clone());
    chosen.or(of_address).or(looked_at).filter(offered).unwrap_or_default()
}

/// The list of what can be looked at.
pub fn provider(case: &Case) -> Html {
    let chosen = chosen(case);
    let options = offers(case).into_iter().map(|it| {
        let selected = it.id == chosen;
        html! { <option value={it.id.clone()} {selected}>{ label(case, &it) }</option> }
    });
    let note = case.note.clone();
    let onchange = Callback::from(move |event: web_sys::Event| {
        if let Some(list) = event.target_dyn_into::<HtmlSelectElement>() {
            note.emit(Note::Choose(list.value()));
        }
    });
    html! {
        <div class="field">
            <label for="provider">{ case.net("page.provider") }</label>
            <p class="hint" id="provider-hint">{ case.net("page.provider-hint") }</p>
            <select id="provider" data-test="provider" aria-describedby="provider-hint" {onchange}
                disabled={case.checkup.running().is_some()}>
                <option value="" selected={chosen.is_empty()}>{ case.net("page.provider-none") }</option>
                { for options }
            </select>
        </div>
    }
}

/// The domains by which people know it; not all of them.
fn label(case: &Case, offer: &Offer) -> AttrValue {
    let plain: Vec<&str> =
        offer.domains.iter().map(String::as_str).filter(|it| !it.starts_with('*')).collect();
    let first: Vec<&str> = plain.iter().take(3).copied().collect();
    let domains = first.join(", ");
    if plain.len() > first.len() {
        case.net_fill("page.provider-more", &[("domains", &domains)])
    } else {
        domains.into()
    }
}

/// The way to this page from home.
pub fn entrance(case: &Case) -> Html {
    html! {
        <section class="card" aria-labelledby="entrance-heading">
            <h2 id="entrance-heading">{ case.net("page.open") }</h2>
            <p>{ case.net("page.open-text") }</p>
            { button("secondary", "open-network", case.net("page.enter"), case.open(Shown::Network)) }
        </section>
    }
}

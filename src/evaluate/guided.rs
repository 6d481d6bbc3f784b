//! A simulated user, led by the engine.

use std::collections::BTreeMap;

use crate::engine::{Step, posterior};
use crate::evaluate::case::Case;
use crate::evaluate::reading::label;
use crate::knowledge::{ActionId, AnswerId, FaultId, Kind, Knowledge, ObservationId};
use crate::session::{Attempt, Event, Next, Reply, Session};

/// Steps after which a case counts as not solved.
const PATIENCE: usize = 40;
/// An action repairs a fault when the knowledge gives it at least this chance.
const REPAIRS: f64 = 0.5;

/// What the engine makes of a case's text alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// What was read, as `observation=answer`, signs by their name.
    pub evidence: Vec<String>,
    /// Named faults, likeliest first; the leak is not a diagnosis and is left out.
    pub ranking: Vec<FaultId>,
    /// A signature was recognised in the error text.
    pub recognised: bool,
}

/// How a session ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// It was solved before contacting support.
    pub solved: bool,
    /// Repairs tried, the one that worked included.
    pub repairs: usize,
    /// Questions asked; the settings check counts as one.
    pub questions: usize,
    /// The user's seconds by the knowledge's costs, contact with support included.
    pub seconds: f64,
    /// Ids of all steps, for reading.
    pub path: Vec<String>,
}

/// The session after a case's text, app and provider are known.
pub(super) fn begin(kb: &Knowledge, case: &Case) -> Session {
    let session = Session::default()
        .apply(kb, Event::App(kb.app_by_key(&case.client), String::new()))
        .apply(kb, Event::Describe(case.text()));
    if session.state.domain.is_empty() {
        session.apply(kb, Event::Domain(domain(kb, &case.provider)))
    } else {
        session
    }
}

/// A domain of the family that a case names; one of nobody's for other providers.
fn domain(kb: &Knowledge, provider: &str) -> String {
    let family = kb.providers.iter().find(|it| it.case_names.iter().any(|name| name == provider));
    let elsewhere =
        || if provider.starts_with("other") { "example.org".to_owned() } else { String::new() };
    family.and_then(|it| it.domains.first()).cloned().unwrap_or_else(elsewhere)
}

/// Ranks the faults from the intake alone.
#[must_use]
pub fn intake(kb: &Knowledge, case: &Case) -> Intake {
    ranked(kb, case, &begin(kb, case))
}

/// Ranks the faults from the intake and every fact that the case states: what reading the text
/// perfectly would come to.
#[must_use]
pub fn intake_with_facts(kb: &Knowledge, case: &Case) -> Intake {
    let stated = kb.observation_ids().filter_map(|id| Some((id, fact(kb, case, id)?)));
    let told = stated.fold(begin(kb, case), |session, (id, answer)| {
        session.apply(kb, Event::Answer(id, Reply::Is(answer)))
    });
    let settings = settings(kb, case, &kb.observation_ids().collect::<Vec<_>>());
    ranked(kb, case, &told.apply(kb, Event::Settings(settings)))
}

fn ranked(kb: &Knowledge, case: &Case, session: &Session) -> Intake {
    let evidence = session.evidence(kb);
    let ranked = posterior(kb, &evidence).ranked();
    let error = crate::intake::read(kb, &case.error_text);
    Intake {
        evidence: evidence
            .seen
            .iter()
            .map(|it| label(kb.observation(it.observation), it.answer.0))
            .collect(),
        ranking: ranked.into_iter().map(|it| it.0).filter(|id| *id != kb.unknown()).collect(),
        recognised: !error.found.is_empty(),
    }
}

/// Leads a simulated user to the end.
#[must_use]
pub fn guide(kb: &Knowledge, case: &Case) -> Outcome {
    let mut session = begin(kb, case);
    let mut outcome = Outcome::default();
    for _ in 0..PATIENCE {
        let Next::Step(step) = session.view(kb).next else { break };
        let Some(event) = take(kb, case, &step, &mut outcome) else { break };
        session = session.apply(kb, event);
    }
    outcome
}

/// Takes one step; none after contacting support.
fn take(kb: &Knowledge, case: &Case, step: &Step, outcome: &mut Outcome) -> Option<Event> {
    match step {
        Step::Ask(id) => {
            outcome.questions += 1;
            outcome.seconds += kb.observation(*id).seconds;
            outcome.path.push(kb.observation(*id).key.clone());
            Some(Event::Answer(*id, reply(kb, case, *id)))
        }
        // cases were not measured, so a check "could not test" (shared/cases/README.md)
        Step::Check(id) => {
            outcome.seconds += kb.observation(*id).seconds;
            outcome.path.push(kb.observation(*id).key.clone());
            Some(Event::Answer(*id, Reply::NotSure))
        }
        Step::CheckSettings(ids) => {
            outcome.questions += 1;
            outcome.seconds += kb.constants.settings_check_seconds;
            outcome.seconds += ids.iter().map(|id| kb.observation(*id).seconds).sum::<f64>();
            outcome.path.push("settings-check".to_owned());
            Some(Event::Settings(settings(kb, case, ids)))
        }
        Step::Repair(id) => Some(Event::Done(*id, repair(kb, case, *id, outcome))),
        // the simulated user carries everything out properly, so once more is once more in vain
        Step::Redo(id) => {
            repair(kb, case, *id, outcome);
            Some(Event::Done(*id, Attempt::FailsAgain))
        }
        Step::ContactSupport => {
            outcome.seconds += kb.constants.support_seconds;
            outcome.path.push("contact-support".to_owned());
            None
        }
    }
}

fn repair(kb: &Knowledge, case: &Case, id: ActionId, outcome: &mut Outcome) -> Attempt {
    let action = kb.action(id);
    outcome.repairs += 1;
    outcome.seconds += action.seconds;
    outcome.path.push(action.key.clone());
    let works =
        |(fault, chance): &(FaultId, f64)| *chance >= REPAIRS && case.has(&kb.fault(*fault).key);
    outcome.solved = action.repairs.iter().any(works);
    if outcome.solved { Attempt::Sends } else { Attempt::StillFails }
}

/// The case's answer to a question, or "not sure".
fn reply(kb: &Knowledge, case: &Case, id: ObservationId) -> Reply {
    fact(kb, case, id).map_or(Reply::NotSure, Reply::Is)
}

pub(super) fn fact(kb: &Knowledge, case: &Case, id: ObservationId) -> Option<AnswerId> {
    let observation = kb.observation(id);
    observation.answer(&case.fact(observation.case_key.as_deref()?)?)
}

/// The settings that the case states; the others are left out.
pub(super) fn settings(
    kb: &Knowledge,
    case: &Case,
    ids: &[ObservationId],
) -> BTreeMap<crate::knowledge::Field, String> {
    let read = |id: &ObservationId| {
        let observation = kb.observation(*id);
        match observation.kind {
            Kind::Setting(field) => Some((field, case.fact(observation.case_key.as_deref()?)?)),
            _ => None,
        }
    };
    ids.iter().filter_map(read).collect()
}

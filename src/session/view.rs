//! Everything a surface shows, derived from knowledge and state: plain data, no wording.

use crate::engine::{
    Advice, Check, Decided, Effort, Evidence, Reason, Seen, Step, Usable, decides, next_step,
    posterior, reasons,
};
use crate::intake::{self, Found};
use crate::knowledge::{
    ActionId, AppId, FaultId, Kind, Knowledge, ObservationId, ProviderId, SignatureId, TermId,
};
use crate::network;
use crate::session::road::{Stop, road};
use crate::session::settings::{Judged, judge, provider_of};
use crate::session::state::{Attempt, Entry, Origin, Reply, Session, State, Vantages};

/// Faults below this are not shown.
const SHOWN: f64 = 0.04;
/// Faults below this that evidence pushed down count as ruled out.
const RULED_OUT: f64 = 0.01;
/// Most faults shown.
const MOST: usize = 4;

/// How likely, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// From 60 %.
    VeryLikely,
    /// From 25 %.
    Likely,
    /// Below.
    Possible,
}

impl Confidence {
    /// The word for a probability.
    #[must_use]
    pub fn of(p: f64) -> Confidence {
        match p {
            p if p >= 0.6 => Confidence::VeryLikely,
            p if p >= 0.25 => Confidence::Likely,
            _ => Confidence::Possible,
        }
    }
}

/// A fault in the ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Which fault.
    pub fault: FaultId,
    /// Its posterior.
    pub probability: f64,
    /// The same in words.
    pub confidence: Confidence,
    /// What speaks for it (positive) and against it, strongest first.
    pub reasons: Vec<Reason>,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The action after which the mail went out; none if it did by itself.
    pub solved_by: Option<ActionId>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Take this step.
    Step(Step),
    /// The mail goes out.
    Solved(Ending),
}

/// Everything a surface shows.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The mail app in force: the chosen one, or the last in the knowledge, "another app".
    pub app: AppId,
    /// The provider family, if the address domain tells.
    pub provider: Option<ProviderId>,
    /// Codes and messages recognised in the text that have a sentence of their own.
    pub recognised: Vec<SignatureId>,
    /// The user's own words in the text that tell something.
    pub terms: Vec<TermId>,
    /// The road.
    pub road: Vec<Stop>,
    /// The likeliest faults.
    pub ranking: Vec<Ranked>,
    /// Faults that the evidence makes very unlikely.
    pub ruled_out: Vec<FaultId>,
    /// Settings that were read, judged.
    pub settings: Vec<Judged>,
    /// What probes found, once they looked.
    pub finding: Option<network::Finding>,
    /// Settings that can still be read, for the settings check.
    pub unread: Vec<ObservationId>,
    /// What to do next.
    pub next: Next,
    /// What the next step would decide.
    pub decides: Vec<Decided>,
    /// The advice behind it: posterior, expected cost, alternatives, warnings.
    pub advice: Advice,
    /// What was told and done, oldest first.
    pub history: Vec<Entry>,
    /// Things paused and not yet put back.
    pub put_back: Vec<ActionId>,
    /// There is something to undo.
    pub can_undo: bool,
}

impl Session {
    /// The evidence of the state: answers, judged settings, repairs that failed.
    #[must_use]
    pub fn evidence(&self, kb: &Knowledge) -> Evidence {
        evidence(kb, &self.state, intake::read(kb, &self.state.text).terms)
    }

    /// What a surface shows now.
    #[must_use]
    pub fn view(&self, kb: &Knowledge) -> View {
        self.view_with(kb, Effort::Full)
    }

    /// The same on a device that cannot afford a full decision.
    #[must_use]
    pub fn view_with(&self, kb: &Knowledge, effort: Effort) -> View {
        let state = &self.state;
        let reading = intake::read(kb, &state.text);
        let evidence = evidence(kb, state, reading.terms);
        let app = app_of(kb, state);
        let advice = next_step(kb, &evidence, &usable(kb, self, &evidence, app), effort);
        let next = next(state, &advice);
        let any = !evidence.seen.is_empty() || !evidence.failed.is_empty();
        View {
            app,
            provider: provider_of(kb, &state.domain),
            recognised: recognised(kb, &reading.found),
            road: road(kb, &advice.posterior, any),
            ranking: ranking(kb, &evidence, &advice),
            ruled_out: ruled_out(kb, &evidence, &advice),
            settings: judged(kb, state),
            finding: finding(state),
            unread: unread(kb, state, &evidence),
            decides: decided(kb, state, &evidence, &next),
            next,
            history: state.entries.clone(),
            put_back: put_back(kb, state),
            can_undo: self.can_undo(),
            terms: evidence.terms,
            advice,
        }
    }
}

fn app_of(kb: &Knowledge, state: &State) -> AppId {
    let other = AppId(u16::try_from(kb.apps.len().saturating_sub(1)).unwrap_or(0));
    state.app.filter(|id| usize::from(id.0) < kb.apps.len()).unwrap_or(other)
}

fn judged(kb: &Knowledge, state: &State) -> Vec<Judged> {
    judge(kb, provider_of(kb, &state.domain), &state.settings())
}

fn evidence(kb: &Knowledge, state: &State, terms: Vec<TermId>) -> Evidence {
    let mut evidence = Evidence { terms, ..Evidence::default() };
    for (observation, answer) in judged(kb, state).into_iter().filter_map(|it| it.evidence) {
        let told = !state.settings_checked();
        evidence.seen.push(Seen { observation, answer, told });
    }
    for entry in &state.entries {
        match entry {
            Entry::Answer(observation, Reply::Is(answer), origin)
                if evidence.answer(*observation).is_none() =>
            {
                let told = *origin == Origin::Text;
                evidence.seen.push(Seen { observation: *observation, answer: *answer, told });
            }
            Entry::Attempt(id, Attempt::StillFails) => evidence.failed.push(*id),
            Entry::Attempt(id, Attempt::FailsAgain) => evidence.failed.extend([*id, *id]),
            _ => {}
        }
    }
    if !evidence.seen.is_empty() || !evidence.failed.is_empty() {
        evidence.seen.extend(context(kb, state));
    }
    evidence
}

/// What app and address tell by themselves. Nothing is inferred before the user has said anything.
fn context(kb: &Knowledge, state: &State) -> Vec<Seen> {
    let kind = kb.app(app_of(kb, state)).kind.as_str();
    let at = match (state.domain.as_str(), provider_of(kb, &state.domain)) {
        ("", _) => "",
        (_, Some(_)) => "spectrum",
        (_, None) => "elsewhere",
    };
    let seen = [("app-kind", kind), ("mailbox-at", at)].into_iter().filter_map(|(key, answer)| {
        let observation = kb.observation_by_key(key)?;
        let answer = kb.observation(observation).answer(answer)?;
        Some(Seen { observation, answer, told: false })
    });
    seen.collect()
}

fn finding(state: &State) -> Option<network::Finding> {
    (!state.reports.is_empty()).then(|| network::verdict(&state.reports))
}

fn usable(kb: &Knowledge, session: &Session, evidence: &Evidence, app: AppId) -> Usable {
    let state = &session.state;
    let open = |id: &ObservationId| {
        let observation = kb.observation(*id);
        observation.kind == Kind::Question
            && state.reply(*id).is_none()
            && (observation.apps.is_empty() || observation.apps.contains(&app))
    };
    let has_procedure = |id: &ActionId| {
        kb.app(app).procedures.iter().any(|procedure| procedure.task == kb.action(*id).key)
    };
    let actions = |wanted: &dyn Fn(Option<Attempt>) -> bool| {
        kb.action_ids().filter(has_procedure).filter(|id| wanted(state.attempt(*id))).collect()
    };
    Usable {
        questions: kb.observation_ids().filter(open).collect(),
        settings: if state.settings_checked() { Vec::new() } else { unread(kb, state, evidence) },
        check: check(kb, session),
        actions: actions(&|it| it.is_none()),
        again: actions(&|it| it == Some(Attempt::StillFails)),
    }
}

/// The network check, if a probe can look at the provider and did not yet.
fn check(kb: &Knowledge, session: &Session) -> Option<Check> {
    let observation = kb.observation_by_key(network::evidence::OBSERVATION)?;
    provider_of(kb, &session.state.domain)?;
    let open = session.state.reply(observation).is_none();
    let from_here = session.vantages == Vantages::Local;
    (open && session.vantages != Vantages::None).then_some(Check { observation, from_here })
}

/// Settings without evidence. The host tells nothing while the provider is not known.
fn unread(kb: &Knowledge, state: &State, evidence: &Evidence) -> Vec<ObservationId> {
    let known = provider_of(kb, &state.domain).is_some();
    kb.observation_ids()
        .filter(|id| match kb.observation(*id).kind {
            Kind::Setting(crate::knowledge::Field::Host) => known && evidence.answer(*id).is_none(),
            Kind::Setting(_) => evidence.answer(*id).is_none(),
            _ => false,
        })
        .collect()
}

fn recognised(kb: &Knowledge, found: &[Found]) -> Vec<SignatureId> {
    let explained = |id: &SignatureId| kb.signature(*id).explained;
    let mut all: Vec<SignatureId> = found.iter().map(|it| it.signature).filter(explained).collect();
    all.dedup();
    all
}

fn ranking(kb: &Knowledge, evidence: &Evidence, advice: &Advice) -> Vec<Ranked> {
    let shown =
        advice.posterior.ranked().into_iter().filter(|(id, p)| *p >= SHOWN && *id != kb.unknown());
    shown
        .take(MOST)
        .map(|(fault, probability)| Ranked {
            fault,
            probability,
            confidence: Confidence::of(probability),
            reasons: reasons(kb, evidence, fault),
        })
        .collect()
}

/// Faults that evidence made much less likely than they were at first.
fn ruled_out(kb: &Knowledge, evidence: &Evidence, advice: &Advice) -> Vec<FaultId> {
    if evidence.seen.is_empty() && evidence.failed.is_empty() {
        return Vec::new();
    }
    let before = posterior(kb, &Evidence::default());
    kb.fault_ids()
        .filter(|id| *id != kb.unknown())
        .filter(|id| advice.posterior.of(*id) < RULED_OUT)
        .filter(|id| advice.posterior.of(*id) * 5.0 < before.of(*id))
        .collect()
}

/// What the next step would decide. Once it is answered, something was told, so the context counts.
fn decided(kb: &Knowledge, state: &State, evidence: &Evidence, next: &Next) -> Vec<Decided> {
    let Next::Step(step) = next else { return Vec::new() };
    let mut then = evidence.clone();
    if then.seen.is_empty() && then.failed.is_empty() {
        then.seen.extend(context(kb, state));
    }
    decides(kb, &then, step)
}

fn next(state: &State, advice: &Advice) -> Next {
    let solved = state.entries.iter().find_map(|entry| match entry {
        Entry::Attempt(action, Attempt::Sends) => Some(Some(*action)),
        Entry::Sends => Some(None),
        _ => None,
    });
    solved.map_or_else(
        || Next::Step(advice.step.clone()),
        |solved_by| Next::Solved(Ending { solved_by }),
    )
}

/// Everything that was paused, whether or not it helped, until it is ticked off.
fn put_back(kb: &Knowledge, state: &State) -> Vec<ActionId> {
    let paused = state.entries.iter().filter_map(|entry| match entry {
        Entry::Attempt(id, Attempt::Sends | Attempt::StillFails | Attempt::FailsAgain) => Some(*id),
        _ => None,
    });
    paused.filter(|id| kb.action(*id).put_back && !state.put_back.contains(id)).collect()
}

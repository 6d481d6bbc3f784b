//! Turns linted files into the model: ids become indices, weights become probabilities.

use std::collections::BTreeMap;

use super::files::{Files, Parsed};
use super::model::{
    Action, AnswerId, App, AppId, Candidate, Condition, Constants, Fault, FaultId, Kind, Knowledge,
    Observation, ObservationId, Party, Procedure, Provider, Signature, Stage,
};
use super::source::{self, File};
use super::{pattern, words::Words};

/// The id of the leak: the fault that the knowledge does not name.
pub const UNKNOWN: &str = "unknown";

/// Compiles files that the linter has passed.
///
/// Entries that do not resolve are left out; `lint` refuses such files beforehand.
#[must_use]
pub fn compile(files: &Files) -> Knowledge {
    let index = Index::of(files);
    let constants = constants(files);
    let faults = faults(files);
    Knowledge {
        version: version(files),
        observations: each(files, |file| &file.observation)
            .map(|(_, observation)| index.observation(observation, &faults, constants.floor))
            .collect(),
        actions: each(files, |file| &file.action).map(|(_, it)| index.action(it)).collect(),
        signatures: each(files, |file| &file.signature)
            .map(|(_, it)| index.signature(it))
            .collect(),
        apps: apps(files),
        providers: each(files, |file| &file.provider).map(|(_, it)| provider(it)).collect(),
        constants,
        faults,
    }
}

/// Flattens the wording of one language to dotted keys.
#[must_use]
pub fn wording(files: &[Parsed<toml::Table>]) -> Words {
    let mut entries = Vec::new();
    for file in files {
        for (key, value) in &file.content {
            flatten(key, value, &mut entries);
        }
    }
    entries.into_iter().collect()
}

fn flatten(key: &str, value: &toml::Value, entries: &mut Vec<(String, Vec<String>)>) {
    match value {
        toml::Value::Table(table) => {
            for (name, inner) in table {
                flatten(&format!("{key}.{name}"), inner, entries);
            }
        }
        toml::Value::Array(items) => {
            let texts = items.iter().filter_map(|item| item.as_str().map(str::to_owned));
            entries.push((key.to_owned(), texts.collect()));
        }
        other => entries.push((key.to_owned(), vec![other.as_str().unwrap_or("").to_owned()])),
    }
    // The steps of a task are the task: `task.a.b.steps` is known as `task.a.b`.
    if let Some((last, _)) = entries.last_mut()
        && last.starts_with("task.")
        && let Some(short) = last.strip_suffix(".steps")
    {
        *last = short.to_owned();
    }
}

/// Every entry of one kind with the file it stands in, in file order.
pub fn each<T>(
    files: &Files,
    section: impl Fn(&File) -> &Vec<T>,
) -> impl Iterator<Item = (&Parsed<File>, &T)>
where
    T: 'static,
{
    files
        .files
        .iter()
        .flat_map(move |file| section(&file.content).iter().map(move |entry| (file, entry)))
}

/// The stage whose file this is.
#[must_use]
pub fn stage_of(name: &str) -> Option<Stage> {
    let stem = name.strip_suffix(".toml")?;
    Stage::ROAD.into_iter().find(|stage| stage.key() == stem)
}

fn version(files: &Files) -> String {
    // FNV-1a over all texts: enough to tell two contents apart, and no dependency.
    let texts = files.files.iter().flat_map(|file| file.text.bytes());
    let hash = texts.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn constants(files: &Files) -> Constants {
    let model = files.files.iter().find_map(|file| file.content.model.as_ref());
    model.map_or(
        Constants { support_seconds: 1.0, floor: 0.01, unsure: 0.1, settings_check_seconds: 1.0 },
        |model| Constants {
            support_seconds: model.support_seconds,
            floor: model.floor,
            unsure: model.unsure,
            settings_check_seconds: model.settings_check_seconds,
        },
    )
}

fn faults(files: &Files) -> Vec<Fault> {
    let model = files.files.iter().find_map(|file| file.content.model.as_ref());
    let leak = model.map_or(0.05, |model| model.unknown_prior);
    let total: f64 = each(files, |file| &file.fault).map(|(_, fault)| *fault.prior.get_ref()).sum();
    let mut faults: Vec<Fault> = each(files, |file| &file.fault)
        .map(|(file, fault)| Fault {
            key: fault.id.get_ref().clone(),
            stage: stage_of(&file.name).unwrap_or(Stage::Device),
            party: fault.party,
            prior: (1.0 - leak) * fault.prior.get_ref() / total,
            source: fault.source.clone(),
        })
        .collect();
    faults.push(Fault {
        key: UNKNOWN.to_owned(),
        stage: Stage::Delivery,
        party: Party::Provider,
        prior: leak,
        source: model.map(|model| model.source.clone()).unwrap_or_default(),
    });
    faults
}

fn apps(files: &Files) -> Vec<App> {
    each(files, |file| &file.app)
        .map(|(_, app)| App {
            key: app.id.get_ref().clone(),
            name: app.name.clone(),
            versions: app.versions.clone(),
            procedures: procedures(files, app.id.get_ref()),
            label_tls: app.label_tls.clone(),
            label_starttls: app.label_starttls.clone(),
        })
        .collect()
}

/// The app's own procedures, then the general ones for tasks it has none of.
fn procedures(files: &Files, app: &str) -> Vec<Procedure> {
    let mut found: Vec<Procedure> = Vec::new();
    for owner in [app, "any"] {
        for (_, procedure) in each(files, |file| &file.procedure) {
            let task = procedure.task.get_ref();
            if procedure.app.get_ref() == owner && found.iter().all(|it| it.task != *task) {
                found.push(Procedure {
                    task: task.clone(),
                    steps: procedure.steps.iter().map(|step| step.get_ref().clone()).collect(),
                    source: procedure.source.clone(),
                });
            }
        }
    }
    found
}

fn provider(provider: &source::Provider) -> Provider {
    Provider {
        key: provider.id.get_ref().clone(),
        case_names: provider.case_names.clone(),
        domains: provider.domains.iter().map(|domain| domain.get_ref().clone()).collect(),
        candidates: provider.candidate.iter().map(candidate).collect(),
        retired_hosts: provider.retired_hosts.clone(),
    }
}

fn candidate(candidate: &source::Candidate) -> Candidate {
    Candidate {
        host: candidate.host.clone(),
        port: candidate.port,
        security: candidate.security,
        source: candidate.source.clone(),
        as_of: candidate.as_of,
        contradicted_by: candidate.contradicted_by.clone(),
    }
}

/// Positions of ids, for turning references into indices.
struct Index {
    faults: BTreeMap<String, FaultId>,
    observations: BTreeMap<String, (ObservationId, Vec<String>)>,
    apps: BTreeMap<String, AppId>,
}

impl Index {
    fn of(files: &Files) -> Index {
        let faults = each(files, |file| &file.fault).map(|(_, it)| it.id.get_ref().clone());
        let apps = each(files, |file| &file.app).map(|(_, it)| it.id.get_ref().clone());
        let observations = each(files, |file| &file.observation).map(|(_, it)| it);
        Index {
            faults: (0..).map(FaultId).zip(faults).map(|(id, key)| (key, id)).collect(),
            apps: (0..).map(AppId).zip(apps).map(|(id, key)| (key, id)).collect(),
            observations: (0..)
                .map(ObservationId)
                .zip(observations)
                .map(|(id, it)| (it.id.get_ref().clone(), (id, answers(it))))
                .collect(),
        }
    }

    /// `observation=answer`, or a sign alone, which is then `seen`.
    fn condition(&self, text: &str) -> Option<Condition> {
        let (key, answer) = text.split_once('=').unwrap_or((text, "seen"));
        let (observation, answers) = self.observations.get(key.trim())?;
        let position = answers.iter().position(|known| known == answer.trim())?;
        let answer = AnswerId(u8::try_from(position).ok()?);
        Some(Condition { observation: *observation, answer })
    }

    fn conditions(&self, texts: &[toml::Spanned<String>]) -> Vec<Condition> {
        texts.iter().filter_map(|text| self.condition(text.get_ref())).collect()
    }

    fn observation(&self, it: &source::Observation, faults: &[Fault], floor: f64) -> Observation {
        let rows = faults.iter().map(|fault| row(it, &fault.key, floor)).collect::<Vec<_>>();
        let answers = answers(it);
        let mut likelihood: Vec<Vec<f64>> = (0..answers.len())
            .map(|answer| {
                rows.iter().map(|row| row.get(answer).copied().unwrap_or(floor)).collect()
            })
            .collect();
        if it.given.keys().all(|fault| fault.get_ref() != UNKNOWN) {
            likelihood.iter_mut().for_each(|answer| leak(answer, faults));
        }
        Observation {
            key: it.id.get_ref().clone(),
            kind: match (it.kind, it.field) {
                (source::Kind::Setting, Some(field)) => Kind::Setting(field),
                (source::Kind::Sign, _) => Kind::Sign,
                _ => Kind::Question,
            },
            answers,
            seconds: it.seconds,
            likelihood,
            apps: it.apps.iter().filter_map(|app| self.apps.get(app.get_ref()).copied()).collect(),
            case_key: it.case_key.clone(),
            source: it.source.clone(),
        }
    }

    fn action(&self, it: &source::Action) -> Action {
        let repairs = it.repairs.iter().filter_map(|(fault, chance)| {
            Some((*self.faults.get(fault.get_ref())?, *chance.get_ref()))
        });
        Action {
            key: it.id.get_ref().clone(),
            seconds: *it.seconds.get_ref(),
            risk_seconds: it.risk_seconds,
            risk: it.risk,
            repairs: repairs.collect(),
            unless: self.conditions(&it.unless),
            only_if: self.conditions(&it.only_if),
            put_back: it.put_back,
            fields: it.fields.clone(),
            source: it.source.clone(),
        }
    }

    fn signature(&self, it: &source::Signature) -> Signature {
        Signature {
            key: it.id.get_ref().clone(),
            shown: it.shown.clone(),
            patterns: it
                .text
                .iter()
                .filter_map(|text| pattern::parse(text.get_ref()).ok())
                .collect(),
            means: self.conditions(&it.means),
            explained: !it.shown.is_empty(),
            source: it.source.clone(),
        }
    }
}

/// The answers of an observation; a sign can only be seen.
#[must_use]
pub fn answers(it: &source::Observation) -> Vec<String> {
    if it.kind == source::Kind::Sign { vec!["seen".to_owned()] } else { it.answers.clone() }
}

/// P(answer | fault) of one fault, floored and rescaled so that it still sums to what it did.
fn row(it: &source::Observation, fault: &str, floor: f64) -> Vec<f64> {
    let given = it.given.iter().find(|(id, _)| id.get_ref() == fault);
    let row = given.map_or(it.default.get_ref(), |(_, row)| row.get_ref());
    let floored: Vec<f64> = row.iter().map(|p| p.max(floor)).collect();
    if it.kind == source::Kind::Sign {
        return floored;
    }
    let total: f64 = floored.iter().sum();
    floored.iter().map(|p| p / total).collect()
}

/// Unless a row says otherwise, the leak sees every answer at its base rate
/// (shared/decisions.md §2).
fn leak(likelihood: &mut [f64], faults: &[Fault]) {
    let Some((unknown, named)) = likelihood.split_last_mut() else { return };
    let mass: f64 = faults.iter().rev().skip(1).map(|fault| fault.prior).sum();
    let joint: f64 = named.iter().zip(faults).map(|(p, fault)| p * fault.prior).sum();
    *unknown = joint / mass;
}

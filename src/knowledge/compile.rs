//! Turns linted files into the model: ids become indices, weights become probabilities.

use std::collections::BTreeMap;

use super::files::{Files, Parsed};
use super::lexicon::Interner;
use super::model::{
    Action, AnswerId, App, AppId, Beacon, Candidate, Condition, Fault, FaultId, Kind, Knowledge,
    Observation, ObservationId, Party, Procedure, Provider, Signature, Stage,
};
use super::numbers::{Numbers, UNKNOWN};
use super::pattern::{Classes, parse, row};
use super::source::{self, File};
use super::terms::terms;
use super::token::words;
use super::words::Words;

/// Compiles files that the linter has passed.
///
/// Entries that do not resolve are left out; `lint` refuses such files beforehand.
#[must_use]
pub fn compile(files: &Files) -> Knowledge {
    let index = Index::of(files);
    let numbers = Numbers::of(files);
    let faults = faults(files, &numbers);
    let classes = classes(files);
    let mut interner = Interner::default();
    Knowledge {
        version: version(files),
        observations: each(files, |file| &file.observation)
            .map(|(_, observation)| index.observation(observation, &numbers, &faults))
            .collect(),
        actions: each(files, |file| &file.action).map(|(_, it)| index.action(it)).collect(),
        signatures: each(files, |file| &file.signature)
            .map(|(_, it)| index.signature(it, &classes, &mut interner))
            .collect(),
        lexicon: interner.lexicon(),
        terms: terms(files, &faults),
        apps: apps(files),
        providers: each(files, |file| &file.provider).map(|(_, it)| provider(it)).collect(),
        beacons: each(files, |file| &file.beacon).map(|(_, it)| beacon(it)).collect(),
        constants: numbers.constants(),
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

/// The named lists of words of all files; words that the same name has in two files add up.
#[must_use]
pub fn classes(files: &Files) -> Classes {
    let mut classes = Classes::new();
    for (name, list) in files.files.iter().flat_map(|file| &file.content.class) {
        let list = words(list).into_iter().map(|word| word.folded.into_owned());
        classes.entry(name.clone()).or_default().extend(list);
    }
    classes
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

fn faults(files: &Files, numbers: &Numbers) -> Vec<Fault> {
    let mut faults: Vec<Fault> = each(files, |file| &file.fault)
        .map(|(file, fault)| Fault {
            key: fault.id.get_ref().clone(),
            stage: stage_of(&file.name).unwrap_or(Stage::Device),
            party: fault.party,
            prior: *fault.prior.get_ref(),
        })
        .collect();
    numbers.scale(&mut faults);
    let prior = numbers.leak();
    faults.push(Fault {
        key: UNKNOWN.to_owned(),
        stage: Stage::Delivery,
        party: Party::Provider,
        prior,
    });
    faults
}

fn apps(files: &Files) -> Vec<App> {
    each(files, |file| &file.app)
        .map(|(_, app)| App {
            key: app.id.get_ref().clone(),
            name: app.name.clone(),
            kind: app.kind.clone(),
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

fn beacon(beacon: &source::Beacon) -> Beacon {
    Beacon { host: beacon.host.clone(), path: beacon.path.clone() }
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

    fn observation(
        &self,
        it: &source::Observation,
        numbers: &Numbers,
        faults: &[Fault],
    ) -> Observation {
        let likelihood = numbers.likelihood(it, faults);
        Observation {
            key: it.id.get_ref().clone(),
            kind: match (it.kind, it.field) {
                (source::Kind::Setting, Some(field)) => Kind::Setting(field),
                (source::Kind::Sign, _) => Kind::Sign,
                (source::Kind::Context, _) => Kind::Context,
                (source::Kind::Check, _) => Kind::Check,
                _ => Kind::Question,
            },
            answers: answers(it),
            seconds: it.seconds,
            told: numbers.told(it, &likelihood, faults),
            likelihood,
            apps: it.apps.iter().filter_map(|app| self.apps.get(app.get_ref()).copied()).collect(),
            outside: it.outside.iter().filter_map(|key| position(&it.answers, key)).collect(),
            case_key: it.case_key.clone(),
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
        }
    }

    fn signature(
        &self,
        it: &source::Signature,
        classes: &Classes,
        interner: &mut Interner,
    ) -> Signature {
        let written = it.text.iter().filter_map(|text| parse(text.get_ref(), classes).ok());
        let patterns = written.map(|it| interner.pattern(&it)).collect();
        let rows = it.unless.iter().filter_map(|it| row(it.get_ref(), it.get_ref(), classes).ok());
        Signature {
            key: it.id.get_ref().clone(),
            shown: it.shown.clone(),
            patterns,
            unless: rows.map(|it| interner.row(&it)).collect(),
            means: self.conditions(&it.means),
            explained: !it.shown.is_empty(),
            weak: it.weak,
        }
    }
}

fn position(answers: &[String], key: &toml::Spanned<String>) -> Option<AnswerId> {
    let at = answers.iter().position(|answer| answer == key.get_ref())?;
    u8::try_from(at).ok().map(AnswerId)
}

/// The answers of an observation; a sign can only be seen.
#[must_use]
pub fn answers(it: &source::Observation) -> Vec<String> {
    if it.kind == source::Kind::Sign { vec!["seen".to_owned()] } else { it.answers.clone() }
}

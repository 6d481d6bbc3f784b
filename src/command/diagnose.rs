//! `diagnose`: the same advice as the app, on the terminal.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::command::options::Options;
use crate::command::prose::{self, Diagnosis};
use crate::command::{Failure, say};
use crate::knowledge::{self, AppId, Knowledge};
use crate::session::{Event, Session};

const HELP: &str = "\
outbox-doctor diagnose --text TEXT [--app APP] [--version V] [--domain DOMAIN] [--json]

  outbox-doctor diagnose --app thunderbird --domain nc.rr.com --text 'sender rejected AUP#Out-1500'

TEXT is what the mail app said, or the story. Nothing leaves this computer.";

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let flags = ["text", "app", "version", "domain"];
    let options = Options::read(arguments, &flags, &["json", "help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    options.no_plain()?;
    let kb = knowledge::embedded();
    let session = session(&kb, &options)?;
    let diagnosis = Diagnosis::of(&kb, &knowledge::english(), &session);
    if options.has("json") {
        return Ok(say(&serde_json::to_string_pretty(&diagnosis)?));
    }
    Ok(say(&prose::text(&diagnosis)))
}

fn session(kb: &Knowledge, options: &Options) -> Result<Session, Failure> {
    let text = options
        .value("text")
        .ok_or_else(|| Failure::usage("say what the mail app says: --text '…'"))?;
    let (app, version) = app(kb, options)?;
    let session = Session::default()
        .apply(kb, Event::App(app, version))
        .apply(kb, Event::Domain(options.value("domain").unwrap_or("").to_owned()));
    if options.value("domain").is_some() && session.state.domain.is_empty() {
        return Err(Failure(
            "--domain wants an address or its domain, such as nc.rr.com".to_owned(),
        ));
    }
    Ok(session.apply(kb, Event::Describe(text.to_owned())))
}

fn app(kb: &Knowledge, options: &Options) -> Result<(Option<AppId>, String), Failure> {
    let version = options.value("version").unwrap_or("").to_owned();
    let Some(key) = options.value("app") else { return Ok((None, version)) };
    let Some(id) = kb.app_by_key(key) else {
        let known: Vec<&str> = kb.apps.iter().map(|app| app.key.as_str()).collect();
        return Err(Failure(format!("unknown app `{key}`; known are {}", known.join(", "))));
    };
    let versions = &kb.app(id).versions;
    if !version.is_empty() && !versions.contains(&version) {
        let known = if versions.is_empty() { "none".to_owned() } else { versions.join(", ") };
        return Err(Failure(format!("unknown version `{version}` of {key}; known are {known}")));
    }
    Ok((Some(id), version))
}

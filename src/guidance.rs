//! The exact steps of a task in the user's mail app: labels marked, values filled in. Pure.

use crate::knowledge::{AppId, Candidate, Knowledge, ProviderId, Security, Words};

/// A part of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Text(String),
    /// A label exactly as the app shows it.
    Label(String),
    /// A value to enter; worth a copy button.
    Value(String),
}

/// Whom the steps are for.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The knowledge.
    pub kb: &'a Knowledge,
    /// The language.
    pub words: &'a Words,
    /// The mail app.
    pub app: AppId,
    /// Its version key; empty for the wording that serves most versions.
    pub version: &'a str,
    /// The provider family, if known.
    pub provider: Option<ProviderId>,
    /// The address domain; empty if not known.
    pub domain: &'a str,
}

impl Reader<'_> {
    /// The steps of a task, in order; empty if the app has no procedure for it.
    #[must_use]
    pub fn steps(&self, task: &str) -> Vec<Vec<Piece>> {
        let app = self.kb.app(self.app);
        let procedure = app.procedures.iter().find(|it| it.task == task);
        let lists = procedure.iter().flat_map(|it| &it.steps);
        let texts = lists
            .flat_map(|step| self.words.list(&self.words.step_key(&app.key, step, self.version)));
        texts.map(|text| self.pieces(text)).collect()
    }

    /// Splits a text at `[labels]` and `{values}`.
    #[must_use]
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['[', '{']) {
            let (before, marked) = rest.split_at(open);
            let Some(close) = marked.find([']', '}']) else { break };
            let inner = marked.get(1..close).unwrap_or("");
            push_text(&mut pieces, before);
            pieces.push(if marked.starts_with('[') {
                Piece::Label(inner.to_owned())
            } else {
                self.value(inner)
            });
            rest = marked.get(close + 1..).unwrap_or("");
        }
        push_text(&mut pieces, rest);
        pieces
    }

    /// The value of a placeholder; where it depends on the domain and that is not known, words
    /// that say what to look for.
    fn value(&self, name: &str) -> Piece {
        let known = match name {
            "host" => self.candidate(0).map(|it| it.host.clone()),
            "port" => Some(self.candidate(0).map_or(587, |it| it.port).to_string()),
            "security" => Some(self.security(0, Security::Starttls)),
            "security-2" => Some(self.security(1, Security::Tls)),
            "port-tls" => Some("465".to_owned()),
            "domain" => Some(self.domain.to_owned()).filter(|it| !it.is_empty()),
            _ => None,
        };
        let unknown = || Piece::Text(self.words.text(&format!("value.{name}")).to_owned());
        known.map_or_else(unknown, Piece::Value)
    }

    fn candidate(&self, position: usize) -> Option<&Candidate> {
        self.kb.provider(self.provider?).candidates.get(position)
    }

    /// How this app names the encryption of a candidate.
    fn security(&self, position: usize, otherwise: Security) -> String {
        self.security_label(self.candidate(position).map_or(otherwise, |it| it.security))
    }

    /// How this app names an encryption mode.
    #[must_use]
    pub fn security_label(&self, security: Security) -> String {
        let app = self.kb.app(self.app);
        match security {
            Security::Tls => app.label_tls.clone(),
            Security::Starttls => app.label_starttls.clone(),
            Security::None => self.words.text("value.none").to_owned(),
        }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

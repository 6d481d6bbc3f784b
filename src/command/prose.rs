//! A diagnosis for the terminal and for programs: the view, put into words.

use serde::Serialize;

use crate::engine::{Item, Reason, Step, strongest};
use crate::guidance::{Piece, Reader};
use crate::intake;
use crate::knowledge::{FaultId, Knowledge, ObservationId, TermId, Words};
use crate::session::{Confidence, Next, Ranked, Session, View};

/// Everything `diagnose` says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosis {
    /// The mail app the steps are for.
    pub app: String,
    /// Address domain; empty if not known.
    pub domain: String,
    /// Part of the text was not read.
    pub truncated: bool,
    /// What was recognised in the text.
    pub recognised: Vec<Named>,
    /// The likeliest faults.
    pub faults: Vec<Likely>,
    /// Ids of faults that are very unlikely.
    pub ruled_out: Vec<String>,
    /// What to do next.
    pub next: Instruction,
}

/// Something with an id and a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// Id in the knowledge.
    pub id: String,
    /// As the app or server writes it.
    pub shown: String,
    /// What it means.
    pub means: String,
}

/// A likely fault.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Likely {
    /// Fault id.
    pub id: String,
    /// Posterior probability.
    pub probability: f64,
    /// The same in words.
    pub confidence: &'static str,
    /// What is wrong.
    pub title: String,
    /// What that means.
    pub explain: String,
    /// What speaks for it.
    pub because: Vec<String>,
}

/// The next step.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Instruction {
    /// `ask`, `check-settings`, `repair`, `contact-support` or `solved`.
    pub kind: &'static str,
    /// Id of the observation or action.
    pub id: String,
    /// The question or the title.
    pub title: String,
    /// How to find out, or why it helps.
    pub about: String,
    /// How to put it back.
    pub undo: String,
    /// Minutes it takes.
    pub minutes: u32,
    /// Answers of a question.
    pub answers: Vec<String>,
    /// What to do, in the words of the app.
    pub steps: Vec<String>,
}

impl Diagnosis {
    /// What the session says, in words.
    #[must_use]
    pub fn of(kb: &Knowledge, words: &Words, session: &Session) -> Diagnosis {
        let view = session.view(kb);
        let said = intake::read(kb, &session.state.text).terms;
        Diagnosis {
            app: kb.app(view.app).key.clone(),
            domain: session.state.domain.clone(),
            truncated: session.state.truncated,
            recognised: view
                .recognised
                .iter()
                .map(|id| kb.signature(*id))
                .map(|it| Named {
                    id: it.key.clone(),
                    shown: it.shown.clone(),
                    means: words.text(&format!("signature.{}.means", it.key)).to_owned(),
                })
                .collect(),
            faults: view.ranking.iter().map(|it| likely(kb, words, &said, it)).collect(),
            ruled_out: view.ruled_out.iter().map(|id| kb.fault(*id).key.clone()).collect(),
            next: instruction(kb, words, session, &view),
        }
    }
}

fn likely(kb: &Knowledge, words: &Words, said: &[TermId], ranked: &Ranked) -> Likely {
    let key = &kb.fault(ranked.fault).key;
    let speaking = ranked.reasons.iter().filter(|reason| reason.decibans >= 1.0);
    Likely {
        id: key.clone(),
        probability: ranked.probability,
        confidence: match ranked.confidence {
            Confidence::VeryLikely => "very likely",
            Confidence::Likely => "likely",
            Confidence::Possible => "possible",
        },
        title: words.text(&format!("fault.{key}.title")).to_owned(),
        explain: words.text(&format!("fault.{key}.explain")).to_owned(),
        because: speaking.map(|reason| because(kb, words, said, ranked.fault, reason)).collect(),
    }
}

fn because(
    kb: &Knowledge,
    words: &Words,
    said: &[TermId],
    fault: FaultId,
    reason: &Reason,
) -> String {
    match reason.item {
        Item::Terms => {
            let quoted = |word: &str| format!("“{word}”");
            let strongest: Vec<String> =
                strongest(kb, said, fault, 3).into_iter().map(quoted).collect();
            words.text("ui.reason.words").replace("{words}", &strongest.join(", "))
        }
        Item::Seen(id, answer) => {
            let observation = kb.observation(id);
            let key = &observation.key;
            let sign = words.text(&format!("observation.{key}.seen"));
            let answer = observation.answer_key(answer);
            let answered = words.text(&format!("observation.{key}.because.{answer}"));
            if sign.is_empty() { answered } else { sign }.to_owned()
        }
        Item::Failed(id) => words.text(&format!("action.{}.title", kb.action(id).key)).to_owned(),
    }
}

fn instruction(kb: &Knowledge, words: &Words, session: &Session, view: &View) -> Instruction {
    let reader = Reader {
        kb,
        words,
        app: view.app,
        version: &session.state.version,
        provider: view.provider,
        domain: &session.state.domain,
    };
    match &view.next {
        Next::Solved(_) => Instruction { kind: "solved", ..Instruction::default() },
        Next::Step(Step::ContactSupport) => {
            let title = words.text("ui.support.title").to_owned();
            Instruction { kind: "contact-support", title, ..Instruction::default() }
        }
        Next::Step(Step::CheckSettings(ids)) => Instruction {
            kind: "check-settings",
            title: words.text("ui.settings.title").to_owned(),
            answers: ids.iter().map(|id| kb.observation(*id).key.clone()).collect(),
            steps: plain(reader.steps("settings-check")),
            ..Instruction::default()
        },
        Next::Step(Step::Ask(id) | Step::Check(id)) => {
            question(kb, words, &kb.observation(*id).key, *id)
        }
        Next::Step(Step::Repair(id) | Step::Redo(id)) => {
            let action = kb.action(*id);
            let text = |part: &str| words.text(&format!("action.{}.{part}", action.key)).to_owned();
            Instruction {
                kind: "repair",
                id: action.key.clone(),
                title: text("title"),
                about: text("why"),
                undo: text("undo"),
                minutes: minutes(action.seconds),
                steps: plain(reader.steps(&action.key)),
                answers: Vec::new(),
            }
        }
    }
}

fn question(kb: &Knowledge, words: &Words, key: &str, id: ObservationId) -> Instruction {
    let observation = kb.observation(id);
    let text = |part: &str| words.text(&format!("observation.{key}.{part}")).to_owned();
    Instruction {
        kind: "ask",
        id: key.to_owned(),
        title: text("question"),
        about: text("how"),
        minutes: minutes(observation.seconds),
        answers: observation.answers.iter().map(|it| text(&format!("answer.{it}"))).collect(),
        ..Instruction::default()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes of a step")]
fn minutes(seconds: f64) -> u32 {
    (seconds / 60.0).ceil() as u32
}

fn plain(steps: Vec<Vec<Piece>>) -> Vec<String> {
    steps.into_iter().map(|pieces| pieces.into_iter().map(piece).collect()).collect()
}

fn piece(piece: Piece) -> String {
    match piece {
        Piece::Text(text) => text,
        Piece::Label(label) => format!("[{label}]"),
        Piece::Value(value) => format!("“{value}”"),
    }
}

/// The diagnosis as lines of text.
#[must_use]
pub fn text(diagnosis: &Diagnosis) -> String {
    let mut lines = Vec::new();
    for it in &diagnosis.recognised {
        lines.push(format!("{}: {}", it.shown, it.means));
    }
    for (position, it) in diagnosis.faults.iter().enumerate() {
        lines.push(String::new());
        lines.push(format!("{}. {} ({}, {})", position + 1, it.title, it.confidence, it.id));
        if position == 0 {
            lines.push(format!("   {}", it.explain));
        }
        lines.extend(it.because.iter().map(|why| format!("   - {why}")));
    }
    lines.push(String::new());
    lines.extend(next_lines(&diagnosis.next));
    lines.join("\n").trim_start().to_owned()
}

fn next_lines(next: &Instruction) -> Vec<String> {
    let time = match next.minutes {
        0 => String::new(),
        minutes => format!(" (about {minutes} min)"),
    };
    let mut lines = vec![format!("Next: {}{time}", next.title)];
    let said = [&next.about, &next.undo];
    lines.extend(said.iter().filter(|it| !it.is_empty()).map(|it| format!("  {it}")));
    let numbered = next.steps.iter().enumerate();
    lines.extend(numbered.map(|(at, step)| format!("  {}. {step}", at + 1)));
    lines.extend(next.answers.iter().map(|answer| format!("  ( ) {answer}")));
    lines
}

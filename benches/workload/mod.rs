//! The work that is measured, the same natively and in Wasm; the clock is the caller's.

mod large;
mod tenfold;

use std::hint::black_box;

use outbox_doctor::engine::{Effort, Usable, next_step, posterior};
use outbox_doctor::intake::{LIMIT, read};
use outbox_doctor::knowledge::{self, Kind, Knowledge};
use outbox_doctor::session::{Event, Next, Session};

const RUNS: usize = 60;
const AUP: &str = "The mail server responded: <user@nc.rr.com> sender rejected. The email address \
    you are sending as must match the email address you used to auth. AUP#Out-1500. I have two \
    accounts, webmail works, and it keeps asking for my password since the update. ";

/// What tells the time in milliseconds, and what takes a line of the report.
pub struct Meter {
    pub clock: fn() -> f64,
    pub say: fn(&str),
}

/// Median and 95th percentile in milliseconds.
#[derive(Clone, Copy)]
struct Time {
    median: f64,
    p95: f64,
}

impl Meter {
    /// Prints every table.
    pub fn run(&self) {
        let kb = knowledge::embedded();
        self.scaling(&kb);
        self.texts(&kb);
        self.sessions(&kb);
        self.large();
    }

    /// The full knowledge against one ten times as large.
    fn scaling(&self, kb: &Knowledge) {
        let tenfold = tenfold::tenfold(kb);
        for (name, kb) in [("full", kb), ("ten times larger", &tenfold)] {
            self.line(&format!(
                "{name}: {} faults, {} observations, {} actions, {} signatures",
                kb.faults.len(),
                kb.observations.len(),
                kb.actions.len(),
                kb.signatures.len()
            ));
        }
        self.line("\n| what | full: median ms | p95 ms | ten times: median ms | p95 ms | factor |");
        self.line("|---|--:|--:|--:|--:|--:|");
        self.compared("intake, one message", kb, &tenfold, 5, |kb| read(kb, AUP).found.len());
        let told = |kb: &Knowledge| {
            Session::default().apply(kb, Event::Describe(AUP.to_owned())).evidence(kb)
        };
        let evidence = [told(kb), told(&tenfold)];
        let of = |it: &Knowledge| &evidence[usize::from(it.faults.len() > kb.faults.len())];
        self.compared("posterior", kb, &tenfold, 100, |it| posterior(it, of(it)).all().len());
        self.compared("next step, nothing known", kb, &tenfold, 1, |it| {
            let nothing = outbox_doctor::engine::Evidence::default();
            next_step(it, &nothing, &usable(it), Effort::Full).alternatives.len()
        });
        self.compared("next step, a message known", kb, &tenfold, 1, |it| {
            next_step(it, of(it), &usable(it), Effort::Full).alternatives.len()
        });
        self.compared("next step by the SACSO rule", kb, &tenfold, 1, |it| {
            next_step(it, of(it), &usable(it), Effort::Quick).alternatives.len()
        });
        let session = Session::default().apply(kb, Event::Describe(AUP.to_owned()));
        self.compared("view (intake, posterior, next step, reasons)", kb, &tenfold, 1, |it| {
            session.view(it).ranking.len()
        });
    }

    /// Long and hostile texts, and decoding what the program carries.
    fn texts(&self, kb: &Knowledge) {
        self.line("\n| what | median ms | p95 ms |\n|---|--:|--:|");
        for (name, unit) in [
            ("intake, 100 KB of reports", AUP),
            ("intake, 100 KB of one word that begins patterns", "the "),
            ("intake, 100 KB of half a match", "sender rejected the server responded "),
            ("intake, 100 KB without spaces", "a"),
            ("intake, 100 KB of symbols", "@.@.<>#"),
        ] {
            let text = unit.repeat(LIMIT / unit.len());
            self.row(name, self.time(1, || read(kb, &text).found.len()));
        }
        let decode = self.time(1, || knowledge::embedded().faults.len());
        self.row("decode the knowledge", decode);
    }

    /// Every decision of whole sessions with the product's knowledge.
    fn sessions(&self, kb: &Knowledge) {
        let mut times = Vec::new();
        for number in 0..20 {
            let text = if number % 2 == 0 { AUP } else { "zzz" };
            let mut session = Session::default().apply(kb, Event::Describe(text.to_owned()));
            for turn in 0..12 {
                let start = (self.clock)();
                let view = black_box(session.view(kb));
                times.push((self.clock)() - start);
                let Next::Step(_) = view.next else { break };
                let possible = view.possible(kb);
                let Some(event) = possible.get(number * 7 % (turn + 1) % possible.len().max(1))
                else {
                    break;
                };
                session = session.apply(kb, event.clone());
            }
        }
        let decisions = times.len();
        self.row(&format!("view in whole sessions, {decisions} of them"), summary(times));
    }

    /// Every decision of whole sessions on problems of 40 causes and 120 steps.
    fn large(&self) {
        let mut times = Vec::new();
        for seed in 0..8 {
            large::session(seed, |problem| {
                let start = (self.clock)();
                let choice = Effort::Full.choose(problem);
                times.push((self.clock)() - start);
                choice.step
            });
        }
        let decisions = times.len();
        self.row(
            &format!("decision, 40 causes and 120 steps, {decisions} of them"),
            summary(times),
        );
    }

    fn compared(
        &self,
        name: &str,
        kb: &Knowledge,
        tenfold: &Knowledge,
        times: u32,
        work: impl Fn(&Knowledge) -> usize,
    ) {
        let (one, ten) = (self.time(times, || work(kb)), self.time(times, || work(tenfold)));
        self.line(&format!(
            "| {name} | {:.3} | {:.3} | {:.3} | {:.3} | {:.1} |",
            one.median,
            one.p95,
            ten.median,
            ten.p95,
            ten.median / one.median
        ));
    }

    /// Each run does the work so many times, because a browser's clock is coarse.
    fn time(&self, times: u32, mut work: impl FnMut() -> usize) -> Time {
        let run = || {
            let start = (self.clock)();
            for _ in 0..times {
                black_box(work());
            }
            ((self.clock)() - start) / f64::from(times)
        };
        summary(std::iter::repeat_with(run).take(RUNS).collect())
    }

    fn row(&self, name: &str, time: Time) {
        self.line(&format!("| {name} | {:.3} | {:.3} |", time.median, time.p95));
    }

    fn line(&self, text: &str) {
        (self.say)(text);
    }
}

fn summary(mut times: Vec<f64>) -> Time {
    times.sort_by(f64::total_cmp);
    Time { median: times[times.len() / 2], p95: times[times.len() * 95 / 100] }
}

/// Everything that the engine may be asked to weigh up.
fn usable(kb: &Knowledge) -> Usable {
    let kind = |wanted: fn(Kind) -> bool| {
        kb.observation_ids().filter(|id| wanted(kb.observation(*id).kind)).collect()
    };
    Usable {
        questions: kind(|it| it == Kind::Question),
        settings: kind(|it| matches!(it, Kind::Setting(_))),
        check: None,
        again: Vec::new(),
        actions: kb.action_ids().collect(),
    }
}

//! `policy`: the planner against the provable optimum.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use crate::command::options::Options;
use crate::command::{Failure, say};
use crate::evaluate::{Played, Sampled, play, sample};

const HELP: &str = "\
outbox-doctor policy MODEL.json… [--sessions N] [--json]

  outbox-doctor policy ../shared/models/*.json
  outbox-doctor policy --sessions 200 ../shared/models/large/large-00.json

Plays the product's own planner on decision models (dtt-model/1), exactly over all outcomes, and
compares its expected cost of repair with the optimum stored in the model. --sessions is for models
too large for that: N sampled sessions, played by the planner and by the SACSO rule.";

/// Within this share of the optimum a plan counts as optimal: rounding of the stored figure.
const EXACT: f64 = 1e-7;

#[derive(Serialize)]
struct Summary {
    models: usize,
    with_optimum: usize,
    exactly_optimal: usize,
    mean_percent_above: f64,
    p95_percent_above: f64,
    worst_percent_above: f64,
}

#[derive(Serialize)]
struct Report {
    models: Vec<Played>,
    summary: Summary,
}

pub(super) fn run(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments, &["sessions"], &["json", "help"])?;
    if options.has("help") {
        return Ok(say(HELP));
    }
    if options.plain.is_empty() {
        return Err(Failure::usage("name at least one model file"));
    }
    if let Some(sessions) = options.value("sessions") {
        return sampled(&options, sessions);
    }
    let models: Result<Vec<Played>, _> =
        options.plain.iter().map(|file| play(Path::new(file))).collect();
    let models = models?;
    let report = Report { summary: summary(&models), models };
    if options.has("json") {
        return Ok(say(&serde_json::to_string_pretty(&report)?));
    }
    for it in &report.models {
        say(&line(it));
    }
    Ok(say(&closing(&report.summary)))
}

fn sampled(options: &Options, sessions: &str) -> Result<ExitCode, Failure> {
    let sessions =
        sessions.parse().ok().filter(|n| (1..=100_000).contains(n)).ok_or_else(|| {
            Failure::usage(format!("--sessions wants a number from 1 to 100000, not `{sessions}`"))
        })?;
    let models: Result<Vec<Sampled>, _> =
        options.plain.iter().map(|file| sample(Path::new(file), sessions)).collect();
    let models = models?;
    if options.has("json") {
        return Ok(say(&serde_json::to_string_pretty(&models)?));
    }
    for it in &models {
        say(&format!(
            "{:12} {} sessions: planner {:.1}, SACSO {:.1}, ratio {:.3}; decision median {:.1} ms, p95 {:.1} ms",
            it.id, it.sessions, it.planner, it.sacso, it.ratio, it.median_ms, it.p95_ms
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(it: &Played) -> String {
    let known = it.optimal.zip(it.ratio);
    let against = known.map_or_else(
        || "no optimum stored".to_owned(),
        |(optimal, ratio)| format!("optimum {optimal:.6} ratio {ratio:.8}"),
    );
    format!("{:12} ECR {:.6} {against} first {}", it.id, it.ecr, it.first_step)
}

fn closing(it: &Summary) -> String {
    if it.with_optimum == 0 {
        return "no optimum stored, so there is nothing to compare with".to_owned();
    }
    format!(
        "{} of {} exactly optimal; above the optimum: mean {:.4} %, p95 {:.4} %, worst {:.4} %",
        it.exactly_optimal,
        it.with_optimum,
        it.mean_percent_above,
        it.p95_percent_above,
        it.worst_percent_above
    )
}

/// Nothing, where only the stored figure's rounding is left.
fn percent_above(ratio: f64) -> f64 {
    if (ratio - 1.0).abs() < EXACT { 0.0 } else { 100.0 * (ratio - 1.0) }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of models"
)]
fn summary(models: &[Played]) -> Summary {
    let mut above: Vec<f64> = models.iter().filter_map(|it| it.ratio).map(percent_above).collect();
    above.sort_by(f64::total_cmp);
    let count = above.len();
    let rank = ((0.95 * count as f64).ceil() as usize).saturating_sub(1);
    Summary {
        models: models.len(),
        with_optimum: count,
        exactly_optimal: above.iter().filter(|it| **it < 100.0 * EXACT).count(),
        mean_percent_above: above.iter().fold(0.0, |sum, it| sum + it) / (count as f64).max(1.0),
        p95_percent_above: above.get(rank).copied().unwrap_or(0.0),
        worst_percent_above: above.last().copied().unwrap_or(0.0),
    }
}

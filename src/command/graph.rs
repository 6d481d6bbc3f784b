//! `knowledge graph`: faults between what shows them and what repairs them, as SVG.

use std::fmt::Write;

use crate::knowledge::{FaultId, Knowledge, Observation};

/// An answer is drawn to a fault when it is at least this many times as likely as on average.
const TELLING: f64 = 2.0;
/// Pixels from row to row.
const ROW: usize = 20;
/// Where the columns stand: observations end, faults begin and end, actions begin.
const COLUMNS: [usize; 4] = [300, 520, 780, 1000];
const WIDTH: usize = 1240;

/// Draws the knowledge: observations, faults and actions in file order.
pub(super) fn svg(kb: &Knowledge) -> String {
    let rows = kb.observations.len().max(kb.faults.len()).max(kb.actions.len());
    let height = (rows + 2) * ROW;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <title>What shows a fault, and what repairs it</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    lines(kb, rows, &mut svg);
    let [left, fault, _, right] = COLUMNS;
    let faults = kb.faults.iter().map(|it| it.key.as_str());
    labels(kb.observations.iter().map(|it| it.key.as_str()), rows, left - 6, "end", &mut svg);
    labels(faults, rows, fault + 6, "start", &mut svg);
    labels(kb.actions.iter().map(|it| it.key.as_str()), rows, right + 6, "start", &mut svg);
    svg.push_str("</svg>\n");
    svg
}

fn lines(kb: &Knowledge, rows: usize, svg: &mut String) {
    let y = |position: usize, count: usize| middle(position, count, rows);
    let [left, fault_left, fault_right, right] = COLUMNS;
    for (at, observation) in kb.observations.iter().enumerate() {
        for (position, fault) in (0..).zip(kb.fault_ids()) {
            let strength = telling(kb, observation, fault);
            if strength >= TELLING {
                let from = y(at, kb.observations.len());
                let to = y(position, kb.faults.len());
                line(
                    (left, from),
                    (fault_left, to),
                    "#0b4a62",
                    (strength / 15.0).clamp(0.2, 0.9),
                    svg,
                );
            }
        }
    }
    for (at, action) in kb.actions.iter().enumerate() {
        for (fault, chance) in action.repairs.iter().filter(|(_, chance)| *chance >= 0.5) {
            let from = y(usize::from(fault.0), kb.faults.len());
            let to = y(at, kb.actions.len());
            line((fault_right, from), (right, to), "#1b6b3a", chance * 0.7, svg);
        }
    }
}

/// How many times as likely the most telling answer is under this fault than on average.
fn telling(kb: &Knowledge, observation: &Observation, fault: FaultId) -> f64 {
    let ratio = |row: &Vec<f64>| {
        let mean: f64 = row.iter().zip(&kb.faults).map(|(p, it)| p * it.prior).sum();
        row.get(usize::from(fault.0)).copied().unwrap_or(0.0) / mean.max(f64::MIN_POSITIVE)
    };
    observation.likelihood.iter().map(ratio).fold(0.0, f64::max)
}

/// The height of a row in a column of `count`, centred in a drawing of `rows`.
fn middle(position: usize, count: usize, rows: usize) -> usize {
    ROW + (rows - count) * ROW / 2 + position * ROW + ROW / 2
}

fn labels<'a>(
    names: impl ExactSizeIterator<Item = &'a str>,
    rows: usize,
    x: usize,
    anchor: &str,
    svg: &mut String,
) {
    let count = names.len();
    for (position, name) in names.enumerate() {
        let y = middle(position, count, rows) + 4;
        let _infallible =
            writeln!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{name}</text>");
    }
}

fn line(from: (usize, usize), to: (usize, usize), colour: &str, opacity: f64, svg: &mut String) {
    let bend = (from.0 + to.0) / 2;
    let _infallible = writeln!(
        svg,
        "<path d=\"M{} {}C{bend} {} {bend} {} {} {}\" fill=\"none\" stroke=\"{colour}\" \
         stroke-opacity=\"{opacity:.2}\"/>",
        from.0, from.1, from.1, to.1, to.0, to.1
    );
}

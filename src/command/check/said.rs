//! The verdict for the terminal, in the sentences of the page.

use crate::knowledge::Words;
use crate::network::{Finding, Report};
use crate::wording;

/// No line is longer.
const WIDTH: usize = 96;
/// Where the next step is.
const APP: &str = "Step by step, in your browser: outbox-doctor";

/// The verdict, what to do, what it rests on, and which settings work.
pub(super) fn closing(words: &Words, report: &Report, finding: &Finding) -> String {
    let say = |part| wording::verdict(words, finding.verdict, part);
    let mut lines = vec![String::new()];
    lines.push(format!("{}. {}.", wording::side(words, finding.verdict), say("title")));
    lines.extend(wrapped(&[say("text"), say("next")].join(" "), "", WIDTH));
    lines.push(String::new());
    let reasons = wording::reasons(words, &finding.reasons, |it| it == "local");
    lines.extend(reasons.iter().flat_map(|it| wrapped(it, "  - ", WIDTH)));
    let own = |host: &str| report.targets.iter().any(|it| it.host == host);
    for (host, port, mode) in finding.working().into_iter().filter(|(host, ..)| own(host)) {
        let way = wording::way(words, host, port, mode);
        lines.push(format!("  - {way}: {}", words.text("network.way.works")));
    }
    lines.extend([String::new(), APP.to_owned()]);
    lines.join("\n")
}

/// Broken between words; the lines after the first stand below its text.
fn wrapped(text: &str, mark: &str, width: usize) -> Vec<String> {
    let below = " ".repeat(mark.chars().count());
    let mut lines = vec![mark.to_owned()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        let begun = line.chars().count() > below.len();
        if begun && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(format!("{below}{word}"));
        } else {
            if begun {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let check = |text, mark, expected: &[&str]| assert_eq!(wrapped(text, mark, 10), expected);
        check("", "", &[""]);
        check("one two three", "", &["one two", "three"]);
        check("one two three", "- ", &["- one two", "  three"]);
        check("unbreakable-word it", "- ", &["- unbreakable-word", "  it"]);
        check("“a” “b” “c”", "", &["“a” “b”", "“c”"]);
    }
}

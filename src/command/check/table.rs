//! The stage table: a row for each way, a column for each stage.

use crate::network::{Measurement, Mode, Stage, Status, Target};

const COLUMNS: [(Stage, &str); 10] = [
    (Stage::Dns, "dns"),
    (Stage::Tcp, "tcp"),
    (Stage::Greeting, "greet"),
    (Stage::Ehlo, "ehlo"),
    (Stage::Starttls, "start"),
    (Stage::Tls, "tls"),
    (Stage::Cert, "cert"),
    (Stage::EhloTls, "ehlo2"),
    (Stage::Auth, "auth"),
    (Stage::Quit, "quit"),
];

/// Rows as they come; each server's first one is preceded by its name.
#[derive(Debug)]
pub(super) struct Table {
    colour: bool,
    host: String,
}

impl Table {
    pub(super) fn new(colour: bool) -> Table {
        Table { colour, host: String::new() }
    }

    /// The lines of a target: its stages in milliseconds, and why it failed.
    pub(super) fn row(&mut self, target: &Target) -> Vec<String> {
        let mut lines = Vec::new();
        if self.host.is_empty() {
            let names: String = COLUMNS.iter().map(|(_, name)| format!("{name:>6}")).collect();
            lines.push(format!("{:>5} {:<8} {:<24}{names}  (ms)", "port", "mode", "address"));
        }
        if self.host != target.host {
            self.host.clone_from(&target.host);
            lines.push(self.painted("1", &target.host));
        }
        let address = target.address.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let stages: String = COLUMNS.iter().map(|(stage, _)| self.cell(target, *stage)).collect();
        let mode = if target.mode == Mode::Tls { "tls" } else { "starttls" };
        lines.push(format!("{:>5} {mode:<8} {address:<24}{stages}", target.port));
        lines.extend(target.stages.iter().filter_map(|it| self.why(it)));
        lines
    }

    fn cell(&self, target: &Target, stage: Stage) -> String {
        let Some(it) = target.at(stage) else {
            let mark = if target.mode.stages().contains(&stage) { "-" } else { "" };
            return format!("{mark:>6}");
        };
        match it.status {
            Status::Ok => self.painted("32", &format!("{:>6}", it.ms)),
            Status::Slow => self.painted("33", &format!("{:>6}", format!("{}!", it.ms))),
            Status::Failed => self.painted("31", "  FAIL"),
            Status::Skipped => "     -".to_owned(),
            Status::CouldNotTest => "     ?".to_owned(),
        }
    }

    /// Taking leave is nobody's concern.
    fn why(&self, it: &Measurement) -> Option<String> {
        let code = it.code.filter(|_| it.stage != Stage::Quit)?;
        let said = it.smtp.as_ref().map_or_else(String::new, |reply| {
            format!("; the server said: {} {} {}", reply.code, reply.enhanced, reply.text)
        });
        let line = format!("{:15}{}: {} after {} ms{said}", "", it.stage.key(), code.key(), it.ms);
        Some(self.painted("2", &line))
    }

    fn painted(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

//! What came of the matrix, as a table.

use std::collections::BTreeMap;

use outbox_doctor::network::Family;

/// A row's cells, by peer.
#[derive(Default)]
pub struct Line {
    pub name: &'static str,
    pub expected: String,
    pub peers: BTreeMap<&'static str, Peer>,
}

#[derive(Default)]
pub struct Peer {
    pub families: std::collections::BTreeSet<u8>,
    pub passed: usize,
    pub failed: usize,
    /// Why it did not take part.
    pub skipped: Option<String>,
}

pub fn print(lines: &[Line]) {
    println!(
        "\n| fault | expected | peers (family: looks that were right) | result |\n|---|---|---|---|"
    );
    for line in lines {
        let took_part = line.peers.iter().filter(|(_, it)| it.skipped.is_none());
        let peers: Vec<String> = took_part.map(|(name, it)| told(name, it)).collect();
        println!(
            "| {} | {} | {} | {} |",
            line.name,
            line.expected,
            peers.join(", "),
            line.result()
        );
    }
    for ((name, reason), rows) in skips(lines) {
        println!("skipped, because {reason}: {name} in {} rows: {}", rows.len(), rows.join(", "));
    }
}

fn told(name: &str, peer: &Peer) -> String {
    let families: Vec<String> = peer.families.iter().map(|it| format!("v{it}")).collect();
    format!("{name} ({}: {}/{})", families.join("+"), peer.passed, peer.passed + peer.failed)
}

/// Rows of each peer and reason.
fn skips(lines: &[Line]) -> BTreeMap<(&str, &str), Vec<&str>> {
    let mut skips: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for line in lines {
        for (name, peer) in &line.peers {
            if let Some(reason) = &peer.skipped {
                skips.entry((name, reason)).or_default().push(line.name);
            }
        }
    }
    skips
}

impl Line {
    pub fn skip(&mut self, peer: &'static str, reason: &str) {
        self.peers.entry(peer).or_default().skipped = Some(reason.to_owned());
    }

    pub fn note(&mut self, peer: &'static str, family: Family, right: bool) {
        let peer = self.peers.entry(peer).or_default();
        peer.families.insert(family.into());
        if right { peer.passed += 1 } else { peer.failed += 1 }
    }

    pub fn count(&self, what: impl Fn(&Peer) -> usize) -> usize {
        self.peers.values().map(what).sum()
    }

    fn result(&self) -> &'static str {
        match (self.count(|it| it.passed), self.count(|it| it.failed)) {
            (0, 0) => "skipped",
            (_, 0) => "ok",
            _ => "FAILED",
        }
    }
}

//! Beacons: a name and a path that can stand in a request as they are, and more than one of them.

use super::super::files::Files;
use super::super::finding::Finding;
use super::super::source::Beacon;
use super::place::entries;
use super::providers::host_name;

/// None is believed alone, so one is of no use.
pub fn beacons(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, Beacon { host, path, .. }) in entries::<Beacon>(files) {
        if !host_name(host) {
            findings.push(place.finding(format!("`{host}` is no host name")));
        }
        if !is_path(path) {
            findings.push(place.finding(format!("`{path}` is no path, such as `/generate_204`")));
        }
        if entries::<Beacon>(files).filter(|(_, it)| it.host != *host).count() == 0 {
            findings.push(place.finding("it is the only host; name another one"));
        }
    }
    findings
}

fn is_path(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"/-_.".contains(&it);
    text.starts_with('/') && text.bytes().all(plain)
}

//! A name server that answers as it is told (RFC 1035).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;

/// The names that were asked for.
#[derive(Clone, Default)]
pub struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Answers on port 53: addresses, `cname:` and another name, `rcode:` and a number, or nothing for
/// `silent`; no such name for all others.
pub async fn serve(at: &str, table: &'static [(&str, &str)]) -> std::io::Result<Asked> {
    let socket = UdpSocket::bind((at.parse::<IpAddr>().unwrap(), 53)).await?;
    let asked = Asked::default();
    let noted = asked.clone();
    tokio::spawn(async move {
        let mut bytes = [0; 512];
        while let Ok((count, peer)) = socket.recv_from(&mut bytes).await {
            let query = &bytes[..count];
            let (name, end) = question(query);
            noted.0.lock().unwrap().push(name.clone());
            let kind = query[end - 3];
            if table.contains(&(name.as_str(), "silent")) {
                continue;
            }
            let _gone = socket.send_to(&answer(query, end, &name, kind, table), peer).await;
        }
    });
    Ok(asked)
}

fn question(query: &[u8]) -> (String, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    (labels.join("."), at + 5)
}

const A: u8 = 1;
const AAAA: u8 = 28;

fn answer(query: &[u8], end: usize, name: &str, kind: u8, table: &[(&str, &str)]) -> Vec<u8> {
    let mut records = Vec::new();
    let known = follow(name, kind, table, &mut records);
    let told = table.iter().find(|it| it.0 == name).and_then(|it| it.1.strip_prefix("rcode:"));
    let code = told.map_or(if known { 0 } else { 3 }, |it| it.parse().unwrap());
    let count = u8::try_from(records.len()).unwrap();
    let mut message = [&query[..2], &[0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0]].concat();
    message.extend(&query[12..end]);
    message.extend(records.concat());
    message
}

fn follow(name: &str, kind: u8, table: &[(&str, &str)], records: &mut Vec<Vec<u8>>) -> bool {
    let Some((_, value)) = table.iter().find(|it| it.0 == name) else { return false };
    if let Some(other) = value.strip_prefix("cname:") {
        records.push(record(name, 5, &encoded(other)));
        return follow(other, kind, table, records);
    }
    for address in value.split(' ') {
        match (kind, address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
            (A, Ok(it), _) => records.push(record(name, A, &it.octets())),
            (AAAA, _, Ok(it)) => records.push(record(name, AAAA, &it.octets())),
            _ => {}
        }
    }
    true
}

fn record(name: &str, kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).unwrap();
    [&encoded(name)[..], &[0, kind, 0, 1, 0, 0, 0, 0, 0, length], data].concat()
}

fn encoded(name: &str) -> Vec<u8> {
    let label = |it: &str| [&[u8::try_from(it.len()).unwrap()], it.as_bytes()].concat();
    let labels: Vec<Vec<u8>> = name.split('.').map(label).collect();
    [labels.concat(), vec![0]].concat()
}

//! The closed list of what can be asked for. An id that is not in it leads nowhere.

use serde::{Deserialize, Serialize};

use crate::knowledge::Knowledge;
use crate::network::Mode;
use crate::probe::{Door, Server, catalogue, certificate};

/// Providers with their servers, and the servers to compare with.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// By id.
    pub entries: Vec<Entry>,
    /// Other providers' servers: control and canary.
    pub controls: Vec<Server>,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its address domains.
    pub domains: Vec<String>,
    /// Its servers.
    pub servers: Vec<Server>,
}

/// What `/v1/providers` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Providers {
    /// SHA-256 of `providers` as JSON without spaces: the same print, the same servers.
    pub catalogue: String,
    /// All there are.
    pub providers: Vec<Listed>,
    /// Probes outside that look at the same, where this server plays them, as the lab does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<ListedProbe>,
}

/// A probe outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ListedProbe {
    /// For people.
    pub name: String,
    /// What its paths begin with, on this server.
    pub origin: String,
}

/// A provider as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Listed {
    /// For `/v1/report/{id}`.
    pub id: String,
    /// Its address domains; `*.` stands for every sub-domain not named elsewhere.
    pub domains: Vec<String>,
    /// Its outgoing servers.
    pub servers: Vec<ListedServer>,
}

/// A server as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ListedServer {
    /// Its name.
    pub host: String,
    /// What is looked at there.
    pub doors: Vec<ListedDoor>,
}

/// A port as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ListedDoor {
    /// TCP port.
    pub port: u16,
    /// How encryption may start there.
    pub modes: Vec<Mode>,
}

impl Catalogue {
    /// The providers of the knowledge.
    #[must_use]
    pub fn of(knowledge: &Knowledge) -> Catalogue {
        let entry = |provider: &crate::knowledge::Provider| Entry {
            id: provider.key.clone(),
            domains: provider.domains.clone(),
            servers: catalogue::servers(provider),
        };
        let entries = knowledge.providers.iter().map(entry).collect();
        Catalogue { entries, controls: catalogue::controls() }
    }

    /// The provider with exactly this id.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|it| it.id == id)
    }
}

impl Providers {
    /// With their print.
    pub(super) fn of(providers: Vec<Listed>) -> Providers {
        let text = serde_json::to_vec(&providers).unwrap_or_default();
        Providers { catalogue: certificate::print(&text), providers, probes: Vec::new() }
    }
}

impl Entry {
    /// As it is published.
    pub(super) fn listed(&self) -> Listed {
        let door = |it: &Door| ListedDoor { port: it.port, modes: it.modes.clone() };
        let server = |it: &Server| ListedServer {
            host: it.host.clone(),
            doors: it.doors.iter().map(door).collect(),
        };
        Listed {
            id: self.id.clone(),
            domains: self.domains.clone(),
            servers: self.servers.iter().map(server).collect(),
        }
    }
}

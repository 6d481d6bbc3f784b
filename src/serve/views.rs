//! Where one looks from: here, and for the lab also from places outside, which this server plays.

use super::catalogue::{Entry, ListedProbe, Providers};
use super::observatory::Observatory;

/// All places.
pub struct Views {
    /// Several where the surroundings of some providers differ.
    here: Vec<Observatory>,
    /// By name.
    outside: Vec<(String, Views)>,
}

impl From<Observatory> for Views {
    fn from(one: Observatory) -> Views {
        Views { here: vec![one], outside: Vec::new() }
    }
}

impl Views {
    /// From here, and from these places outside by name.
    #[must_use]
    pub fn new(here: Vec<Observatory>, outside: Vec<(String, Views)>) -> Views {
        Views { here, outside }
    }

    /// What looks at the provider with exactly this id.
    pub(super) fn of(&self, id: &str) -> Option<(&Observatory, &Entry)> {
        self.here.iter().find_map(|it| Some((it, it.catalogue.entry(id)?)))
    }

    /// What looks first.
    pub(super) fn first(&self) -> Option<&Observatory> {
        self.here.first()
    }

    /// Every provider, with what looks at it.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Observatory, &Entry)> {
        self.here.iter().flat_map(|it| it.catalogue.entries.iter().map(move |entry| (it, entry)))
    }

    /// As it is published.
    pub(super) fn listed(&self) -> Providers {
        let listed = Providers::of(self.all().map(|(_, entry)| entry.listed()).collect());
        let probe = |(number, (name, _)): (usize, &(String, Views))| ListedProbe {
            name: name.clone(),
            origin: path(number),
        };
        Providers { probes: self.outside.iter().enumerate().map(probe).collect(), ..listed }
    }

    /// The places outside, each with its path below this server's own address.
    pub(super) fn take_outside(&mut self) -> impl Iterator<Item = (String, Views)> {
        let outside = std::mem::take(&mut self.outside).into_iter().enumerate();
        outside.map(|(number, (_, views))| (path(number), views))
    }
}

fn path(number: usize) -> String {
    format!("/outside/{number}")
}

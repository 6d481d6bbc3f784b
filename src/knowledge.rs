//! What the product knows: faults, observations, actions, signatures, apps, providers, words.
//!
//! Authored as TOML under `static/knowledge/`, linted and compiled by the build script, embedded
//! in every target. A [`Knowledge`] that exists is valid.

pub mod model;
pub mod packed;
pub mod token;
pub mod words;

// The authoring side. The Wasm contains no TOML parser and never meets invalid knowledge.
#[cfg(not(target_arch = "wasm32"))]
pub mod compile;
#[cfg(not(target_arch = "wasm32"))]
pub mod files;
#[cfg(not(target_arch = "wasm32"))]
pub mod finding;
#[cfg(not(target_arch = "wasm32"))]
pub mod lexicon;
#[cfg(not(target_arch = "wasm32"))]
pub mod lint;
#[cfg(not(target_arch = "wasm32"))]
pub mod numbers;
#[cfg(not(target_arch = "wasm32"))]
pub mod pattern;
#[cfg(not(target_arch = "wasm32"))]
pub mod source;
#[cfg(not(target_arch = "wasm32"))]
pub mod terms;

pub use model::*;
pub use words::Words;

const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.bin"));
const ENGLISH: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words-en.bin"));

/// The knowledge this program was built with.
///
/// ```
/// let kb = outbox_doctor::knowledge::embedded();
/// assert_eq!(kb.faults.last().unwrap().key, "unknown");
/// ```
#[must_use]
#[expect(clippy::expect_used, reason = "written by this crate's own build script")]
pub fn embedded() -> Knowledge {
    postcard::from_bytes(COMPILED).expect("the build script writes what this reads")
}

/// The English sentences this program was built with.
#[must_use]
#[expect(clippy::expect_used, reason = "written by this crate's own build script")]
pub fn english() -> Words {
    postcard::from_bytes(ENGLISH).expect("the build script writes what this reads")
}

impl Knowledge {
    /// The fault of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn fault(&self, id: FaultId) -> &Fault {
        &self.faults[usize::from(id.0)]
    }

    /// The observation of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn observation(&self, id: ObservationId) -> &Observation {
        &self.observations[usize::from(id.0)]
    }

    /// The action of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn action(&self, id: ActionId) -> &Action {
        &self.actions[usize::from(id.0)]
    }

    /// The signature of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn signature(&self, id: SignatureId) -> &Signature {
        &self.signatures[usize::from(id.0)]
    }

    /// The app of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn app(&self, id: AppId) -> &App {
        &self.apps[usize::from(id.0)]
    }

    /// The provider family of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn provider(&self, id: ProviderId) -> &Provider {
        &self.providers[usize::from(id.0)]
    }

    /// The term of an id.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "ids are indices the compiler checked")]
    pub fn term(&self, id: TermId) -> &Term {
        &self.terms[usize::from(id.0)]
    }

    /// The term that a folded word is, if it is one.
    #[must_use]
    pub fn term_of(&self, word: &str) -> Option<TermId> {
        let at = self.terms.binary_search_by(|term| term.word.as_str().cmp(word)).ok()?;
        u16::try_from(at).ok().map(TermId)
    }

    /// The sets of pattern words that a folded word is in.
    #[must_use]
    pub fn sets_of(&self, word: &str) -> &[SetId] {
        let found = self.lexicon.binary_search_by(|entry| entry.word.as_str().cmp(word));
        found.ok().and_then(|at| self.lexicon.get(at)).map_or(&[], |entry| &entry.sets)
    }

    /// Every fault with its id.
    pub fn fault_ids(&self) -> impl Iterator<Item = FaultId> + use<> {
        (0..).map(FaultId).take(self.faults.len())
    }

    /// Every observation's id.
    pub fn observation_ids(&self) -> impl Iterator<Item = ObservationId> + use<> {
        (0..).map(ObservationId).take(self.observations.len())
    }

    /// Every action's id.
    pub fn action_ids(&self) -> impl Iterator<Item = ActionId> + use<> {
        (0..).map(ActionId).take(self.actions.len())
    }

    /// Every signature's id.
    pub fn signature_ids(&self) -> impl Iterator<Item = SignatureId> + use<> {
        (0..).map(SignatureId).take(self.signatures.len())
    }

    /// Every app's id.
    pub fn app_ids(&self) -> impl Iterator<Item = AppId> + use<> {
        (0..).map(AppId).take(self.apps.len())
    }

    /// The leak: the fault that the knowledge does not name.
    #[must_use]
    pub fn unknown(&self) -> FaultId {
        FaultId(u16::try_from(self.faults.len().saturating_sub(1)).unwrap_or(0))
    }

    /// The observation of a key.
    #[must_use]
    pub fn observation_by_key(&self, key: &str) -> Option<ObservationId> {
        self.observation_ids().find(|id| self.observation(*id).key == key)
    }

    /// The action of a key.
    #[must_use]
    pub fn action_by_key(&self, key: &str) -> Option<ActionId> {
        self.action_ids().find(|id| self.action(*id).key == key)
    }

    /// The fault of a key.
    #[must_use]
    pub fn fault_by_key(&self, key: &str) -> Option<FaultId> {
        self.fault_ids().find(|id| self.fault(*id).key == key)
    }

    /// The app of a key.
    #[must_use]
    pub fn app_by_key(&self, key: &str) -> Option<AppId> {
        self.app_ids().find(|id| self.app(*id).key == key)
    }
}

impl Observation {
    /// The answer of a key.
    #[must_use]
    pub fn answer(&self, key: &str) -> Option<AnswerId> {
        let position = self.answers.iter().position(|answer| answer == key)?;
        u8::try_from(position).ok().map(AnswerId)
    }

    /// The key of an answer; empty if there is none.
    #[must_use]
    pub fn answer_key(&self, answer: AnswerId) -> &str {
        self.answers.get(usize::from(answer.0)).map_or("", String::as_str)
    }

    /// P(answer | fault) for every fault; empty if there is no such answer.
    #[must_use]
    pub fn row(&self, answer: AnswerId) -> &[f64] {
        self.likelihood.get(usize::from(answer.0)).map_or(&[], Vec::as_slice)
    }

    /// P(the text says this | fault) for every fault.
    #[must_use]
    pub fn told_row(&self, answer: AnswerId) -> &[f64] {
        self.told.get(usize::from(answer.0)).map_or_else(|| self.row(answer), Vec::as_slice)
    }
}

impl Action {
    /// P(the mail goes out afterwards | fault).
    #[must_use]
    pub fn repairs(&self, fault: FaultId) -> f64 {
        self.repairs.iter().find(|(id, _)| *id == fault).map_or(0.0, |(_, chance)| *chance)
    }
}

//! What can happen next: the answers that the step shown has room for.

use crate::engine::Step;
use crate::knowledge::{AnswerId, Knowledge};
use crate::session::event::Event;
use crate::session::state::{Attempt, Reply};
use crate::session::view::{Next, View};

impl View {
    /// Every event by which the user can answer the step shown. What is read off a settings
    /// page has too many; leaving all of it out is the one that is listed.
    #[must_use]
    pub fn possible(&self, kb: &Knowledge) -> Vec<Event> {
        match &self.next {
            Next::Solved(_) | Next::Step(Step::ContactSupport) => Vec::new(),
            Next::Step(Step::CheckSettings(_)) => vec![Event::Settings([].into())],
            // what probes will report has too many forms; that they are not asked is one
            Next::Step(Step::Check(id)) => vec![Event::Answer(*id, Reply::NotSure)],
            Next::Step(Step::Ask(id)) => {
                let answers = (0..).map(AnswerId).take(kb.observation(*id).answers.len());
                let replies = answers.map(Reply::Is).chain([Reply::NotSure]);
                replies.map(|reply| Event::Answer(*id, reply)).collect()
            }
            Next::Step(Step::Repair(id)) => {
                let attempts = [Attempt::StillFails, Attempt::Sends, Attempt::CannotDo];
                attempts.map(|attempt| Event::Done(*id, attempt)).into()
            }
            Next::Step(Step::Redo(id)) => {
                [Attempt::FailsAgain, Attempt::Sends].map(|it| Event::Done(*id, it)).into()
            }
        }
    }
}

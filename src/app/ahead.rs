//! Views computed while the user acts, so that the next step appears at once.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use yew::platform::{spawn_local, time::sleep};
use yew::prelude::*;

use super::pace::Pace;
use super::store::Store;
use crate::engine::Effort;
use crate::knowledge::Knowledge;
use crate::session::{Session, State, Vantages, View};

/// Between two computations, so that a tap is never kept waiting by more than one of them.
const PAUSE: Duration = Duration::from_millis(30);

/// Views that are ready, and how fast this device decides. Holds what may follow the view shown
/// and nothing else.
#[derive(Clone)]
pub struct Ahead {
    clock: fn() -> f64,
    kept: Rc<RefCell<Kept>>,
}

#[derive(Default)]
struct Kept {
    pace: Pace,
    /// The state whose view is shown, and the probes there were; what is ready may follow it.
    shown: (State, Vantages),
    ready: Vec<Ready>,
    used: usize,
}

struct Ready {
    state: State,
    vantages: Vantages,
    can_undo: bool,
    effort: Effort,
    view: Rc<View>,
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead::with_clock(now)
    }
}

impl PartialEq for Ahead {
    fn eq(&self, other: &Ahead) -> bool {
        Rc::ptr_eq(&self.kept, &other.kept)
    }
}

impl Ahead {
    /// With another clock, in milliseconds.
    #[must_use]
    pub fn with_clock(clock: fn() -> f64) -> Ahead {
        Ahead { clock, kept: Rc::default() }
    }

    /// The view of a session: the one that is ready, or else a new one. The others are dropped.
    #[must_use]
    pub fn view(&self, kb: &Knowledge, session: &Session) -> Rc<View> {
        let ready = std::mem::take(&mut self.kept.borrow_mut().ready);
        self.kept.borrow_mut().shown = (session.state.clone(), session.vantages);
        let Some(found) = ready.into_iter().find(|it| it.is_of(session)) else {
            return self.decided(kb, session).view;
        };
        debug_assert_eq!(*found.view, session.view_with(kb, found.effort), "computed afresh");
        self.kept.borrow_mut().used += 1;
        found.view
    }

    /// Computes one view that may follow. False once all of them are ready, or when another state
    /// is shown by now.
    pub fn prepare(&self, kb: &Knowledge, session: &Session, shown: &View) -> bool {
        let shown_now = |(state, vantages): &(State, Vantages)| {
            *state == session.state && *vantages == session.vantages
        };
        if !shown_now(&self.kept.borrow().shown) {
            return false;
        }
        let position = self.ready();
        let Some(event) = shown.possible(kb).into_iter().nth(position) else { return false };
        let ready = self.decided(kb, &session.apply(kb, event));
        self.kept.borrow_mut().ready.push(ready);
        true
    }

    fn decided(&self, kb: &Knowledge, session: &Session) -> Ready {
        let effort = self.effort();
        let start = (self.clock)();
        let view = Rc::new(session.view_with(kb, effort));
        let taken = (self.clock)() - start;
        let mut kept = self.kept.borrow_mut();
        kept.pace = kept.pace.after(taken);
        Ready {
            state: session.state.clone(),
            vantages: session.vantages,
            can_undo: session.can_undo(),
            effort,
            view,
        }
    }

    /// What a decision may cost on this device.
    #[must_use]
    pub fn effort(&self) -> Effort {
        self.kept.borrow().pace.effort()
    }

    /// How many views are ready.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.kept.borrow().ready.len()
    }

    /// How often a view was ready when it was needed.
    #[must_use]
    pub fn used(&self) -> usize {
        self.kept.borrow().used
    }
}

impl Ready {
    /// A view depends on the state, on the probes there are, and on whether there is something to
    /// undo.
    fn is_of(&self, session: &Session) -> bool {
        self.can_undo == session.can_undo()
            && self.vantages == session.vantages
            && self.state == session.state
    }
}

/// The view of the session, and those that may follow once it is shown.
#[hook]
pub fn use_view(store: &Store, ahead: &Ahead) -> Rc<View> {
    let view = use_memo(store.session.clone(), |session| ahead.view(&store.kb, session));
    let view = Rc::clone(&view);
    let (kb, ahead, shown) = (store.kb.clone(), ahead.clone(), Rc::clone(&view));
    use_effect_with(store.session.clone(), move |session| {
        let session = session.clone();
        spawn_local(async move {
            sleep(PAUSE).await;
            while ahead.prepare(&kb, &session, &shown) {
                sleep(PAUSE).await;
            }
        });
    });
    Rc::clone(&view)
}

/// Milliseconds since some moment.
#[cfg(target_arch = "wasm32")]
fn now() -> f64 {
    web_sys::window().and_then(|it| it.performance()).map_or(0.0, |it| it.now())
}

/// Outside a browser nothing is measured.
#[cfg(not(target_arch = "wasm32"))]
fn now() -> f64 {
    0.0
}

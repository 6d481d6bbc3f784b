//! Views computed while the user acts, so that the next step appears at once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use yew::platform::{spawn_local, time::sleep};
use yew::prelude::*;

use super::case::Case;
use super::pace::Pace;
use super::store::Store;
use crate::engine::Effort;
use crate::knowledge::Knowledge;
use crate::session::{Event, Session, State, Vantages, View};

/// Between two computations, so that a tap is never kept waiting by more than one of them.
const PAUSE: Duration = Duration::from_millis(30);

/// What is filled in may be complete once it has stood still for so long: longer than between two
/// keys, shorter than the way from the field to the button.
const STILL: Duration = Duration::from_millis(300);

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
    /// What follows if that which is being filled in is told as it stands.
    expected: Option<Ready>,
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
        let found = self.found(session);
        self.kept.borrow_mut().shown = (session.state.clone(), session.vantages);
        let Some(found) = found else {
            return self.decided(kb, session).view;
        };
        debug_assert_eq!(*found.view, session.view_with(kb, found.effort), "computed afresh");
        self.kept.borrow_mut().used += 1;
        found.view
    }

    /// The view that is ready for a session; the others are dropped.
    fn found(&self, session: &Session) -> Option<Ready> {
        let mut kept = self.kept.borrow_mut();
        let mut ready = std::mem::take(&mut kept.ready).into_iter().chain(kept.expected.take());
        ready.find(|it| it.is_of(session))
    }

    /// Computes one view that may follow. False once all of them are ready, or when another state
    /// is shown by now.
    pub fn prepare(&self, kb: &Knowledge, session: &Session, shown: &View) -> bool {
        if !self.shows(session) {
            return false;
        }
        let position = self.ready();
        let Some(event) = shown.possible(kb).into_iter().nth(position) else { return false };
        let ready = self.decided(kb, &session.apply(kb, event));
        self.kept.borrow_mut().ready.push(ready);
        true
    }

    /// Computes the view after an event that is being filled in, in place of what it was before.
    pub fn expect(&self, kb: &Knowledge, session: &Session, event: Event) {
        if self.shows(session) {
            let expected = self.decided(kb, &session.apply(kb, event));
            self.kept.borrow_mut().expected = Some(expected);
        }
    }

    fn shows(&self, session: &Session) -> bool {
        let (state, vantages) = &self.kept.borrow().shown;
        *state == session.state && *vantages == session.vantages
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

    /// How many views that may follow the one shown are ready.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.kept.borrow().ready.len()
    }

    /// Whether the view after what is being filled in is ready.
    #[must_use]
    pub fn expects(&self) -> bool {
        self.kept.borrow().expected.is_some()
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

/// The view after what is being filled in, once it stands still.
#[hook]
pub fn use_expected(case: &Case, event: Option<Event>) {
    let (kb, ahead) = (case.kb.clone(), case.ahead.clone());
    use_effect_with((case.session.clone(), event), move |(session, event)| {
        let changed = Rc::new(Cell::new(false));
        let (session, event, stale) = (session.clone(), event.clone(), changed.clone());
        spawn_local(async move {
            sleep(STILL).await;
            if let Some(event) = event.filter(|_| !stale.get()) {
                ahead.expect(&kb, &session, event);
            }
        });
        move || changed.set(true)
    });
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

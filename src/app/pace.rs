//! How fast decisions are on this device, and how much effort it can afford.

use crate::engine::Effort;

/// Milliseconds a decision may take: an answer within 100 ms feels immediate (Nielsen 1993,
/// Usability Engineering, ch. 5), and the rest is for drawing it.
pub const LIMIT: f64 = 60.0;

/// So many slow decisions in a row are the device and not a hiccup.
const IN_A_ROW: u8 = 2;

/// What was measured so far. Once quick, it stays so: the advice must not change back and forth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    slow: u8,
}

impl Pace {
    /// After a full decision that took this long.
    #[must_use]
    pub fn after(self, milliseconds: f64) -> Pace {
        let slow = if milliseconds > LIMIT { self.slow + 1 } else { 0 };
        if self.effort() == Effort::Quick { self } else { Pace { slow } }
    }

    /// What the next decision may cost.
    #[must_use]
    pub fn effort(self) -> Effort {
        if self.slow >= IN_A_ROW { Effort::Quick } else { Effort::Full }
    }
}

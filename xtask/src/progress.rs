//! One line per step, so that nobody wonders whether a first build hangs.

use std::time::{Duration, Instant};

/// Numbers the steps of one command.
pub struct Progress {
    of: usize,
    at: usize,
}

impl Progress {
    pub fn new(of: usize) -> Progress {
        Progress { of, at: 0 }
    }

    /// `[2/6] trunk 0.21.14: already there`
    pub fn already(&mut self, what: &str) {
        self.begin(what, "already there");
    }

    /// `[2/6] trunk 0.21.14: installing, about 3 minutes …`
    pub fn begin(&mut self, what: &str, doing: &str) -> Instant {
        self.at += 1;
        println!("[{}/{}] {what}: {doing}", self.at, self.of);
        Instant::now()
    }

    /// A further line under the step begun last.
    pub fn note(text: &str) {
        println!("      {text}");
    }

    /// `      done in 171 s`
    pub fn done(since: Instant) {
        Progress::note(&format!("done in {}", seconds(since.elapsed())));
    }
}

/// Tenths only where they say something.
pub fn seconds(time: Duration) -> String {
    let all = time.as_secs_f64();
    if all < 10.0 { format!("{all:.1} s") } else { format!("{all:.0} s") }
}

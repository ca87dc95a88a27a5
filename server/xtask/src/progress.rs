//! One line for each step, so that a person can follow: `[2/4] Building the server … 41 s`.
//!
//! On a terminal the line lives while the step runs and shows what it is at. In a log each step is one finished
//! line, and a step of several minutes says now and then that it is still there.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::Result;

/// How often a log hears from a step that takes long.
const HEARTBEAT: Duration = Duration::from_mins(1);
/// No wider than this, so that a narrow terminal does not wrap the line that is written over.
const DETAIL_WIDTH: usize = 40;

/// Numbers the steps of one command.
pub struct Progress {
    total: usize,
    at: usize,
}

impl Progress {
    /// A command of so many steps.
    pub fn new(total: usize) -> Self {
        Self { total, at: 0 }
    }

    /// Runs the next step and says how long it took.
    pub fn step<T>(&mut self, what: &str, work: impl FnOnce(&Ticker) -> Result<T>) -> Result<T> {
        self.at += 1;
        let ticker = Ticker::new(format!("[{}/{}] {what}", self.at, self.total));
        ticker.tick("");
        let result = work(&ticker);
        ticker.finish(if result.is_ok() { "" } else { "  FAILED" });
        result
    }
}

/// The line of the step that is running.
pub struct Ticker {
    line: String,
    started: Instant,
    last_sign: Cell<Instant>,
    live: bool,
}

impl Ticker {
    fn new(line: String) -> Self {
        let now = Instant::now();
        Self {
            line,
            started: now,
            last_sign: Cell::new(now),
            live: std::io::stdout().is_terminal(),
        }
    }

    /// How long the step has been running.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Shows that the step is alive, and what it is at.
    pub fn tick(&self, detail: &str) {
        let detail: String = detail.trim().chars().take(DETAIL_WIDTH).collect();
        if self.live {
            print!(
                "\r\x1b[2K{} … {}  {detail}",
                self.line,
                human(self.elapsed())
            );
            // A terminal that cannot be written to is no reason to stop building.
            let _ = std::io::stdout().flush();
        } else if self.last_sign.get().elapsed() >= HEARTBEAT {
            self.last_sign.set(Instant::now());
            println!("      still running, {}  {detail}", human(self.elapsed()));
        }
    }

    fn finish(&self, verdict: &str) {
        let start = if self.live { "\r\x1b[2K" } else { "" };
        println!("{start}{} … {}{verdict}", self.line, human(self.elapsed()));
    }
}

/// A duration in words that are short and exact enough: `0.4 s`, `41 s`, `3 min 05 s`.
pub fn human(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(human(Duration::from_millis(430)), "0.4 s");
        assert_eq!(human(Duration::from_secs(41)), "41 s");
        assert_eq!(human(Duration::from_secs(185)), "3 min 05 s");
    }
}

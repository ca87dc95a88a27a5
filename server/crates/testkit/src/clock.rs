//! A clock that moves only when it is told to.

use domain::{Clock, Duration, Timestamp};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Where the hands stand at the start: a weekday noon, at the very beginning of a 30-second step.
const START: i64 = 1_779_364_800;

/// The time of a test; clones show the same time.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl Default for FixedClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(START * 1000)))
    }
}

impl FixedClock {
    /// Moves the hands forward.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).expect("a test does not wait that long");
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    /// Moves the hands forward by whole seconds.
    pub fn advance_secs(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// Moves the hands back by whole seconds, as a second server's clock may go behind.
    pub fn set_back_secs(&self, seconds: u32) {
        self.0
            .fetch_sub(i64::from(seconds) * 1000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_still_until_it_is_moved_and_clones_move_along() {
        let clock = FixedClock::default();
        let same = clock.clone();
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.now().as_seconds() % 30, 0);
        clock.advance_secs(30);
        assert_eq!(same.now(), Timestamp::from_seconds(START + 30));
    }
}

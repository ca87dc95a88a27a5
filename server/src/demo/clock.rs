//! The clock of the demo, which is set back while its past is filled in.

use domain::{Clock, Duration, Timestamp};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A clock that can be set back.
pub struct DemoClock {
    clock: Arc<dyn Clock>,
    back_s: AtomicU64,
}

impl DemoClock {
    /// A clock that shows the time of another one.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            back_s: AtomicU64::new(0),
        }
    }

    /// Sets it this much behind the other one, in whole seconds.
    pub fn set_back(&self, by: Duration) {
        self.back_s.store(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        let back = Duration::from_secs(self.back_s.load(Ordering::SeqCst));
        self.clock.now().minus(back)
    }
}

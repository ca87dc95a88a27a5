//! Work that is done later: what goes first, and when a failed job is tried again.

use crate::Duration;

/// Which jobs go first. A job of a later class never delays one of an earlier class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody waits for the result: a link, a code, an answer.
    Waiting,
    /// One person is told of something, or the program looks after itself.
    Notice,
    /// One of many that were queued together.
    Bulk,
}

impl Priority {
    /// Every class, the first to go first.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Notice, Self::Bulk];

    /// The class as it is stored.
    pub const fn as_number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Notice => 1,
            Self::Bulk => 2,
        }
    }

    /// Reads back a stored class; none when the number stands for no class.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_number() == number)
    }
}

/// The pause after the first failed attempt; each further one is twice as long …
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// … up to this.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// After this many attempts a job no longer holds back the later jobs of its lane: 15 minutes.
pub const ATTEMPTS_IN_LANE: u32 = 5;
/// After this many attempts a job is given up, whatever its handler says: about two days.
pub const MOST_ATTEMPTS: u32 = 50;

/// How long to wait after this many failed attempts: 30 s, 1 min, 2 min … 1 h. There is no jitter:
/// leases already keep workers from trying the same job at once.
pub fn pause(attempts: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)))
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<u64> = (1..10).map(|attempts| pause(attempts).as_secs()).collect();
        assert_eq!(seconds, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn a_stored_class_is_read_back() {
        for class in Priority::ALL {
            assert_eq!(Priority::from_number(class.as_number()), Some(class));
        }
        assert_eq!(Priority::from_number(3), None);
    }
}

//! Browsers that an account has signed in with.
//!
//! For a known browser no notice is sent, and wrong passwords from other browsers do not make it wait
//! (OWASP, "device cookies"). A remembered one replaces the second factor for a while.

use crate::{Duration, Timestamp};

/// A browser without a sign-in for this long is no longer known.
pub const KNOWN: Duration = Duration::from_hours(365 * 24);
/// For this long the second step is skipped on a remembered browser.
pub const REMEMBERED: Duration = Duration::from_hours(30 * 24);

/// After this long a browser has limits of its own.
pub const SETTLED: Duration = Duration::from_hours(24);

/// Whether a browser has been known for a day: longer than somebody who has just learnt the password has had one.
pub fn is_settled(now: Timestamp, created: Timestamp) -> bool {
    now.since(created) >= SETTLED
}

/// Whether a browser whose last sign-in was then is still known.
pub fn is_known(now: Timestamp, last_seen: Timestamp) -> bool {
    now.since(last_seen) < KNOWN
}

/// Whether the second step is skipped on a browser that is remembered until then.
///
/// A time further away than any that is ever stored means that the clock was set back: it does not
/// count.
pub fn is_remembered(now: Timestamp, until: Option<Timestamp>) -> bool {
    until.is_some_and(|until| until > now && until <= now.plus(REMEMBERED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000_000);

    #[test]
    fn a_browser_is_known_for_a_year() {
        let nearly = NOW.plus(KNOWN).minus(Duration::from_secs(1));
        assert!(is_known(nearly, NOW));
        assert!(!is_known(NOW.plus(KNOWN), NOW));
    }

    #[test]
    fn a_browser_is_settled_after_a_day() {
        let day = NOW.plus(Duration::from_hours(24));
        assert!(!is_settled(day.minus(Duration::from_secs(1)), NOW));
        assert!(is_settled(day, NOW));
    }

    #[test]
    fn a_browser_is_remembered_for_thirty_days() {
        let until = NOW.plus(Duration::from_hours(720));
        assert!(is_remembered(NOW, Some(until)));
        assert!(is_remembered(
            until.minus(Duration::from_secs(1)),
            Some(until)
        ));
        assert!(!is_remembered(until, Some(until)));
        assert!(!is_remembered(
            NOW.minus(Duration::from_secs(1)),
            Some(until)
        ));
        assert!(!is_remembered(NOW, None));
    }
}

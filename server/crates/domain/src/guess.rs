//! Consecutive wrong passwords and wrong codes: the wait for the next attempt grows with their number,
//! and after the hundredth no further one is allowed.
//!
//! A memorised secret or a one-time password may be guessed wrongly at most 100 times in a row (NIST SP 800-63B-4,
//! section 3.2.2). Every attempt is counted as wrong before it is verified, and a right one removes
//! the count: so the count is exact under any number of parallel requests. `store::guesses` runs
//! the same arithmetic in SQL.

use crate::{Duration, Timestamp};

/// How the wait grows, and how many attempts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// From how many wrong attempts on which wait follows each, both growing. Before the first of
    /// them there is no wait.
    pub steps: [(u32, Duration); 4],
    /// After this many no further attempt is allowed.
    pub most: u32,
}

/// Passwords for one address of a realm, whether it exists or not, and from each known device.
///
/// Ten at once are more than a user needs who tries a few passwords; an attacker gets twenty in the
/// first ten minutes, thirty in the first hour, and needs more than two days for all.
pub const PASSWORDS: Schedule = Schedule {
    steps: [
        (10, Duration::from_mins(1)),
        (20, Duration::from_mins(5)),
        (30, Duration::from_mins(15)),
        (50, Duration::from_hours(1)),
    ],
    most: 100,
};

/// Codes of the second factor for one account, at the second step and behind a reset link, and from each known device
/// (promise C04). Recovery codes are counted with the six digits.
///
/// With two valid codes at a time five at once are a chance of 1 in 100 000, and all hundred, which
/// take more than two days, of 1 in 5 000. An attacker who is asked for a code knows the
/// password, so the owner is notified at each step.
pub const CODES: Schedule = Schedule {
    steps: [
        (5, Duration::from_mins(3)),
        (10, Duration::from_mins(5)),
        (20, Duration::from_mins(15)),
        (50, Duration::from_hours(1)),
    ],
    most: 100,
};

/// Proofs inside a session, from all devices of one account that it has not known for a day, and from each of the others:
/// passwords, the current password where a new one is chosen, and codes, each by themselves.
///
/// Somebody at an open session has five of each at once, and needs more than two days for all hundred. The owner is
/// notified at each step.
pub const PROOFS: Schedule = Schedule {
    steps: [
        (5, Duration::from_mins(1)),
        (10, Duration::from_mins(5)),
        (20, Duration::from_mins(15)),
        (50, Duration::from_hours(1)),
    ],
    most: 100,
};

/// How many wrong attempts there were, and when the next one is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Attempts since the last right one.
    pub wrong: u32,
    /// When the next one is allowed.
    pub not_before: Timestamp,
}

/// Why no attempt is allowed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The next one is allowed after this time.
    Wait(Duration),
    /// None is allowed until the count is removed.
    Closed,
}

impl Schedule {
    /// The wait that follows the `wrong`th wrong attempt.
    pub fn wait_after(&self, wrong: u32) -> Duration {
        let reached = self.steps.iter().rev().find(|(from, _)| wrong >= *from);
        reached.map_or(Duration::ZERO, |(_, wait)| *wait)
    }

    /// The last step that so many wrong attempts have reached, the end included: at how many it begins.
    pub fn step_reached(&self, wrong: u32) -> Option<u32> {
        let steps = self.steps.iter().map(|(from, _)| *from);
        let steps = steps.chain([self.most]);
        steps.filter(|from| wrong >= *from).max()
    }

    /// Registers one attempt: the new count, or why it is refused.
    ///
    /// This is the rule that the SQL statement is tested against.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn take(&self, count: Option<Count>, now: Timestamp) -> Result<Count, Refused> {
        let (wrong, not_before) = count.map_or((0, now), |count| (count.wrong, count.not_before));
        if wrong >= self.most {
            return Err(Refused::Closed);
        }
        if not_before > now {
            return Err(Refused::Wait(not_before.since(now)));
        }
        let wrong = wrong + 1;
        Ok(Count {
            wrong,
            not_before: now.plus(self.wait_after(wrong)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp::from_seconds(1_000);

    #[test]
    fn the_wait_grows_with_the_number_of_mistakes() {
        let minutes = |wrong| PASSWORDS.wait_after(wrong).as_secs() / 60;
        let expected = [
            (1, 0),
            (9, 0),
            (10, 1),
            (19, 1),
            (20, 5),
            (29, 5),
            (30, 15),
            (49, 15),
            (50, 60),
            (99, 60),
        ];
        for (wrong, wait) in expected {
            assert_eq!(minutes(wrong), wait, "after {wrong}");
        }
    }

    #[test]
    fn a_step_is_reached_by_the_try_that_its_wait_follows() {
        let expected = [
            (0, None),
            (4, None),
            (5, Some(5)),
            (9, Some(5)),
            (10, Some(10)),
            (20, Some(20)),
            (49, Some(20)),
            (99, Some(50)),
            (100, Some(100)),
        ];
        for (wrong, step) in expected {
            assert_eq!(CODES.step_reached(wrong), step, "after {wrong}");
        }
    }

    #[test]
    fn a_hundred_codes_take_more_than_two_days() {
        let waits = (1..100).map(|wrong| CODES.wait_after(wrong).as_secs());
        assert!(waits.sum::<u64>() > 48 * 3600);
    }

    #[test]
    fn a_patient_guesser_gets_a_hundred_tries_in_more_than_two_days() {
        let (mut now, mut count) = (START, None);
        for number in 1..=100 {
            let taken = PASSWORDS.take(count, now);
            assert!(taken.is_ok(), "{number}");
            count = taken.ok();
            now = count.map_or(now, |count| count.not_before);
        }
        assert!(now.since(START) > Duration::from_hours(48));
        let later = now.plus(Duration::from_hours(100_000));
        assert_eq!(PASSWORDS.take(count, later), Err(Refused::Closed));
    }

    #[test]
    fn the_eleventh_waits_a_minute() {
        let mut count = None;
        for _ in 0..10 {
            count = PASSWORDS.take(count, START).ok();
        }
        let wait = Err(Refused::Wait(Duration::from_mins(1)));
        assert_eq!(PASSWORDS.take(count, START), wait);
        assert!(
            PASSWORDS
                .take(count, START.plus(Duration::from_mins(1)))
                .is_ok()
        );
    }

    proptest! {
        /// Whatever the rhythm: never past the hundredth, and never two attempts closer than the wait
        /// between them.
        #[test]
        fn no_rhythm_gets_more(waits in prop::collection::vec(0_u64..8_000, 1..400)) {
            let (mut now, mut count): (Timestamp, Option<Count>) = (START, None);
            let mut taken: Vec<Timestamp> = Vec::new();
            for wait in waits {
                now = now.plus(Duration::from_secs(wait));
                match PASSWORDS.take(count, now) {
                    Ok(next) => {
                        count = Some(next);
                        taken.push(now);
                    }
                    Err(Refused::Closed) => prop_assert_eq!(taken.len(), 100),
                    Err(Refused::Wait(wait)) => prop_assert!(wait <= Duration::from_hours(1)),
                }
            }
            prop_assert!(taken.len() <= 100);
            for (number, pair) in (1_u32..).zip(taken.windows(2)) {
                prop_assert!(pair[1].since(pair[0]) >= PASSWORDS.wait_after(number));
            }
        }
    }
}

//! Sessions: how long they live and which proofs they give.

use crate::{Duration, Realm, Timestamp};
pub use vocabulary::{FirstStep, SecondStep, SignInMethod as Method};

/// Whether this sign-in is a proof for sensitive actions ([`RECENT_PROOF`]).
///
/// A password or a code is one. A provider may have asked for nothing, since its own session is
/// open in the same browser; its assertion is a proof only for a user who has neither password
/// nor code (`knows_nothing`).
pub const fn is_proof(method: Method, knows_nothing: bool) -> bool {
    matches!(method.first, FirstStep::Password)
        || matches!(
            method.second,
            Some(SecondStep::Code | SecondStep::RecoveryCode)
        )
        || knows_nothing
}

/// The lifetime of a session.
///
/// NIST SP 800-63B-4 asks for an overall limit of at most 24 hours and an idle one of at most one
/// hour at AAL2 (section 2.2.3), and of 30 days at AAL1 (2.1.3), each as a "should"; ASVS 7.3.1 and
/// 7.3.2 ask for both limits. `docs/decisions/0011` weighs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// It ends when it was not used for this long.
    pub idle: Duration,
    /// It ends this long after it began, used or not.
    pub absolute: Duration,
}

impl Lifetime {
    const fn hours(idle: u64, absolute: u64) -> Self {
        Self {
            idle: Duration::from_hours(idle),
            absolute: Duration::from_hours(absolute),
        }
    }

    /// The lifetime of the sessions of a realm; `stay` is the choice to stay signed in.
    ///
    /// Managers see other people's data: a working day, or with "stay signed in" at most a long
    /// weekend between two visits.
    pub const fn of(realm: &Realm, stay: bool) -> Self {
        match (realm, stay) {
            (Realm::BackOffice, false) => Self::hours(1, 12),
            (Realm::BackOffice, true) => Self::hours(3 * 24, 14 * 24),
            (Realm::Organisation(_), false) => Self::hours(2, 24),
            (Realm::Organisation(_), true) => Self::hours(14 * 24, 30 * 24),
        }
    }

    /// When a session ends that began at `created` and was last used at `last_seen`, and by which of the
    /// limits.
    pub fn end(self, created: Timestamp, last_seen: Timestamp) -> (Timestamp, Ending) {
        let (idle, age) = (last_seen.plus(self.idle), created.plus(self.absolute));
        if idle < age {
            (idle, Ending::Idle)
        } else {
            (age, Ending::Age)
        }
    }

    /// By which of the limits it has ended; `None` while it is valid.
    pub fn ended(self, now: Timestamp, created: Timestamp, last_seen: Timestamp) -> Option<Ending> {
        let (end, ending) = self.end(created, last_seen);
        (end <= now).then_some(ending)
    }
}

/// Why a session has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was not used for too long.
    Idle,
    /// It was as old as sessions get.
    Age,
    /// It was revoked: by its owner from another browser, or by a change of password or factor.
    Revoked,
}

/// A session is kept this long after its end, so that its browser can be told why it ended, and the
/// input of a form that came too late is not lost.
pub const ENDED_IS_KNOWN: Duration = Duration::from_hours(7 * 24);
/// The user is warned this long before the end. WCAG 2.2.1 asks for 20 seconds at least.
pub const WARNING: Duration = Duration::from_mins(10);
/// "Last seen" is written at most this often, so that reading a page is not a write.
pub const SEEN_RESOLUTION: Duration = Duration::from_mins(1);
/// A proof given this recently need not be given again (step-up).
pub const RECENT_PROOF: Duration = Duration::from_mins(5);

/// Whether a code of the second factor, set up at `factor_since`, was given in a session.
///
/// Setting a factor up takes its first code and ends every other session: a session that is older than the factor is the
/// one that set it up. A provider's own factor and a remembered device are no code.
pub fn has_given_code(method: Method, created_at: Timestamp, factor_since: Timestamp) -> bool {
    let at_sign_in = matches!(
        method.second,
        Some(SecondStep::Code | SecondStep::RecoveryCode)
    );
    at_sign_in || created_at <= factor_since
}

/// Whether a proof given at `proved` is still valid.
///
/// A proof "in the future" means that the clock was set back: it does not count.
pub fn is_recent_proof(now: Timestamp, proved: Timestamp) -> bool {
    proved <= now && now.since(proved) < RECENT_PROOF
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OrganisationId;

    const BORN: Timestamp = Timestamp::from_seconds(100_000);

    fn at(seconds: u64) -> Timestamp {
        BORN.plus(Duration::from_secs(seconds))
    }

    fn town() -> Realm {
        Realm::Organisation(OrganisationId::from("town".to_owned()))
    }

    /// Red when a provider's assertion counts as the proof of a user who has a password.
    #[test]
    fn what_was_shown_is_a_proof_and_a_word_is_none() {
        for first in FirstStep::ALL {
            for second in [None].into_iter().chain(SecondStep::ALL.map(Some)) {
                let code = matches!(second, Some(SecondStep::Code | SecondStep::RecoveryCode));
                let method = Method { first, second };
                assert_eq!(
                    is_proof(method, false),
                    first == FirstStep::Password || code
                );
                assert!(is_proof(method, true));
            }
        }
    }

    #[test]
    fn a_session_dies_of_age_and_of_idleness() {
        let lifetime = Lifetime::of(&Realm::BackOffice, false);
        assert_eq!(lifetime.ended(at(3599), BORN, BORN), None);
        assert_eq!(lifetime.ended(at(3600), BORN, BORN), Some(Ending::Idle));
        assert_eq!(lifetime.ended(at(43_199), BORN, at(43_000)), None);
        assert_eq!(
            lifetime.ended(at(43_200), BORN, at(43_199)),
            Some(Ending::Age)
        );
        // What came first is the reason, however late it is looked at.
        assert_eq!(lifetime.ended(at(90_000), BORN, BORN), Some(Ending::Idle));
        assert_eq!(lifetime.end(BORN, at(60)), (at(3660), Ending::Idle));
        assert_eq!(lifetime.end(BORN, at(43_000)), (at(43_200), Ending::Age));
    }

    #[test]
    fn without_the_choice_no_session_outlives_a_day() {
        for realm in [Realm::BackOffice, town()] {
            assert!(Lifetime::of(&realm, false).absolute <= Duration::from_hours(24));
        }
        let idle = Lifetime::of(&Realm::BackOffice, false).idle;
        assert!(idle <= Duration::from_hours(1), "NIST, AAL2");
    }

    /// WCAG 2.2.1: the limit can be adjusted beforehand to ten times its default.
    #[test]
    fn the_choice_makes_both_limits_ten_times_as_long() {
        for realm in [Realm::BackOffice, town()] {
            let (plain, stay) = (Lifetime::of(&realm, false), Lifetime::of(&realm, true));
            assert!(stay.idle >= plain.idle * 10 && stay.absolute >= plain.absolute * 10);
            assert!(stay.absolute <= Duration::from_hours(30 * 24), "NIST, AAL1");
            assert!(plain.idle > WARNING * 2 && stay.idle <= stay.absolute);
        }
    }

    #[test]
    fn a_code_was_given_at_the_sign_in_or_when_the_factor_was_set_up() {
        for second in [None].into_iter().chain(SecondStep::ALL.map(Some)) {
            let method = Method {
                first: FirstStep::Password,
                second,
            };
            let code = matches!(second, Some(SecondStep::Code | SecondStep::RecoveryCode));
            assert_eq!(has_given_code(method, at(1), at(0)), code, "{second:?}");
            assert!(has_given_code(method, at(0), at(1)), "{second:?}");
        }
    }

    #[test]
    fn a_proof_is_recent_for_five_minutes() {
        let proved = Timestamp::from_seconds(100_000);
        assert!(is_recent_proof(
            proved.plus(Duration::from_secs(299)),
            proved
        ));
        assert!(!is_recent_proof(
            proved.plus(Duration::from_mins(5)),
            proved
        ));
        assert!(!is_recent_proof(
            proved.minus(Duration::from_secs(1)),
            proved
        ));
    }
}

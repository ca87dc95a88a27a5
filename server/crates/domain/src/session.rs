//! Sessions: how long they live and what they prove.

use crate::{Duration, Timestamp};

/// How the person of a session proved who she is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The password alone; the account has no second factor.
    Password,
    /// The password and a code of the authenticator application.
    PasswordAndTotp,
    /// The password and a recovery code.
    PasswordAndRecoveryCode,
    /// The password, in a browser that is remembered: no code was asked for.
    PasswordAndDevice,
}

impl Method {
    /// The method as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndTotp => "password_totp",
            Self::PasswordAndRecoveryCode => "password_recovery_code",
            Self::PasswordAndDevice => "password_device",
        }
    }

    /// Takes back a stored method.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Password,
            Self::PasswordAndTotp,
            Self::PasswordAndRecoveryCode,
            Self::PasswordAndDevice,
        ]
        .into_iter()
        .find(|method| method.as_str() == text)
    }
}

/// A session ends this long after it began, used or not.
///
/// NIST SP 800-63B-4 asks for at most 24 hours at AAL2 (section 2.2.3).
pub const ABSOLUTE_LIFETIME: Duration = Duration::from_hours(24);
/// A session ends when it was not used for this long.
pub const IDLE_LIFETIME: Duration = Duration::from_hours(1);
/// "Last seen" is written at most this often, so that reading a page is not a write.
pub const SEEN_RESOLUTION: Duration = Duration::from_mins(1);
/// A proof given this recently need not be given again (step-up).
pub const RECENT_PROOF: Duration = Duration::from_mins(5);

/// Whether a session that began and was last seen then is still alive.
pub fn is_alive(now: Timestamp, created: Timestamp, last_seen: Timestamp) -> bool {
    now.since(created) < ABSOLUTE_LIFETIME && now.since(last_seen) < IDLE_LIFETIME
}

/// Whether a proof given at `proved` still counts.
///
/// A proof "in the future" means that the clock was set back: it does not count.
pub fn is_recent_proof(now: Timestamp, proved: Timestamp) -> bool {
    proved <= now && now.since(proved) < RECENT_PROOF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_dies_of_age_and_of_idleness() {
        let born = Timestamp::from_seconds(100_000);
        let at = |seconds: u64| born.plus(Duration::from_secs(seconds));
        assert!(is_alive(at(3599), born, born));
        assert!(!is_alive(at(3600), born, born));
        assert!(is_alive(at(86_399), born, at(86_000)));
        assert!(!is_alive(at(86_400), born, at(86_399)));
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

//! The steps of a sign-in, as one small machine.
//!
//! A sign-in is a record on the server with an explicit step. A step is allowed only from its
//! predecessor, whatever the browser sends, and everything that the earlier steps relied on is
//! checked again when the session is made: the account may have been locked, its password
//! changed or its second factor switched on in between (Keycloak CVE-2026-9798, GHSA-xg6x).
//!
//! ```text
//! (nothing) ── right password ──► AwaitingCode ── right code ──► session
//!           └─ right password, no second factor ──────────────► session
//!           └─ right password, remembered browser ────────────► session
//! ```

use crate::{AccountStatus, Duration, Timestamp, session::Method};

/// A begun sign-in must be finished within this time.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// After this many wrong codes the sign-in starts again from the password.
pub const MAX_WRONG_CODES: u32 = 5;

/// What is known of an account at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether the account may be used at all.
    pub status: AccountStatus,
    /// When its password was set; none was set before the set-up link was used.
    pub password_set_at: Option<Timestamp>,
    /// Whether the person has proved that the address is hers.
    pub confirmed: bool,
    /// Whether a second factor is active.
    pub second_factor: bool,
}

/// Where a sign-in goes after the password was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterPassword {
    /// The person is in.
    SignedIn(Method),
    /// A code is asked for.
    AskCode,
    /// Nothing happened, and the answer does not say why.
    Refused,
    /// The password was right, but the address is not confirmed: only who knows the password is
    /// told.
    Unconfirmed,
}

/// Judges the first step. `remembered` is whether this browser is one that the account's owner
/// asked not to be asked for codes on.
pub fn after_password(
    password_is_right: bool,
    account: Standing,
    remembered: bool,
) -> AfterPassword {
    let usable = account.status == AccountStatus::Active && account.password_set_at.is_some();
    if !password_is_right || !usable {
        AfterPassword::Refused
    } else if !account.confirmed {
        AfterPassword::Unconfirmed
    } else if account.second_factor && remembered {
        AfterPassword::SignedIn(Method::PasswordAndDevice)
    } else if account.second_factor {
        AfterPassword::AskCode
    } else {
        AfterPassword::SignedIn(Method::Password)
    }
}

/// A sign-in that waits for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// When the password was accepted.
    pub created_at: Timestamp,
    /// Which password it was, by the time it was set.
    pub password_set_at: Timestamp,
    /// Wrong codes so far.
    pub wrong_codes: u32,
}

impl Pending {
    /// Whether the sign-in can still be finished: checked when the code page is shown, when a
    /// code arrives, and once more in the transaction that makes the session.
    pub fn is_open(self, now: Timestamp, account: Standing) -> bool {
        now.since(self.created_at) < LIFETIME
            && self.created_at <= now.plus(Duration::from_secs(1))
            && self.wrong_codes < MAX_WRONG_CODES
            && account.status == AccountStatus::Active
            && account.password_set_at == Some(self.password_set_at)
            && account.confirmed
            && account.second_factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SET: Timestamp = Timestamp::from_seconds(1_000);
    const NOW: Timestamp = Timestamp::from_seconds(2_000);
    const ACTIVE: Standing = Standing {
        status: AccountStatus::Active,
        password_set_at: Some(SET),
        confirmed: true,
        second_factor: true,
    };
    const PENDING: Pending = Pending {
        created_at: NOW,
        password_set_at: SET,
        wrong_codes: 0,
    };

    #[test]
    fn the_password_alone_opens_only_accounts_without_a_second_factor() {
        let plain = Standing {
            second_factor: false,
            ..ACTIVE
        };
        assert_eq!(after_password(true, ACTIVE, false), AfterPassword::AskCode);
        assert_eq!(
            after_password(true, plain, false),
            AfterPassword::SignedIn(Method::Password)
        );
        assert_eq!(after_password(false, plain, false), AfterPassword::Refused);
    }

    #[test]
    fn a_remembered_browser_stands_for_the_code_and_for_nothing_else() {
        let device = AfterPassword::SignedIn(Method::PasswordAndDevice);
        assert_eq!(after_password(true, ACTIVE, true), device);
        assert_eq!(after_password(false, ACTIVE, true), AfterPassword::Refused);
        let plain = Standing {
            second_factor: false,
            ..ACTIVE
        };
        assert_eq!(
            after_password(true, plain, true),
            AfterPassword::SignedIn(Method::Password)
        );
    }

    #[test]
    fn a_locked_account_or_one_without_password_is_refused() {
        let locked = Standing {
            status: AccountStatus::Locked,
            ..ACTIVE
        };
        let invited = Standing {
            password_set_at: None,
            ..ACTIVE
        };
        assert_eq!(after_password(true, locked, true), AfterPassword::Refused);
        assert_eq!(after_password(true, invited, true), AfterPassword::Refused);
    }

    #[test]
    fn an_unconfirmed_address_opens_nothing_and_is_told_to_who_knows_the_password() {
        let unconfirmed = Standing {
            confirmed: false,
            ..ACTIVE
        };
        assert_eq!(
            after_password(true, unconfirmed, true),
            AfterPassword::Unconfirmed
        );
        assert_eq!(
            after_password(false, unconfirmed, true),
            AfterPassword::Refused
        );
        assert!(!PENDING.is_open(NOW, unconfirmed));
    }

    #[test]
    fn what_changed_in_between_closes_the_sign_in() {
        assert!(PENDING.is_open(NOW, ACTIVE));
        let later = NOW.plus(LIFETIME);
        assert!(!PENDING.is_open(later, ACTIVE));
        assert!(!PENDING.is_open(
            NOW,
            Standing {
                status: AccountStatus::Locked,
                ..ACTIVE
            }
        ));
        assert!(!PENDING.is_open(
            NOW,
            Standing {
                second_factor: false,
                ..ACTIVE
            }
        ));
        assert!(!PENDING.is_open(
            NOW,
            Standing {
                password_set_at: Some(NOW),
                ..ACTIVE
            }
        ));
        assert!(
            !Pending {
                wrong_codes: MAX_WRONG_CODES,
                ..PENDING
            }
            .is_open(NOW, ACTIVE)
        );
    }

    proptest! {
        #[test]
        fn with_a_second_factor_only_a_remembered_browser_is_in_after_the_password(
            right in any::<bool>(), locked in any::<bool>(), remembered in any::<bool>(), set in prop::option::of(0_i64..10_000),
        ) {
            let account = Standing {
                status: if locked { AccountStatus::Locked } else { AccountStatus::Active },
                password_set_at: set.map(Timestamp::from_seconds),
                confirmed: true,
                second_factor: true,
            };
            let signed_in = matches!(after_password(right, account, remembered), AfterPassword::SignedIn(_));
            prop_assert_eq!(signed_in, right && !locked && set.is_some() && remembered);
        }
    }
}

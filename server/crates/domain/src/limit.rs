//! Rate limits: the generic cell rate algorithm (ITU-T I.371).
//!
//! A bucket holds `burst` attempts and regains one every `period`. Its whole state is one number,
//! the *theoretical arrival time* (TAT): the moment at which the bucket will be full again. That
//! makes taking an attempt one conditional update of one row, exact under any number of parallel
//! requests and processes; `store::limits` runs the same arithmetic in SQL.

use crate::{Duration, Timestamp, time::millis};

/// A bucket's size and its refill rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Attempts that may follow each other at once.
    pub burst: u32,
    /// Time in which one attempt is regained.
    pub period: Duration,
}

/// Password attempts from one network: wide, since a town hall shares one address.
pub const PASSWORD_PER_NETWORK: Limit = Limit::new(100, 5);
/// Sign-ins to one account: somebody who knows the password may not fill the tables of sessions and devices.
pub const SIGN_INS_PER_ACCOUNT: Limit = Limit::new(20, 60);
/// Passwords that are checked for one known device, right ones too: each costs a hash of the lane that is served first.
pub const PASSWORDS_PER_DEVICE: Limit = Limit::new(30, 10);
/// Proofs that are checked in the sessions of one account, right ones too.
pub const PROOFS_CHECKED_PER_ACCOUNT: Limit = Limit::new(30, 10);
/// Mails about new devices of one account; further ones of the hour are told together.
pub const DEVICE_MAILS_PER_ACCOUNT: Limit = Limit::new(3, 20 * 60);
/// Changes of one's own name and of the language of mails: each is a line of the log for good.
pub const DETAILS_PER_ACCOUNT: Limit = Limit::new(20, 3 * 60);
/// Strength checks of a password while it is typed, from one network: wide, since each is cheap and
/// the page asks for one at every pause; narrow enough to keep a core free.
pub const JUDGEMENTS_PER_NETWORK: Limit = Limit::new(100, 1);
/// Votes on help articles from one network.
pub const VOTES_PER_NETWORK: Limit = Limit::new(60, 60);
/// Password reset requests from one network.
pub const RESETS_PER_NETWORK: Limit = Limit::new(30, 60);
/// Supports given and taken back by one account.
pub const SUPPORTS_PER_ACCOUNT: Limit = Limit::new(60, 10);
/// Registrations from one network: wide, since a town hall and a school share one address.
pub const REGISTRATIONS_PER_NETWORK: Limit = Limit::new(60, 30);
/// Mails of registrations to one address from one network: five, then one every five minutes. The mail waits; nobody is
/// refused.
pub const REGISTRATION_MAILS_PER_NETWORK: Limit = Limit::new(5, 5 * 60);
/// Mails of registrations to one address from all networks: twice as many, so that a stranger does not use up those of the
/// owner.
pub const REGISTRATION_MAILS_PER_ADDRESS: Limit = Limit::new(10, 150);
/// Mails of registrations to one address for all organisations: what a mailbox gets of a flood.
pub const REGISTRATION_MAILS_PER_MAILBOX: Limit = Limit::new(12, 10 * 60);
/// Mails of registrations to one mail domain, which would refuse the mails of everybody otherwise; they wait.
pub const REGISTRATION_MAILS_PER_DOMAIN: Limit = Limit::new(600, 3);
/// Mails of registrations, of all together; they wait.
pub const REGISTRATION_MAILS: Limit = Limit::new(1_000, 1);
/// Attempts at the short code of one mail.
pub const CODES_PER_MAIL: Limit = Limit::new(5, 3600);
/// Mails that a visitor can cause to one address, registered or not: three an hour. Notices about an
/// account are not counted, or an attacker could use them up first.
pub const MAILS_PER_ADDRESS: Limit = Limit::new(3, 20 * 60);
/// Mails to addresses without an account, of all together: six a minute. Anybody can cause them, and a provider that is
/// asked to deliver thousands refuses the mails of everybody.
pub const MAILS_TO_STRANGERS: Limit = Limit::new(200, 10);
/// Requests of all accounts to change to one and the same address. Fewer than the mails that may be
/// sent to it: two an hour are left for the owner of the address, so that no other account can keep a
/// password reset link from that owner.
pub const WISHES_PER_ADDRESS: Limit = Limit::new(1, 60 * 60);
/// Requests of one account to change the address: each writes to an unconfirmed address and to the
/// current one.
pub const ADDRESS_WISHES_PER_ACCOUNT: Limit = Limit::new(5, 10 * 60);
/// Downloads of one's own data: each is logged and mailed, and contains the whole log.
pub const DATA_PER_ACCOUNT: Limit = Limit::new(3, 20 * 60);
/// Messages for the next page of a visitor who is not signed in, from one network: each is a row for
/// five minutes. Wide, since a town hall shares one address, and every other refusal needs one.
pub const FLASHES_PER_NETWORK: Limit = Limit::new(300, 1);
/// Tokens presented from one network.
pub const TOKENS_PER_NETWORK: Limit = Limit::new(60, 10);

/// Round trips to a provider begun from one network: as wide as for passwords, since a town hall
/// shares one address; each writes a row.
pub const FLOWS_PER_NETWORK: Limit = Limit::new(100, 5);

impl Limit {
    /// A bucket of `burst` attempts that regains one every `period_seconds`.
    pub const fn new(burst: u32, period_seconds: u64) -> Self {
        Self {
            burst,
            period: Duration::from_secs(period_seconds),
        }
    }

    /// The limit of a group whose members share `times` as much: a larger burst, regained faster.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            burst: self.burst.saturating_mul(times),
            period: self.period / times.max(1),
        }
    }

    /// How far the TAT may lie ahead of now after an attempt was taken, in milliseconds.
    pub fn window_millis(self) -> i64 {
        millis(self.period).saturating_mul(i64::from(self.burst))
    }

    /// Takes one attempt: the new TAT, or how long to wait for the next one.
    ///
    /// This is the rule that the SQL statement is tested against.
    pub fn take(self, tat: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, Duration> {
        let next = tat.map_or(now, |tat| tat.max(now)).plus(self.period);
        let ahead = next.as_millis() - now.as_millis();
        if ahead > self.window_millis() {
            let wait = u64::try_from(ahead - self.window_millis()).unwrap_or(0);
            Err(Duration::from_millis(wait))
        } else {
            Ok(next)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: Limit = Limit::new(5, 180);

    #[test]
    fn five_tries_then_a_wait_then_one_more() {
        let start = Timestamp::from_seconds(1_000);
        let mut tat = None;
        for _ in 0..5 {
            tat = LIMIT.take(tat, start).ok();
            assert!(tat.is_some());
        }
        assert_eq!(LIMIT.take(tat, start), Err(Duration::from_mins(3)));
        let later = start.plus(Duration::from_mins(3));
        assert!(LIMIT.take(tat, later).is_ok());
    }

    proptest! {
        /// Whatever the rhythm, never more than the burst plus what came back.
        #[test]
        fn never_more_than_the_bucket_gives(waits in prop::collection::vec(0_u64..400, 1..200)) {
            let start = Timestamp::from_seconds(1_000);
            let (mut now, mut tat, mut taken) = (start, None, 0_u64);
            for wait in waits {
                now = now.plus(Duration::from_secs(wait));
                if let Ok(next) = LIMIT.take(tat, now) {
                    tat = Some(next);
                    taken += 1;
                }
            }
            prop_assert!(taken <= 5 + now.since(start).as_secs() / 180);
        }
    }
}

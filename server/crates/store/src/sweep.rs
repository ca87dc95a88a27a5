//! Removing what is kept no longer, a bounded part at a time.
//!
//! Each call is one short transaction, so that a sweep over any number of rows never keeps other
//! writers waiting for long. How long something is kept is `domain::retention`'s business.

use crate::{
    Store, StoreError,
    conn::{Conn, execute, statements},
};
use domain::Timestamp;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long a transaction is to take. SQLite's only writer must not be held longer than 50 ms, and a
/// slow disk or a busy machine can triple the time of the one before.
const TARGET: Duration = Duration::from_millis(15);
/// The least time between two transactions, for other writers.
const PAUSE: Duration = Duration::from_millis(5);
const FIRST_BATCH: u32 = 50;
const SMALLEST_BATCH: u32 = 10;
const LARGEST_BATCH: u32 = 500;

/// Rows that a sweep removes once a time of theirs has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expired {
    /// Sessions that began before the time.
    SessionsByAge(SessionKind),
    /// Sessions that were last used before the time.
    SessionsByUse(SessionKind),
    /// Sessions that were ended before the time.
    SessionsRevoked,
    /// Sign-ins that began before the time, finished or not.
    SignIns,
    /// Tokens that expired before the time.
    TokensExpired,
    /// Tokens that were consumed before the time.
    TokensConsumed,
    /// Tokens that were made void before the time.
    TokensVoid,
    /// Round trips to a provider that began at the time or before.
    ProviderFlows,
    /// Drafts that were kept until the time or before.
    Drafts,
    /// Messages for the next page that were kept until the time or before.
    Flashes,
    /// Limits whose bucket is full again at the time.
    Limits,
    /// Counts of wrong attempts whose last one was before the time. A count that reached `most`
    /// stays: time alone must not allow a further attempt.
    Attempts {
        /// The number that allows no further attempt.
        most: u32,
    },
    /// Counts of wrong attempts on devices that reached `most`, and whose last one was before the time.
    AttemptsOnDevices {
        /// The number that allows no further attempt.
        most: u32,
    },
    /// Devices that were last signed in with before the time.
    Devices,
    /// Recovery codes that were made until the time or before, and are not saved.
    UnsavedCodes,
    /// Counts of refused tries of days that began before the time.
    RefusedTries,
    /// Votes on articles that were given before the time.
    Votes,
    /// Registrations that were made before the time.
    Registrations,
    /// Counts of registrations of days that began before the time.
    RegistrationCounts,
    /// What is known of domains that were last looked at before the time.
    DomainHealth,
    /// Records of deletions that were made before the time.
    Deletions,
    /// Mails that were written before the time, and are sent or given up.
    Mails,
    /// Jobs that were given up before the time.
    DeadJobs,
}

/// Sessions of one lifetime (`domain::session::Lifetime`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionKind {
    /// Whether they belong to the back office; otherwise to any organisation.
    pub back_office: bool,
    /// Whether their user chose to stay signed in.
    pub stay: bool,
}

/// `$1` the time, `$2` how many rows. The inner query walks an index of the condition.
macro_rules! delete_expired {
    ($table:literal, $key:literal, $condition:literal) => {
        concat!(
            "delete from ",
            $table,
            " where (",
            $key,
            ") in (select ",
            $key,
            " from ",
            $table,
            " where ",
            $condition,
            " limit $2)"
        )
    };
}

statements! {
    /// `$3` whether their user chose to stay signed in, here and in the next three.
    BACK_OFFICE_SESSIONS_BY_AGE = delete_expired!(
        "sessions", "id", "realm = 'back_office' and stay = $3 and created_at < $1"
    );
    BACK_OFFICE_SESSIONS_BY_USE = delete_expired!(
        "sessions", "id", "realm = 'back_office' and stay = $3 and last_seen_at < $1"
    );
    SESSIONS_BY_AGE = delete_expired!(
        "sessions", "id", "realm <> 'back_office' and stay = $3 and created_at < $1"
    );
    SESSIONS_BY_USE = delete_expired!(
        "sessions", "id", "realm <> 'back_office' and stay = $3 and last_seen_at < $1"
    );
    SESSIONS_REVOKED = delete_expired!("sessions", "id", "revoked_at < $1");
    SIGN_INS = delete_expired!("sign_ins", "id", "created_at < $1");
    TOKENS_EXPIRED = delete_expired!("tokens", "id", "expires_at < $1");
    TOKENS_CONSUMED = delete_expired!("tokens", "id", "consumed_at < $1");
    TOKENS_VOID = delete_expired!("tokens", "id", "void_at < $1");
    PROVIDER_FLOWS = delete_expired!("provider_flows", "id", "created_at <= $1");
    DRAFTS = delete_expired!("drafts", "session_id, page", "expires_at <= $1");
    FLASHES = delete_expired!("flashes", "token_hash", "expires_at <= $1");
    LIMITS = delete_expired!("limits", "key", "tat <= $1");
    /// `$3` the number that allows no further attempt.
    ATTEMPTS = delete_expired!("guesses", "key", "last_at < $1 and wrong < $3");
    /// `$3` as above.
    ATTEMPTS_ON_DEVICES = delete_expired!(
        "guesses", "key", "last_at < $1 and wrong >= $3 and key like '%:device:%'"
    );
    UNSAVED_CODES_BY_AGE = delete_expired!("unsaved_codes", "account_id", "created_at <= $1");
    DEVICES = delete_expired!("devices", "id", "last_seen_at < $1");
    REFUSED_TRIES_BY_DAY = delete_expired!("refused_tries", "account_id, day", "day < $1");
    VOTES = delete_expired!(
        "article_votes", "article, locale, version, reader_hash", "created_at < $1"
    );
    REGISTRATIONS = delete_expired!("registrations", "id", "created_at < $1");
    REGISTRATION_COUNTS_BY_DAY = delete_expired!(
        "registration_counts", "organisation_id, day, project, domain, step", "day < $1"
    );
    DOMAIN_HEALTH_BY_AGE = delete_expired!("domain_health", "domain", "looked_at < $1");
    DELETIONS = delete_expired!("deletions", "account_id", "deleted_at < $1");
    MAILS = delete_expired!("outbox", "id", "state <> 'queued' and created_at < $1");
    DEAD_JOBS = delete_expired!("jobs", "id", "state = 'dead' and not_before < $1");
}

impl Expired {
    const fn statement(self) -> &'static str {
        match self {
            Self::SessionsByAge(kind) if kind.back_office => BACK_OFFICE_SESSIONS_BY_AGE,
            Self::SessionsByAge(_) => SESSIONS_BY_AGE,
            Self::SessionsByUse(kind) if kind.back_office => BACK_OFFICE_SESSIONS_BY_USE,
            Self::SessionsByUse(_) => SESSIONS_BY_USE,
            Self::SessionsRevoked => SESSIONS_REVOKED,
            Self::SignIns => SIGN_INS,
            Self::TokensExpired => TOKENS_EXPIRED,
            Self::TokensConsumed => TOKENS_CONSUMED,
            Self::TokensVoid => TOKENS_VOID,
            Self::ProviderFlows => PROVIDER_FLOWS,
            Self::Drafts => DRAFTS,
            Self::Flashes => FLASHES,
            Self::Limits => LIMITS,
            Self::Attempts { .. } => ATTEMPTS,
            Self::AttemptsOnDevices { .. } => ATTEMPTS_ON_DEVICES,
            Self::Devices => DEVICES,
            Self::UnsavedCodes => UNSAVED_CODES_BY_AGE,
            Self::RefusedTries => REFUSED_TRIES_BY_DAY,
            Self::Votes => VOTES,
            Self::Registrations => REGISTRATIONS,
            Self::RegistrationCounts => REGISTRATION_COUNTS_BY_DAY,
            Self::DomainHealth => DOMAIN_HEALTH_BY_AGE,
            Self::Deletions => DELETIONS,
            Self::Mails => MAILS,
            Self::DeadJobs => DEAD_JOBS,
        }
    }
}

impl Store {
    /// Removes every row whose time is before `time`, and counts them: in short transactions with
    /// pauses, so that other writers wait for one of them at most.
    ///
    /// # Errors
    /// When the database does not answer; what was removed before stays removed.
    pub async fn sweep(&self, rows: Expired, time: Timestamp) -> Result<u64, StoreError> {
        let (mut batch, mut removed) = (FIRST_BATCH, 0);
        loop {
            let mut held = self.writer().await?;
            let began = Instant::now();
            let found = delete(held.conn(), rows, time, batch).await?;
            let took = began.elapsed();
            drop(held);
            removed += found;
            if found < u64::from(batch) {
                return Ok(removed);
            }
            batch = next_batch(batch, took);
            sleep(took.max(PAUSE)).await;
        }
    }
}

/// Removes at most `batch` rows in a transaction of its own.
async fn delete(
    conn: Conn<'_>,
    rows: Expired,
    time: Timestamp,
    batch: u32,
) -> Result<u64, StoreError> {
    let (sql, time, batch) = (rows.statement(), time.as_millis(), i64::from(batch));
    match rows {
        Expired::SessionsByAge(kind) | Expired::SessionsByUse(kind) => {
            execute!(conn, sql, time, batch, kind.stay)
        }
        Expired::Attempts { most } | Expired::AttemptsOnDevices { most } => {
            execute!(conn, sql, time, batch, i64::from(most))
        }
        _ => execute!(conn, sql, time, batch),
    }
}

/// So many rows that the next transaction takes [`TARGET`], judged by the last one.
fn next_batch(batch: u32, took: Duration) -> u32 {
    let fitting = u128::from(batch) * TARGET.as_micros() / took.as_micros().max(1);
    u32::try_from(fitting)
        .unwrap_or(LARGEST_BATCH)
        .clamp(SMALLEST_BATCH, LARGEST_BATCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_batch_is_followed_by_a_smaller_one() {
        let after = |millis| next_batch(100, Duration::from_millis(millis));
        assert_eq!([after(0), after(5), after(15)], [500, 300, 100]);
        assert_eq!([after(150), after(9_000)], [10, 10]);
    }
}

//! Removing what is kept no longer, a bounded part at a time.
//!
//! Each call is one short transaction, so that a sweep over any number of rows never keeps other
//! writers waiting for long. How long something is kept is `domain::retention`'s business.

use crate::{
    Store, StoreError,
    conn::{execute, statements},
};
use domain::Timestamp;

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
    /// Devices that were last signed in with before the time.
    Devices,
    /// Votes on articles that were given before the time.
    Votes,
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
    DEVICES = delete_expired!("devices", "id", "last_seen_at < $1");
    VOTES = delete_expired!(
        "article_votes", "article, locale, version, reader_hash", "created_at < $1"
    );
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
            Self::Devices => DEVICES,
            Self::Votes => VOTES,
            Self::Deletions => DELETIONS,
            Self::Mails => MAILS,
            Self::DeadJobs => DEAD_JOBS,
        }
    }
}

impl Store {
    /// Removes rows whose time is before `time`, at most `limit` of them, and counts them. Fewer than
    /// `limit` means that none is left.
    ///
    /// # Errors
    /// When the database does not answer; nothing is removed then.
    pub async fn delete_expired(
        &self,
        rows: Expired,
        time: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let mut held = self.writer().await?;
        let (sql, time, limit) = (rows.statement(), time.as_millis(), i64::from(limit));
        match rows {
            Expired::SessionsByAge(kind) | Expired::SessionsByUse(kind) => {
                execute!(held.conn(), sql, time, limit, kind.stay)
            }
            Expired::Attempts { most } => {
                execute!(held.conn(), sql, time, limit, i64::from(most))
            }
            _ => execute!(held.conn(), sql, time, limit),
        }
    }
}

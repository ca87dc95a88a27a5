//! `outbox`: mails that were decided on, and what became of them.
//!
//! A row is written in the transaction of the change that it tells of. Workers take rows with a
//! lease: one that dies while it sends loses the mail to another when the lease ends, so a mail
//! arrives at least once. A sent row forgets its content.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, value},
    dialect::LEASE_MAILS,
    row::{record, select},
};
use domain::{AccountId, Duration, Locale, MailId, Timestamp};

/// A mail to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMail<'a> {
    /// Its identifier.
    pub id: MailId,
    /// Whom it concerns, if that is somebody with an account.
    pub account_id: Option<AccountId>,
    /// The address that it goes to.
    pub recipient: String,
    /// The language that it is written in.
    pub locale: Locale,
    /// Which mail it is.
    pub kind: &'a str,
    /// What it says, encrypted: it may carry a link that opens something.
    pub sealed: Vec<u8>,
    /// Now.
    pub created_at: Timestamp,
}

redacted_debug!(NewMail<'_> { id, account_id, locale, kind });

record! {
    /// A mail that waits to be sent, or can still be read.
    #[derive(Clone, PartialEq, Eq)]
    pub struct QueuedMail from mail of outbox {
        /// Its identifier.
        pub id: MailId,
        /// The address that it goes to.
        pub recipient: String,
        /// The language that it is written in.
        pub locale: Locale,
        /// Which mail it is.
        pub kind: String,
        /// What it says, encrypted.
        pub sealed: Vec<u8>,
        /// How often sending it was begun; a lease counts its own.
        pub attempts: u32,
        /// When it was decided on.
        pub created_at: Timestamp,
    }
}

redacted_debug!(QueuedMail {
    id,
    locale,
    kind,
    attempts,
    created_at
});

statements! {
    INSERT_MAIL =
        "insert into outbox (id, account_id, recipient, locale, kind, sealed, state, attempts,
            not_before, created_at)
        values ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $7)";
    MAILBOX = select!(mail, "from outbox
        where sealed is not null order by created_at desc, id desc limit $1");
    MAIL_BY_ID = select!(mail, "from outbox where sealed is not null and id = $1");
    MARK_MAIL_SENT =
        "update outbox set state = 'sent', sealed = null, leased_until = null, finished_at = $2
        where id = $1";
    MARK_MAIL_FAILED =
        "update outbox set leased_until = null, not_before = $2, last_error = $3
        where id = $1 and state = 'queued'";
    GIVE_MAIL_UP =
        "update outbox set leased_until = null, state = 'failed', last_error = $3,
            finished_at = $2
        where id = $1 and state = 'queued'";
    OLDEST_QUEUED_MAIL = "select min(created_at) as oldest from outbox where state = 'queued'";
}

impl Store {
    /// Takes up to `limit` mails that are due, oldest first; no other worker gets them before the
    /// lease has passed.
    pub async fn lease_mails(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        let mut held = self.writer().await?;
        let conn = held.conn();
        let (sql, until) = (LEASE_MAILS.of(&conn), now.plus(lease).as_millis());
        let mut mails: Vec<QueuedMail> = all!(conn, sql, now.as_millis(), until, i64::from(limit))?;
        // What an update returns comes in no order.
        mails.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(mails)
    }

    /// Notes that a mail was handed over, and forgets its content.
    pub async fn mark_mail_sent(&self, id: &MailId, now: Timestamp) -> Result<(), StoreError> {
        let mut held = self.writer().await?;
        execute!(held.conn(), MARK_MAIL_SENT, id.as_str(), now.as_millis()).map(drop)
    }

    /// Notes that a mail could not be handed over: it is due again at `retry_at`, or given up.
    pub async fn mark_mail_failed(
        &self,
        id: &MailId,
        retry_at: Option<Timestamp>,
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (sql, at) = match retry_at {
            Some(retry_at) => (MARK_MAIL_FAILED, retry_at),
            None => (GIVE_MAIL_UP, now),
        };
        let mut held = self.writer().await?;
        execute!(held.conn(), sql, id.as_str(), at.as_millis(), error).map(drop)
    }

    /// When the mail that waits longest was decided on, for the health page.
    pub async fn oldest_queued_mail(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut held = self.reader().await?;
        Ok(value!(held.conn(), OLDEST_QUEUED_MAIL, "oldest")?.flatten())
    }

    /// The newest mails that still can be read, newest first, for the rehearsal's mailbox.
    pub async fn mailbox(&self, limit: u32) -> Result<Vec<QueuedMail>, StoreError> {
        all!(self.reader().await?.conn(), MAILBOX, i64::from(limit))
    }

    /// One mail that still can be read.
    pub async fn mail_by_id(&self, id: &MailId) -> Result<Option<QueuedMail>, StoreError> {
        optional!(self.reader().await?.conn(), MAIL_BY_ID, id.as_str())
    }
}

impl Tx {
    /// Decides on a mail: it is due at once, when the transaction is committed.
    pub async fn insert_mail(&mut self, mail: &NewMail<'_>) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_MAIL,
            mail.id.as_str(),
            mail.account_id.as_ref().map(AccountId::as_str),
            mail.recipient.as_str(),
            mail.locale.as_str(),
            mail.kind,
            mail.sealed.as_slice(),
            mail.created_at.as_millis(),
        )
        .map(drop)
    }
}

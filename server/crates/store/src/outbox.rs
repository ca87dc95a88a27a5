//! `outbox`: mails that were decided on, and what became of them.
//!
//! A row is written in the transaction of the change that it tells of, together with the job that
//! sends it: when and how often a mail is tried is the job's. A sent row forgets its content.

use crate::{
    NewJob, Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, store_and_tx, value},
    jobs::SEND_MAIL,
    row::{record, select},
};
use data_encoding::HEXLOWER;
use domain::{
    AccountId, JobId, Locale, MailId, MailState, OrganisationId, RegistrationId, Timestamp,
    job::Priority,
};
use sha2::{Digest as _, Sha256};

/// A mail to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMail<'a> {
    /// Its identifier.
    pub id: MailId,
    /// Whom it concerns, if that is somebody with an account.
    pub account_id: Option<AccountId>,
    /// The organisation in whose name it is written, if that is one.
    pub organisation_id: Option<OrganisationId>,
    /// The registration that it answers, if that is one.
    pub registration_id: Option<RegistrationId>,
    /// The address that it goes to.
    pub recipient: String,
    /// The language that it is written in.
    pub locale: Locale,
    /// Which mail it is.
    pub kind: &'a str,
    /// What it says, encrypted: it may carry a link that opens something.
    pub sealed: Vec<u8>,
    /// Whether somebody waits for it.
    pub priority: Priority,
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
        /// When it was decided on.
        pub created_at: Timestamp,
        /// Whom it is from; the platform without one.
        pub sender_name: Option<String> = [],
        /// Where answers go; to the support of the platform without one.
        pub reply_to: Option<String> = [],
    }
}

redacted_debug!(QueuedMail {
    id,
    locale,
    kind,
    created_at
});

record! {
    /// What became of a mail.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct MailFate from mail_fate of outbox {
        /// Where it stands.
        pub state: MailState,
        /// Why it was not taken the last time, in the words of the mail worker.
        pub last_error: Option<String>,
        /// When it was decided on.
        pub created_at: Timestamp,
        /// When it was taken or given up.
        pub finished_at: Option<Timestamp>,
        /// When it came back after it was taken.
        pub bounced_at: Option<Timestamp>,
        /// What was said then.
        pub bounced_with: Option<String>,
    }
}

record! {
    /// A mail that was taken or given up.
    #[derive(Clone, PartialEq, Eq)]
    pub struct FinishedMail from finished_mail of outbox {
        /// The organisation in whose name it was written, if that is one.
        pub organisation_id: Option<OrganisationId>,
        /// The address that it went to.
        pub recipient: String,
        /// Where it stands.
        pub state: MailState,
        /// Why it was not taken the last time, in the words of the mail worker.
        pub last_error: Option<String>,
        /// When it was decided on.
        pub created_at: Timestamp,
        /// What was said when it came back after it was taken.
        pub bounced_with: Option<String>,
    }
}

redacted_debug!(FinishedMail {
    organisation_id,
    state,
    last_error,
    created_at,
    bounced_with
});

statements! {
    INSERT_MAIL =
        "insert into outbox (id, account_id, recipient, locale, kind, sealed, state, created_at, organisation_id,
            registration_id)
        values ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9)";
    MAILBOX = select!(mail, ", organisations.sender_name, organisations.reply_to
        from outbox left join organisations on organisations.id = outbox.organisation_id
        where sealed is not null order by outbox.created_at desc, outbox.id desc limit $1");
    MAIL_BY_ID = select!(mail, ", organisations.sender_name, organisations.reply_to
        from outbox left join organisations on organisations.id = outbox.organisation_id
        where sealed is not null and outbox.id = $1");
    MARK_MAIL_SENT =
        "update outbox set state = 'sent', sealed = null, finished_at = $2 where id = $1";
    MARK_MAIL_POSTPONED =
        "update outbox set last_error = $2 where id = $1 and state = 'queued'";
    MARK_MAIL_FAILED =
        "update outbox set state = 'failed', last_error = $2, finished_at = $3
        where id = $1 and state = 'queued'";
    /// It can come back before it is noted as sent: its server answers at once, while we still write. What a filter holds may be
    /// sent back later.
    MARK_MAIL_BOUNCED =
        "update outbox set bounced_at = $2, bounced_with = $3
        where id = $1 and state <> 'failed'
            and (bounced_at is null or (bounced_with = 'challenged' and $3 <> 'challenged'))";
    /// In the demo: any fate after any other, and the mail can still be read.
    PLAY_MAIL =
        "update outbox set state = $2, last_error = $3, finished_at = $4, bounced_at = $5,
            bounced_with = $6
        where id = $1";
    IS_REGISTRATION_MAIL =
        "select exists (select 1 from registrations where mail_id = $1) as present";
    MAIL_FATE = select!(mail_fate, "from outbox where id = $1");
    FINISHED_MAILS =
        select!(finished_mail, "from outbox
        where state <> 'queued' and created_at >= $1
        order by created_at");
    OLDEST_QUEUED_MAIL = "select min(created_at) as oldest from outbox where state = 'queued'";
}

store_and_tx! { writer:
    /// Notes that a mail was handed over, and forgets its content.
    fn mark_mail_sent(conn, id: &MailId, now: Timestamp) -> () {
        execute!(conn, MARK_MAIL_SENT, id.as_str(), now.as_millis()).map(drop)
    }
}

impl Store {
    /// Notes why a mail could not be handed over; it waits to be tried again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn mark_mail_postponed(&self, id: &MailId, error: &str) -> Result<(), StoreError> {
        let mut held = self.writer().await?;
        execute!(held.conn(), MARK_MAIL_POSTPONED, id.as_str(), error).map(drop)
    }

    /// Notes that a mail was given up, and why.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn mark_mail_failed(
        &self,
        id: &MailId,
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (at, mut held) = (now.as_millis(), self.writer().await?);
        execute!(held.conn(), MARK_MAIL_FAILED, id.as_str(), error, at).map(drop)
    }

    /// Gives a mail a fate that no server decided: for the demo, which has none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn play_mail(&self, id: &MailId, fate: &MailFate) -> Result<(), StoreError> {
        let mut held = self.writer().await?;
        execute!(
            held.conn(),
            PLAY_MAIL,
            id.as_str(),
            fate.state.as_str(),
            fate.last_error.as_deref(),
            fate.finished_at.map(Timestamp::as_millis),
            fate.bounced_at.map(Timestamp::as_millis),
            fate.bounced_with.as_deref()
        )
        .map(drop)
    }

    /// Whether it is the newest mail of a registration.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn is_registration_mail(&self, id: &MailId) -> Result<bool, StoreError> {
        let mut held = self.reader().await?;
        let found = value!(held.conn(), IS_REGISTRATION_MAIL, "present", id.as_str())?;
        Ok(found == Some(true))
    }

    /// The mails that were decided on from a time on and are taken or given up, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn finished_mails(&self, since: Timestamp) -> Result<Vec<FinishedMail>, StoreError> {
        let mut held = self.reader().await?;
        all!(held.conn(), FINISHED_MAILS, since.as_millis())
    }

    /// When the mail that waits longest was decided on, for the health page.
    pub async fn oldest_queued_mail(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut held = self.reader().await?;
        Ok(value!(held.conn(), OLDEST_QUEUED_MAIL, "oldest")?.flatten())
    }

    /// The newest mails that still can be read, newest first, for the demo's mailbox.
    pub async fn mailbox(&self, limit: u32) -> Result<Vec<QueuedMail>, StoreError> {
        all!(self.reader().await?.conn(), MAILBOX, i64::from(limit))
    }

    /// Notes that a mail came back; false when it was given up, or came back before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn mark_mail_bounced(
        &self,
        id: &MailId,
        with: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (at, mut held) = (now.as_millis(), self.writer().await?);
        Ok(execute!(held.conn(), MARK_MAIL_BOUNCED, id.as_str(), at, with)? == 1)
    }

    /// What became of a mail; none when it is so old that it was forgotten.
    pub async fn mail_fate(&self, id: &MailId) -> Result<Option<MailFate>, StoreError> {
        optional!(self.reader().await?.conn(), MAIL_FATE, id.as_str())
    }

    /// One mail that still can be read.
    pub async fn mail_by_id(&self, id: &MailId) -> Result<Option<QueuedMail>, StoreError> {
        optional!(self.reader().await?.conn(), MAIL_BY_ID, id.as_str())
    }
}

impl Tx {
    /// Decides on a mail and queues the job that sends it: due at once, when the transaction is
    /// committed. Mails to one address leave in their order, and burden its mail domain.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is a mail with this identifier.
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
            mail.organisation_id.as_ref().map(OrganisationId::as_str),
            mail.registration_id.as_ref().map(RegistrationId::as_str),
        )?;
        let address = mail.recipient.to_lowercase();
        let job = NewJob {
            id: JobId::from(mail.id.to_string()),
            kind: SEND_MAIL,
            payload: mail.id.as_str().as_bytes(),
            priority: mail.priority,
            not_before: mail.created_at,
            created_at: mail.created_at,
            unique_key: None,
            lane: Some(lane(&address)),
            destination: address.rsplit('@').next().map(str::to_owned),
        };
        self.insert_job(&job).await.map(drop)
    }
}

/// The lane of the mails to one address: a hash of it.
fn lane(address: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(address.as_bytes()))
}

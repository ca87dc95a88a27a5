//! What is stored about one account, read for its owner: every row of every table that refers to
//! it, without what is secret.
//!
//! What other files read well already (the account, its factor, its log) is not repeated here.

use crate::{
    Row, Store, StoreError,
    conn::{Record, all, optional, redacted_debug, statements},
    sessions::read_method,
};
use domain::{
    AccountId, Locale, Role, Timestamp,
    session::{FirstStep, Method},
    token::Purpose,
};

/// A session, live or ended.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// How the person proved who she is.
    pub method: Method,
    /// When it began.
    pub created_at: Timestamp,
    /// When a proof was last given in it.
    pub proved_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// The network that it began from.
    pub network: String,
    /// The browser.
    pub user_agent: String,
    /// The project whose door it came through.
    pub project: Option<String>,
}

/// A sign-in whose first step was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSignIn {
    /// What it began with.
    pub first: FirstStep,
    /// When it began.
    pub created_at: Timestamp,
    /// How many codes were wrong.
    pub wrong_codes: u64,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

/// A browser that the account was signed in with.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredDevice {
    /// Since when it is known.
    pub created_at: Timestamp,
    /// When it was last signed in with.
    pub last_seen_at: Timestamp,
    /// Until when it is not asked for a code.
    pub remembered_until: Option<Timestamp>,
    /// The network of its last sign-in.
    pub network: String,
    /// The browser.
    pub user_agent: String,
}

/// A mailed link, without what opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// What it is for.
    pub purpose: Purpose,
    /// What it confirms or is about.
    pub pending: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was used.
    pub consumed_at: Option<Timestamp>,
    /// When it was made worthless.
    pub void_at: Option<Timestamp>,
}

/// A mail, without its content.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// Which mail it is.
    pub kind: String,
    /// The address that it goes to.
    pub recipient: String,
    /// The language that it is written in.
    pub locale: Locale,
    /// Whether it is `queued`, `sent` or `failed`.
    pub state: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was sent or given up.
    pub finished_at: Option<Timestamp>,
}

/// What somebody is in an organisation, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMembership {
    /// The organisation's name.
    pub organisation: String,
    /// What she may do there.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

/// How often something was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredTries {
    /// How many in a row, where they are counted.
    pub count: Option<u64>,
    /// When the last one was, or when the bucket will be full again.
    pub at: Timestamp,
}

redacted_debug!(StoredSession { created_at });
redacted_debug!(StoredDevice { created_at });
redacted_debug!(StoredToken {
    purpose,
    created_at
});
redacted_debug!(StoredMail { kind, created_at });

statements! {
    STORED_SESSIONS =
        "select first_step, second_step, created_at, proved_at, last_seen_at, revoked_at, network,
            user_agent, project
        from sessions where account_id = $1 order by created_at, id";
    STORED_SIGN_INS =
        "select first_step, created_at, wrong_codes, finished_at from sign_ins
        where account_id = $1 order by created_at, id";
    STORED_DEVICES =
        "select created_at, last_seen_at, remembered_until, network, user_agent from devices
        where account_id = $1 order by created_at, id";
    STORED_TOKENS =
        "select purpose, pending, created_at, expires_at, consumed_at, void_at from tokens
        where account_id = $1 order by created_at, id";
    /// Without those to an address that is only wanted: whether there is one would tell whether
    /// somebody else has that address, and what became of it whether its mailbox exists.
    STORED_MAILS =
        "select kind, recipient, locale, state, created_at, finished_at from outbox
        where account_id = $1 and kind <> 'email_confirm' order by created_at, id";
    STORED_MEMBERSHIPS =
        "select organisations.name, memberships.role, memberships.created_at
        from memberships join organisations on organisations.id = memberships.organisation_id
        where memberships.account_id = $1
        order by organisations.slug";
    STORED_BUCKET = "select tat from limits where key = $1";
    STORED_GUESSES = "select wrong, last_at from guesses where key = $1";
    /// Lines in the logs of others.
    DEEDS = "select count(*) as lines from activity where actor_id = $1 and account_id <> $1";
}

impl Record for StoredSession {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            method: read_method(&row)?,
            created_at: row.time("created_at")?,
            proved_at: row.time("proved_at")?,
            last_seen_at: row.time("last_seen_at")?,
            revoked_at: row.maybe_time("revoked_at")?,
            network: row.text("network")?,
            user_agent: row.text("user_agent")?,
            project: row.maybe_text("project")?,
        })
    }
}

impl Record for StoredSignIn {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            first: row.parsed("first_step", FirstStep::parse)?,
            created_at: row.time("created_at")?,
            wrong_codes: row.count("wrong_codes")?,
            finished_at: row.maybe_time("finished_at")?,
        })
    }
}

impl Record for StoredDevice {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            created_at: row.time("created_at")?,
            last_seen_at: row.time("last_seen_at")?,
            remembered_until: row.maybe_time("remembered_until")?,
            network: row.text("network")?,
            user_agent: row.text("user_agent")?,
        })
    }
}

impl Record for StoredToken {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            purpose: row.parsed("purpose", Purpose::parse)?,
            pending: row.maybe_text("pending")?,
            created_at: row.time("created_at")?,
            expires_at: row.time("expires_at")?,
            consumed_at: row.maybe_time("consumed_at")?,
            void_at: row.maybe_time("void_at")?,
        })
    }
}

impl Record for StoredMail {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            kind: row.text("kind")?,
            recipient: row.text("recipient")?,
            locale: row.parsed("locale", Locale::parse)?,
            state: row.text("state")?,
            created_at: row.time("created_at")?,
            finished_at: row.maybe_time("finished_at")?,
        })
    }
}

impl Record for StoredMembership {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: row.text("name")?,
            role: row.parsed("role", Role::parse)?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Store {
    /// Every session of an account that is stored, the oldest first.
    pub async fn stored_sessions(
        &self,
        account: &AccountId,
    ) -> Result<Vec<StoredSession>, StoreError> {
        all!(
            self.reader().await?.conn(),
            STORED_SESSIONS,
            account.as_str()
        )
    }

    /// Every begun sign-in of an account that is stored, the oldest first.
    pub async fn stored_sign_ins(
        &self,
        account: &AccountId,
    ) -> Result<Vec<StoredSignIn>, StoreError> {
        all!(
            self.reader().await?.conn(),
            STORED_SIGN_INS,
            account.as_str()
        )
    }

    /// Every device of an account, the oldest first.
    pub async fn stored_devices(
        &self,
        account: &AccountId,
    ) -> Result<Vec<StoredDevice>, StoreError> {
        all!(
            self.reader().await?.conn(),
            STORED_DEVICES,
            account.as_str()
        )
    }

    /// Every mailed link of an account, the oldest first.
    pub async fn stored_tokens(&self, account: &AccountId) -> Result<Vec<StoredToken>, StoreError> {
        all!(self.reader().await?.conn(), STORED_TOKENS, account.as_str())
    }

    /// Every mail that concerns an account, the oldest first.
    pub async fn stored_mails(&self, account: &AccountId) -> Result<Vec<StoredMail>, StoreError> {
        all!(self.reader().await?.conn(), STORED_MAILS, account.as_str())
    }

    /// The organisations that an account belongs to, by slug, and since when.
    pub async fn stored_memberships(
        &self,
        account: &AccountId,
    ) -> Result<Vec<StoredMembership>, StoreError> {
        all!(
            self.reader().await?.conn(),
            STORED_MEMBERSHIPS,
            account.as_str()
        )
    }

    /// What a bucket of tries says; nothing when it is full.
    pub async fn stored_bucket(&self, key: &str) -> Result<Option<StoredTries>, StoreError> {
        let row: Option<Row> = optional!(self.reader().await?.conn(), STORED_BUCKET, key)?;
        row.map(|row| {
            Ok(StoredTries {
                count: None,
                at: row.time("tat")?,
            })
        })
        .transpose()
    }

    /// What a count of wrong tries says; nothing when there is none.
    pub async fn stored_attempts(&self, key: &str) -> Result<Option<StoredTries>, StoreError> {
        let row: Option<Row> = optional!(self.reader().await?.conn(), STORED_GUESSES, key)?;
        row.map(|row| {
            Ok(StoredTries {
                count: Some(row.count("wrong")?),
                at: row.time("last_at")?,
            })
        })
        .transpose()
    }

    /// How many lines in the logs of others name an account.
    pub async fn deeds(&self, account: &AccountId) -> Result<u64, StoreError> {
        let row: Option<Row> = optional!(self.reader().await?.conn(), DEEDS, account.as_str())?;
        row.map_or(Ok(0), |row| row.count("lines"))
    }
}

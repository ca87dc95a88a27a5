//! What is stored about one account, for its owner to read: every row of every table that refers to
//! it, without secrets. The account, its factor and its log are read by their own files.

use crate::{
    Row, Store, StoreError,
    conn::{all, optional, redacted_debug, statements, value},
    row::{record, select},
    sessions::read_method,
};
use domain::{
    AccountId, Locale, Role, Timestamp,
    session::{FirstStep, Method},
    token::Purpose,
};

record! {
    /// A session, live or ended.
    #[derive(Clone, PartialEq, Eq)]
    pub struct StoredSession from session of sessions {
        /// When it began.
        pub created_at: Timestamp,
        /// Both steps of its sign-in.
        pub method: Method = [first_step, second_step] with read_method,
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
        /// The slug of the project that it began at.
        pub project: Option<String>,
    }
}

record! {
    /// A sign-in whose first step succeeded.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StoredSignIn from sign_in of sign_ins {
        /// When it began.
        pub created_at: Timestamp,
        /// Its first step.
        pub first: FirstStep = [first_step],
        /// How many codes were wrong.
        pub wrong_codes: u64,
        /// When it was finished.
        pub finished_at: Option<Timestamp>,
    }
}

record! {
    /// A browser that the account has signed in with.
    #[derive(Clone, PartialEq, Eq)]
    pub struct StoredDevice from device of devices {
        /// Since when it is known.
        pub created_at: Timestamp,
        /// When the account last signed in with it.
        pub last_seen_at: Timestamp,
        /// Until when the second step is skipped on it.
        pub remembered_until: Option<Timestamp>,
        /// The network of its last sign-in.
        pub network: String,
        /// The browser.
        pub user_agent: String,
    }
}

record! {
    /// A mailed link, without its secret.
    #[derive(Clone, PartialEq, Eq)]
    pub struct StoredToken from token of tokens {
        /// What it is for.
        pub purpose: Purpose,
        /// What it confirms or is about.
        pub pending: Option<String>,
        /// When it was created.
        pub created_at: Timestamp,
        /// Until when it works.
        pub expires_at: Timestamp,
        /// When it was used.
        pub consumed_at: Option<Timestamp>,
        /// When it was made worthless.
        pub void_at: Option<Timestamp>,
    }
}

record! {
    /// A mail, without its content.
    #[derive(Clone, PartialEq, Eq)]
    pub struct StoredMail from mail of outbox {
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
}

record! {
    /// An account's role in an organisation, and since when.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StoredMembership from membership of memberships {
        /// What the account may do there.
        pub role: Role,
        /// The organisation's name.
        pub organisation: String = [],
        /// Since when.
        pub created_at: Timestamp,
    }
}

/// A rate limit or a count of wrong attempts.
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
        select!(session, "from sessions where account_id = $1 order by created_at, id");
    STORED_SIGN_INS =
        select!(sign_in, "from sign_ins where account_id = $1 order by created_at, id");
    STORED_DEVICES =
        select!(device, "from devices where account_id = $1 order by created_at, id");
    STORED_TOKENS =
        select!(token, "from tokens where account_id = $1 order by created_at, id");
    /// Without those to a new address that is not confirmed: their state would disclose whether another
    /// account has that address, and whether its mailbox exists.
    STORED_MAILS =
        select!(mail, "from outbox
        where account_id = $1 and kind <> 'email_confirm' order by created_at, id");
    STORED_MEMBERSHIPS =
        select!(membership, ", organisations.name as organisation
        from memberships join organisations on organisations.id = memberships.organisation_id
        where memberships.account_id = $1
        order by organisations.slug");
    STORED_BUCKET = "select tat from limits where key = $1";
    STORED_GUESSES = "select wrong, last_at from guesses where key = $1";
    /// Lines in the logs of others.
    DEEDS =
        "select count(*) as lines from activity
        where actor_id = $1 and (account_id is null or account_id <> $1)";
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

    /// The bucket of a rate limit; `None` when it is full.
    pub async fn stored_bucket(&self, key: &str) -> Result<Option<StoredTries>, StoreError> {
        let tat = value!(self.reader().await?.conn(), STORED_BUCKET, "tat", key)?;
        Ok(tat.map(|at| StoredTries { count: None, at }))
    }

    /// A count of wrong attempts; `None` when there is none.
    pub async fn stored_attempts(&self, key: &str) -> Result<Option<StoredTries>, StoreError> {
        let row: Option<Row> = optional!(self.reader().await?.conn(), STORED_GUESSES, key)?;
        row.map(|row| {
            Ok(StoredTries {
                count: Some(row.get("wrong")?),
                at: row.get("last_at")?,
            })
        })
        .transpose()
    }

    /// How many lines in the logs of others name an account.
    pub async fn deeds(&self, account: &AccountId) -> Result<u64, StoreError> {
        let mut held = self.reader().await?;
        Ok(value!(held.conn(), DEEDS, "lines", account.as_str())?.unwrap_or_default())
    }
}

//! `tokens`: secrets of mailed links, each for one purpose and one use.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, value},
    dialect::ADDRESS_RESERVED,
    row::{record, select},
};
use domain::{AccountId, Realm, Timestamp, TokenId, token::Purpose};

record! {
    /// A one-use token; only the hash of its secret is stored.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Token from token of tokens {
        /// Its identifier, which is no secret.
        pub id: TokenId,
        /// What it may be used for.
        pub purpose: Purpose,
        /// Its account.
        pub account_id: AccountId,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it expires.
        pub expires_at: Timestamp,
        /// What it confirms, if anything (a new address).
        pub pending: Option<String>,
    }
}

redacted_debug!(Token {
    id,
    purpose,
    account_id,
    expires_at
});

statements! {
    INSERT_TOKEN =
        "insert into tokens (id, purpose, account_id, token_hash, pending, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    VOID_TOKENS =
        "update tokens set void_at = $3
        where account_id = $1 and purpose = $2 and consumed_at is null and void_at is null";
    VOID_TOKENS_SINCE =
        "update tokens set void_at = $4
        where account_id = $1 and purpose = $2 and created_at >= $3
            and consumed_at is null and void_at is null";
    VOID_PENDING_TOKENS =
        "update tokens set void_at = $4
        where account_id = $1 and purpose = $2 and pending = $3
            and consumed_at is null and void_at is null";
    CONSUME_TOKEN =
        concat!("update tokens set consumed_at = $3
        where token_hash = $2 and purpose = $1
            and consumed_at is null and void_at is null and expires_at > $3
        returning ", token!());
    TOKEN =
        select!(token, ", consumed_at is not null as consumed from tokens
        where token_hash = $2 and purpose = $1 and void_at is null");
    SET_TOKEN_CODE = "update tokens set code_sealed = $2, request_hash = $3 where id = $1";
    TOKEN_OF_REQUEST =
        select!(token, ", code_sealed from tokens
        where request_hash = $2 and purpose = $1 and code_sealed is not null
            and consumed_at is null and void_at is null and expires_at > $3
        order by created_at desc, id desc
        limit 1");
    /// Consumes the code: of any number of callers one gets the token.
    EXCHANGE_TOKEN_CODE =
        "update tokens set token_hash = $2, code_sealed = null
        where id = $1 and code_sealed is not null and consumed_at is null and void_at is null
            and expires_at > $3";
    LIVE_TOKEN =
        select!(token, "from tokens
        where account_id = $1 and purpose = $2
            and consumed_at is null and void_at is null and expires_at > $3
        order by created_at desc
        limit 1");
    LIVE_TOKENS =
        select!(token, "from tokens
        where account_id = $1 and purpose = $2
            and consumed_at is null and void_at is null and expires_at > $3
        order by created_at, id");
    NEWEST_TOKEN =
        "select max(created_at) as newest from tokens where account_id = $1 and purpose = $2";
}

impl Store {
    /// A token and whether it was consumed, for the page that shows its button. Does not consume it.
    /// It may have expired; one that was made void is not found.
    pub async fn token(
        &self,
        purpose: Purpose,
        token_hash: &[u8; 32],
    ) -> Result<Option<(Token, bool)>, StoreError> {
        let mut held = self.reader().await?;
        let hash = token_hash.as_slice();
        let row: Option<Row> = optional!(held.conn(), TOKEN, purpose.as_str(), hash)?;
        row.map(|row| Ok((Token::from_row(&row)?, row.get("consumed")?)))
            .transpose()
    }

    /// The live token whose mail the browser with this request is waiting for, with its code.
    pub async fn token_of_request(
        &self,
        purpose: Purpose,
        request_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Token, Vec<u8>)>, StoreError> {
        let mut held = self.reader().await?;
        let (hash, now) = (request_hash.as_slice(), now.as_millis());
        let row: Option<Row> =
            optional!(held.conn(), TOKEN_OF_REQUEST, purpose.as_str(), hash, now)?;
        row.map(|row| Ok((Token::from_row(&row)?, row.get("code_sealed")?)))
            .transpose()
    }
}

impl Store {
    /// The newest token of an account and purpose that can still be consumed.
    pub async fn live_token(
        &self,
        account: &AccountId,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError> {
        let mut held = self.reader().await?;
        let (kind, now) = (purpose.as_str(), now.as_millis());
        optional!(held.conn(), LIVE_TOKEN, account.as_str(), kind, now)
    }
}

impl Tx {
    /// Gives a token a short code, for the browser that asked for its mail.
    pub async fn set_token_code(
        &mut self,
        id: &TokenId,
        code_sealed: &[u8],
        request_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        let hash = request_hash.as_slice();
        execute!(self.conn(), SET_TOKEN_CODE, id.as_str(), code_sealed, hash).map(drop)
    }

    /// Replaces the link's secret by another one and consumes the short code; false when that was done
    /// already, or the token is not usable.
    pub async fn exchange_token_code(
        &mut self,
        id: &TokenId,
        new_token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (hash, now) = (new_token_hash.as_slice(), now.as_millis());
        Ok(execute!(self.conn(), EXCHANGE_TOKEN_CODE, id.as_str(), hash, now)? == 1)
    }

    /// The tokens of an account and purpose that can still be consumed, the oldest first.
    pub async fn live_tokens(
        &mut self,
        account: &AccountId,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Vec<Token>, StoreError> {
        let (kind, now) = (purpose.as_str(), now.as_millis());
        all!(self.conn(), LIVE_TOKENS, account.as_str(), kind, now)
    }

    /// When the newest token of an account and purpose was created, in whatever state it is.
    pub async fn newest_token(
        &mut self,
        account: &AccountId,
        purpose: Purpose,
    ) -> Result<Option<Timestamp>, StoreError> {
        let purpose = purpose.as_str();
        let newest = value!(
            self.conn(),
            NEWEST_TOKEN,
            "newest",
            account.as_str(),
            purpose
        )?;
        Ok(newest.flatten())
    }

    /// Whether an address of a realm is reserved for an account other than `own`, which can still
    /// restore it with an undo link; `email_key` is [`domain::Email::key`].
    ///
    /// Call it after the address was written, in the same transaction: an account releases an address
    /// and creates the link in one transaction, so a caller that could write the address sees the link.
    pub async fn address_is_reserved(
        &mut self,
        realm: &Realm,
        email_key: &str,
        own: &AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let conn = self.conn();
        let (sql, now) = (ADDRESS_RESERVED.of(&conn), now.as_millis());
        let realm = realm.to_string();
        let reserved = value!(conn, sql, "reserved", realm, email_key, now, own.as_str())?;
        Ok(reserved.unwrap_or_default())
    }

    /// Makes the unused tokens of one purpose void that were created at `since` or later.
    pub async fn void_tokens_since(
        &mut self,
        account: &AccountId,
        purpose: Purpose,
        since: Timestamp,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (purpose, since, at) = (purpose.as_str(), since.as_millis(), at.as_millis());
        execute!(
            self.conn(),
            VOID_TOKENS_SINCE,
            account.as_str(),
            purpose,
            since,
            at
        )
        .map(drop)
    }

    /// Inserts a token.
    pub async fn insert_token(
        &mut self,
        token: &Token,
        token_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_TOKEN,
            token.id.as_str(),
            token.purpose.as_str(),
            token.account_id.as_str(),
            token_hash.as_slice(),
            token.pending.as_deref(),
            token.created_at.as_millis(),
            token.expires_at.as_millis(),
        )
        .map(drop)
    }

    /// Makes the unused tokens of one purpose void, for a newer one to replace them.
    pub async fn void_tokens(
        &mut self,
        account: &AccountId,
        purpose: Purpose,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (purpose, at) = (purpose.as_str(), at.as_millis());
        execute!(self.conn(), VOID_TOKENS, account.as_str(), purpose, at).map(drop)
    }

    /// Makes the unused tokens of one purpose and this pending value void.
    pub async fn void_pending_tokens(
        &mut self,
        account: &AccountId,
        purpose: Purpose,
        pending: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (account, purpose, at) = (account.as_str(), purpose.as_str(), at.as_millis());
        execute!(
            self.conn(),
            VOID_PENDING_TOKENS,
            account,
            purpose,
            pending,
            at
        )
        .map(drop)
    }

    /// Consumes a token of this purpose, unless it was used, made void or has expired. Of any number
    /// of callers exactly one gets it.
    pub async fn consume_token(
        &mut self,
        purpose: Purpose,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError> {
        let (hash, now) = (token_hash.as_slice(), now.as_millis());
        optional!(self.conn(), CONSUME_TOKEN, purpose.as_str(), hash, now)
    }
}

//! `sign_ins`: sign-ins whose first step was right and whose code is awaited.

use crate::{
    Row, StoreError, Tx,
    conn::{Record, execute, optional, redacted_debug, statements, store_and_tx},
};
use domain::{AccountId, Realm, SignInId, Timestamp, session::FirstStep, sign_in::FirstStepProof};

/// A sign-in that waits for a code; `domain::sign_in` says whether it still may be finished.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its identifier.
    pub id: SignInId,
    /// The house it leads into.
    pub realm: Realm,
    /// Whose it is.
    pub account_id: AccountId,
    /// The password or the link that it rests on.
    pub proof: FirstStepProof,
    /// Wrong codes so far.
    pub wrong_codes: u32,
    /// The page to go to afterwards.
    pub next: Option<String>,
    /// Whether she asked to stay signed in.
    pub stay: bool,
    /// When the first step was accepted.
    pub created_at: Timestamp,
}

redacted_debug!(SignIn {
    id,
    realm,
    account_id,
    wrong_codes,
    created_at
});

statements! {
    INSERT_SIGN_IN =
        "insert into sign_ins (id, realm, account_id, token_hash, first_step, first_since,
            wrong_codes, next, stay, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SIGN_IN_BY_TOKEN =
        "select id, realm, account_id, first_step, first_since, wrong_codes, next, stay,
            created_at
        from sign_ins
        where token_hash = $2 and realm = $1 and finished_at is null";
    COUNT_WRONG_CODE =
        "update sign_ins set wrong_codes = wrong_codes + 1
        where id = $1 and finished_at is null returning wrong_codes";
    FINISH_SIGN_IN = "update sign_ins set finished_at = $2 where id = $1 and finished_at is null";
    DELETE_SIGN_INS = "delete from sign_ins where account_id = $1";
    DELETE_OLD_SIGN_INS = "delete from sign_ins where created_at < $1";
}

impl Record for SignIn {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?.into(),
            realm: Realm::from_stored(row.text("realm")?),
            account_id: row.text("account_id")?.into(),
            proof: FirstStepProof {
                first: row.parsed("first_step", FirstStep::parse)?,
                since: row.time("first_since")?,
            },
            wrong_codes: row.count("wrong_codes")?,
            next: row.maybe_text("next")?,
            stay: row.flag("stay")?,
            created_at: row.time("created_at")?,
        })
    }
}

store_and_tx! { reader:
    /// The sign-in of a token, unless it is finished.
    fn sign_in_by_token(conn, realm: &Realm, token_hash: &[u8; 32]) -> Option<SignIn> {
        optional!(conn, SIGN_IN_BY_TOKEN, realm.to_string(), token_hash.as_slice())
    }
}

store_and_tx! { writer:
    /// Removes the sign-ins that began before this time, finished or not.
    fn delete_old_sign_ins(conn, before: Timestamp) -> u64 {
        execute!(conn, DELETE_OLD_SIGN_INS, before.as_millis())
    }
}

impl Tx {
    /// Begins a sign-in.
    pub async fn insert_sign_in(
        &mut self,
        sign_in: &SignIn,
        token_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_SIGN_IN,
            sign_in.id.as_str(),
            sign_in.realm.to_string(),
            sign_in.account_id.as_str(),
            token_hash.as_slice(),
            sign_in.proof.first.as_str(),
            sign_in.proof.since.as_millis(),
            i64::from(sign_in.wrong_codes),
            sign_in.next.as_deref(),
            sign_in.stay,
            sign_in.created_at.as_millis(),
        )
        .map(drop)
    }

    /// Counts a wrong code: how many there were. A sign-in that is gone or
    /// finished has no tries left; a code that came too late for it is nobody's guess.
    pub async fn count_wrong_code(&mut self, id: &SignInId) -> Result<u32, StoreError> {
        let row: Option<Row> = optional!(self.conn(), COUNT_WRONG_CODE, id.as_str())?;
        row.map_or(Ok(u32::MAX), |row| row.count("wrong_codes"))
    }

    /// Finishes a sign-in. Of any number of callers exactly one is told that it did.
    pub async fn finish_sign_in(
        &mut self,
        id: &SignInId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), FINISH_SIGN_IN, id.as_str(), at.as_millis())? == 1)
    }

    /// Removes every begun sign-in of an account.
    pub async fn delete_sign_ins(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_SIGN_INS, account.as_str()).map(drop)
    }
}

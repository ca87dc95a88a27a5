//! `sign_ins`: sign-ins whose first step succeeded and whose second is awaited.

use crate::{
    Row, StoreError, Tx,
    conn::{execute, optional, redacted_debug, statements, store_and_tx, value},
    row::{record, select},
};
use domain::{AccountId, Realm, SignInId, Timestamp, sign_in::FirstStepProof};

record! {
    /// A sign-in that waits for a code; `domain::sign_in` says whether it still may be finished.
    #[derive(Clone, PartialEq, Eq)]
    pub struct SignIn from sign_in of sign_ins {
        /// Its identifier.
        pub id: SignInId,
        /// Its realm.
        pub realm: Realm,
        /// Its account.
        pub account_id: AccountId,
        /// The password or the link that the first step verified.
        pub proof: FirstStepProof = [first_step, first_since] with read_proof,
        /// Wrong codes so far.
        pub wrong_codes: u32,
        /// The page to go to afterwards.
        pub next: Option<String>,
        /// Whether the user chose "stay signed in".
        pub stay: bool,
        /// When the first step was accepted.
        pub created_at: Timestamp,
    }
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
        select!(sign_in, "from sign_ins
        where token_hash = $2 and realm = $1 and finished_at is null");
    COUNT_WRONG_CODE =
        "update sign_ins set wrong_codes = wrong_codes + 1
        where id = $1 and finished_at is null returning wrong_codes";
    FINISH_SIGN_IN = "update sign_ins set finished_at = $2 where id = $1 and finished_at is null";
    DELETE_SIGN_INS = "delete from sign_ins where account_id = $1";
}

fn read_proof(row: &Row) -> Result<FirstStepProof, StoreError> {
    Ok(FirstStepProof {
        first: row.get("first_step")?,
        since: row.get("first_since")?,
    })
}

store_and_tx! { reader:
    /// The sign-in of a token, unless it is finished.
    fn sign_in_by_token(conn, realm: &Realm, token_hash: &[u8; 32]) -> Option<SignIn> {
        optional!(conn, SIGN_IN_BY_TOKEN, realm.to_string(), token_hash.as_slice())
    }
}

impl Tx {
    /// Inserts a sign-in.
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

    /// Counts a wrong code, and returns how many there were; `u32::MAX` when the sign-in is deleted or
    /// finished.
    pub async fn count_wrong_code(&mut self, id: &SignInId) -> Result<u32, StoreError> {
        let wrong = value!(self.conn(), COUNT_WRONG_CODE, "wrong_codes", id.as_str())?;
        Ok(wrong.unwrap_or(u32::MAX))
    }

    /// Finishes a sign-in. Of any number of callers exactly one gets `true`.
    pub async fn finish_sign_in(
        &mut self,
        id: &SignInId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), FINISH_SIGN_IN, id.as_str(), at.as_millis())? == 1)
    }

    /// Deletes every sign-in of an account.
    pub async fn delete_sign_ins(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_SIGN_INS, account.as_str()).map(drop)
    }
}

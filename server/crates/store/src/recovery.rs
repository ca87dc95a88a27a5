//! `recovery_sets` and `recovery_codes`: codes for a user without the phone. All codes of a set are
//! hashed with one salt, so that one hash of the input finds the code. `unsaved_codes`: the codes themselves, sealed, for
//! the session that made them, until their owner has saved them.

use crate::{
    StoreError, Tx,
    conn::{execute, optional, redacted_debug, statements, store_and_tx, value},
    row::{record, select},
};
use domain::{AccountId, SessionId, Timestamp};

record! {
    /// Codes that their owner has not said to have saved.
    #[derive(Clone, PartialEq, Eq)]
    pub struct UnsavedCodes from unsaved of unsaved_codes {
        /// The codes, encrypted.
        pub sealed: Vec<u8>,
        /// When they were made.
        pub created_at: Timestamp,
    }
}

redacted_debug!(UnsavedCodes { created_at });

statements! {
    PUT_RECOVERY_SET =
        "insert into recovery_sets (account_id, parameters, created_at) values ($1, $2, $3)
        on conflict (account_id) do update
        set parameters = excluded.parameters, created_at = excluded.created_at";
    DELETE_RECOVERY_CODES = "delete from recovery_codes where account_id = $1";
    DELETE_RECOVERY_SET = "delete from recovery_sets where account_id = $1";
    INSERT_RECOVERY_CODE =
        "insert into recovery_codes (account_id, position, hash) values ($1, $2, $3)";
    USE_RECOVERY_CODE =
        "update recovery_codes set used_at = $3
        where account_id = $1 and hash = $2 and used_at is null";
    NOTE_RECOVERY_CODE_USED = "update recovery_sets set last_used_at = $2 where account_id = $1";
    RECOVERY_CODES_MADE = "select created_at from recovery_sets where account_id = $1";
    RECOVERY_PARAMETERS = "select parameters from recovery_sets where account_id = $1";
    RECOVERY_CODES_LEFT =
        "select count(*) as codes from recovery_codes where account_id = $1 and used_at is null";
    HAS_RECOVERY_CODE =
        "select exists (
            select 1 from recovery_codes where account_id = $1 and hash = $2 and used_at is null
        ) as present";
    PUT_UNSAVED_CODES =
        "insert into unsaved_codes (account_id, session_id, sealed, created_at) values ($1, $2, $3, $4)
        on conflict (account_id) do update
        set session_id = excluded.session_id, sealed = excluded.sealed,
            created_at = excluded.created_at";
    UNSAVED_CODES =
        select!(unsaved, "from unsaved_codes
        where account_id = $1 and session_id = $2");
    CODES_SAVED =
        "delete from unsaved_codes where account_id = $1 and session_id = $2 and created_at = $3";
    DELETE_OTHER_UNSAVED_CODES =
        "delete from unsaved_codes where account_id = $1 and session_id <> $2";
    DELETE_UNSAVED_CODES = "delete from unsaved_codes where account_id = $1 and session_id = $2";
}

store_and_tx! { reader:
    /// How the codes of an account were hashed: cost and salt, opaque to this crate.
    fn recovery_parameters(conn, account: &AccountId) -> Option<String> {
        value!(conn, RECOVERY_PARAMETERS, "parameters", account.as_str())
    }

    /// When the codes of an account were created.
    fn recovery_codes_made(conn, account: &AccountId) -> Option<Timestamp> {
        value!(conn, RECOVERY_CODES_MADE, "created_at", account.as_str())
    }

    /// How many codes an account has not used.
    fn recovery_codes_left(conn, account: &AccountId) -> u32 {
        Ok(value!(conn, RECOVERY_CODES_LEFT, "codes", account.as_str())?.unwrap_or_default())
    }

    /// Whether a code is in the account's set and not used. Does not consume it.
    fn has_recovery_code(conn, account: &AccountId, hash: &[u8]) -> bool {
        let present = value!(conn, HAS_RECOVERY_CODE, "present", account.as_str(), hash)?;
        Ok(present.unwrap_or_default())
    }

    /// The codes that were made in this session and are not saved yet.
    fn unsaved_codes(conn, account: &AccountId, session: &SessionId) -> Option<UnsavedCodes> {
        optional!(conn, UNSAVED_CODES, account.as_str(), session.as_str())
    }
}

impl Tx {
    /// Stores a new set of codes; those of the old one are deleted.
    pub async fn replace_recovery_codes(
        &mut self,
        account: &AccountId,
        parameters: &str,
        hashes: &[Vec<u8>],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let id = account.as_str();
        // First the set: its row makes a second replacement wait for this one.
        execute!(
            self.conn(),
            PUT_RECOVERY_SET,
            id,
            parameters,
            at.as_millis()
        )?;
        execute!(self.conn(), DELETE_RECOVERY_CODES, id)?;
        for (position, hash) in (0_i64..).zip(hashes) {
            execute!(
                self.conn(),
                INSERT_RECOVERY_CODE,
                id,
                position,
                hash.as_slice()
            )?;
        }
        Ok(())
    }

    /// Consumes a code. Of any number of callers exactly one gets `true`.
    pub async fn use_recovery_code(
        &mut self,
        account: &AccountId,
        hash: &[u8],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (account, at) = (account.as_str(), at.as_millis());
        let used = execute!(self.conn(), USE_RECOVERY_CODE, account, hash, at)? == 1;
        if used {
            execute!(self.conn(), NOTE_RECOVERY_CODE_USED, account, at)?;
        }
        Ok(used)
    }

    /// Deletes the set of an account with its codes.
    pub async fn delete_recovery_codes(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_RECOVERY_SET, account.as_str()).map(drop)
    }

    /// Stores the codes of an account's set for the session that made them, sealed, in place of earlier ones.
    pub async fn put_unsaved_codes(
        &mut self,
        account: &AccountId,
        session: &SessionId,
        new: &UnsavedCodes,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            PUT_UNSAVED_CODES,
            account.as_str(),
            session.as_str(),
            new.sealed.as_slice(),
            new.created_at.as_millis()
        )
        .map(drop)
    }

    /// Deletes the stored codes that were made in this session at this time: its user has saved them. False when there
    /// are none, or newer ones.
    pub async fn codes_saved(
        &mut self,
        account: &AccountId,
        session: &SessionId,
        made: Timestamp,
    ) -> Result<bool, StoreError> {
        let (account, session) = (account.as_str(), session.as_str());
        Ok(execute!(self.conn(), CODES_SAVED, account, session, made.as_millis())? == 1)
    }

    /// Deletes the stored codes of this session, which has ended.
    pub async fn delete_unsaved_codes(
        &mut self,
        account: &AccountId,
        session: &SessionId,
    ) -> Result<(), StoreError> {
        let (account, session) = (account.as_str(), session.as_str());
        execute!(self.conn(), DELETE_UNSAVED_CODES, account, session).map(drop)
    }

    /// Deletes the stored codes of every session of an account but `keep`: the others have ended.
    pub async fn delete_other_unsaved_codes(
        &mut self,
        account: &AccountId,
        keep: Option<&SessionId>,
    ) -> Result<(), StoreError> {
        let keep = keep.map(SessionId::as_str).unwrap_or_default();
        execute!(
            self.conn(),
            DELETE_OTHER_UNSAVED_CODES,
            account.as_str(),
            keep
        )
        .map(drop)
    }
}

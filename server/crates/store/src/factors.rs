//! `totp_enrolments` and `totp_factors`: the authenticator app, before and after its first right code.
//! The secret is sealed; this crate cannot read it.

use crate::{
    StoreError, Tx,
    conn::{execute, optional, redacted_debug, statements, store_and_tx, value},
    row::{record, select},
};
use domain::{AccountId, SessionId, Timestamp};

record! {
    /// An active second factor.
    #[derive(Clone, PartialEq, Eq)]
    pub struct TotpFactor from factor of totp_factors {
        /// Its account.
        pub account_id: AccountId,
        /// The shared secret, encrypted.
        pub secret_sealed: Vec<u8>,
        /// When the first code was right.
        pub confirmed_at: Timestamp,
        /// The newest time step whose code was used: none up to it is accepted again.
        pub last_step: i64,
        /// When that was.
        pub last_used_at: Timestamp,
    }
}

redacted_debug!(TotpFactor {
    account_id,
    confirmed_at,
    last_step
});

record! {
    /// A secret that was shown and is not confirmed by a code yet.
    #[derive(Clone, PartialEq, Eq)]
    pub struct TotpEnrolment from enrolment of totp_enrolments {
        /// Its account.
        pub account_id: AccountId,
        /// The session that it was shown in.
        pub session_id: SessionId,
        /// The shared secret, encrypted.
        pub secret_sealed: Vec<u8>,
        /// When it was created.
        pub created_at: Timestamp,
    }
}

redacted_debug!(TotpEnrolment {
    account_id,
    session_id,
    created_at
});

statements! {
    PUT_TOTP_ENROLMENT =
        "insert into totp_enrolments (account_id, session_id, secret_sealed, created_at)
        values ($1, $2, $3, $4)
        on conflict (account_id) do update
        set session_id = excluded.session_id, secret_sealed = excluded.secret_sealed,
            created_at = excluded.created_at";
    DELETE_TOTP_ENROLMENT = "delete from totp_enrolments where account_id = $1";
    TOTP_ENROLMENT =
        select!(enrolment, "from totp_enrolments
        where account_id = $1");
    TOTP_FACTOR =
        select!(factor, "from totp_factors
        where account_id = $1");
    IS_PHONE_MISSING =
        "select exists (
            select 1 from totp_factors
            join recovery_sets on recovery_sets.account_id = totp_factors.account_id
            where totp_factors.account_id = $1
                and recovery_sets.last_used_at > totp_factors.last_used_at
        ) as missing";
    INSERT_TOTP_FACTOR =
        "insert into totp_factors (account_id, secret_sealed, confirmed_at, last_step,
            last_used_at)
        values ($1, $2, $3, $4, $5)";
    USE_TOTP_STEP =
        "update totp_factors set last_step = $2, last_used_at = $3
        where account_id = $1 and last_step < $2";
    DELETE_TOTP_FACTOR = "delete from totp_factors where account_id = $1";
}

store_and_tx! { reader:
    /// The enrolment that an account has begun.
    fn totp_enrolment(conn, account: &AccountId) -> Option<TotpEnrolment> {
        optional!(conn, TOTP_ENROLMENT, account.as_str())
    }

    /// The second factor of an account.
    fn totp_factor(conn, account: &AccountId) -> Option<TotpFactor> {
        optional!(conn, TOTP_FACTOR, account.as_str())
    }

    /// Whether a recovery code of an account was used after its last code.
    fn is_phone_missing(conn, account: &AccountId) -> bool {
        let missing = value!(conn, IS_PHONE_MISSING, "missing", account.as_str())?;
        Ok(missing.unwrap_or_default())
    }
}

impl Tx {
    /// Stores an enrolment, in place of an earlier one.
    pub async fn put_totp_enrolment(&mut self, new: &TotpEnrolment) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            PUT_TOTP_ENROLMENT,
            new.account_id.as_str(),
            new.session_id.as_str(),
            new.secret_sealed.as_slice(),
            new.created_at.as_millis(),
        )
        .map(drop)
    }

    /// Deletes the enrolment of an account.
    pub async fn delete_totp_enrolment(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_TOTP_ENROLMENT, account.as_str()).map(drop)
    }

    /// Activates a second factor; a conflict when there is one.
    pub async fn insert_totp_factor(&mut self, new: &TotpFactor) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_TOTP_FACTOR,
            new.account_id.as_str(),
            new.secret_sealed.as_slice(),
            new.confirmed_at.as_millis(),
            new.last_step,
            new.last_used_at.as_millis(),
        )
        .map(drop)
    }

    /// Consumes the code of a time step, and with it those of all earlier steps. Of any number of
    /// callers with one code exactly one gets `true`.
    pub async fn use_totp_step(
        &mut self,
        account: &AccountId,
        step: i64,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(
            self.conn(),
            USE_TOTP_STEP,
            account.as_str(),
            step,
            at.as_millis()
        )? == 1)
    }

    /// Removes the second factor; false when there was none.
    pub async fn delete_totp_factor(&mut self, account: &AccountId) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), DELETE_TOTP_FACTOR, account.as_str())? == 1)
    }
}

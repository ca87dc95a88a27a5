//! What is sealed for more than an hour, row by row: for a rotation of the keys, which seals it anew.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, statements},
    row::record,
};

/// A kind of sealed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// Secrets of second factors, by account.
    Factors,
    /// Secrets that are being set up, by account.
    Enrolments,
    /// Recovery codes that are not saved yet, by account.
    UnsavedCodes,
    /// Short codes of mailed links, by token.
    Codes,
    /// Contents of mails, by mail.
    Mails,
    /// Password reset requests, by job.
    ResetRequests,
    /// Digests of new devices, by job.
    Digests,
}

impl Sealed {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Factors,
        Self::Enrolments,
        Self::UnsavedCodes,
        Self::Codes,
        Self::Mails,
        Self::ResetRequests,
        Self::Digests,
    ];
}

record! {
    /// A sealed value.
    #[derive(Clone, PartialEq, Eq)]
    pub struct SealedRow {
        /// What identifies its row.
        pub key: String,
        /// The value.
        pub sealed: Vec<u8>,
    }
}

/// `$1` the key after which to begin, `$2` how many rows.
macro_rules! read {
    ($table:literal, $key:literal, $column:literal, $condition:literal) => {
        concat!(
            "select ",
            $key,
            " as key, ",
            $column,
            " as sealed from ",
            $table,
            " where ",
            $key,
            " > $1 and ",
            $column,
            " is not null",
            $condition,
            " order by ",
            $key,
            " limit $2"
        )
    };
}

/// `$1` the key, `$2` the value that was read, `$3` the new one.
macro_rules! write {
    ($table:literal, $key:literal, $column:literal) => {
        concat!(
            "update ",
            $table,
            " set ",
            $column,
            " = $3 where ",
            $key,
            " = $1 and ",
            $column,
            " = $2"
        )
    };
}

statements! {
    READ_FACTORS = read!("totp_factors", "account_id", "secret_sealed", "");
    WRITE_FACTOR = write!("totp_factors", "account_id", "secret_sealed");
    READ_ENROLMENTS = read!("totp_enrolments", "account_id", "secret_sealed", "");
    WRITE_ENROLMENT = write!("totp_enrolments", "account_id", "secret_sealed");
    READ_CODES_TO_SAVE = read!("unsaved_codes", "account_id", "sealed", "");
    WRITE_CODES_TO_SAVE = write!("unsaved_codes", "account_id", "sealed");
    READ_CODES = read!("tokens", "id", "code_sealed", "");
    WRITE_CODE = write!("tokens", "id", "code_sealed");
    READ_MAILS = read!("outbox", "id", "sealed", "");
    WRITE_MAIL = write!("outbox", "id", "sealed");
    READ_RESET_REQUESTS = read!("jobs", "id", "payload", " and kind = 'answer_reset_request'");
    READ_DIGESTS = read!("jobs", "id", "payload", " and kind = 'tell_new_devices'");
    WRITE_JOB = write!("jobs", "id", "payload");
}

const fn statements(which: Sealed) -> (&'static str, &'static str) {
    match which {
        Sealed::Factors => (READ_FACTORS, WRITE_FACTOR),
        Sealed::Enrolments => (READ_ENROLMENTS, WRITE_ENROLMENT),
        Sealed::UnsavedCodes => (READ_CODES_TO_SAVE, WRITE_CODES_TO_SAVE),
        Sealed::Codes => (READ_CODES, WRITE_CODE),
        Sealed::Mails => (READ_MAILS, WRITE_MAIL),
        Sealed::ResetRequests => (READ_RESET_REQUESTS, WRITE_JOB),
        Sealed::Digests => (READ_DIGESTS, WRITE_JOB),
    }
}

impl Store {
    /// The sealed values after a key, in the order of their keys, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn sealed(
        &self,
        which: Sealed,
        after: &str,
        limit: u32,
    ) -> Result<Vec<SealedRow>, StoreError> {
        let (read, _) = statements(which);
        all!(self.reader().await?.conn(), read, after, i64::from(limit))
    }
}

impl Tx {
    /// Writes a value that was sealed anew, unless it is another one by now.
    pub async fn reseal(
        &mut self,
        which: Sealed,
        row: &SealedRow,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        let (_, write) = statements(which);
        let (key, old) = (row.key.as_str(), row.sealed.as_slice());
        execute!(self.conn(), write, key, old, sealed).map(drop)
    }
}

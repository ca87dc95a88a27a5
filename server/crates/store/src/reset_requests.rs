//! `reset_requests`: wishes for a new password, as somebody typed them.
//!
//! Whether there is an account is found out by a worker, after the answer was given: so the answer
//! cannot depend on it, not even in its time.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{execute, optional, statements},
    dialect::TAKE_RESET_REQUEST,
};
use domain::{ResetRequestId, Timestamp};

statements! {
    DELETE_RESET_REQUEST = "delete from reset_requests where id = $1";
    INSERT_RESET_REQUEST = "insert into reset_requests (id, sealed, created_at) values ($1, $2, $3)";
}

impl Store {
    /// Keeps a wish; its content is encrypted.
    pub async fn insert_reset_request(
        &self,
        id: &ResetRequestId,
        sealed: &[u8],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let at = at.as_millis();
        execute!(
            self.writer().await?.conn(),
            INSERT_RESET_REQUEST,
            id.as_str(),
            sealed,
            at
        )
        .map(drop)
    }

    /// Removes a wish that nobody can answer.
    pub async fn delete_reset_request(&self, id: &ResetRequestId) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        execute!(writer.conn(), DELETE_RESET_REQUEST, id.as_str()).map(drop)
    }
}

impl Tx {
    /// Takes the oldest wish away, to be answered in this transaction. Several workers take
    /// different ones.
    pub async fn take_reset_request(
        &mut self,
    ) -> Result<Option<(ResetRequestId, Vec<u8>)>, StoreError> {
        let mut conn = self.conn();
        let sql = TAKE_RESET_REQUEST.of(&conn);
        let row: Option<Row> = optional!(conn.again(), sql)?;
        row.map(|row| Ok((row.get("id")?, row.get("sealed")?)))
            .transpose()
    }
}

//! `flashes`: messages that one browser's next page shows once. Sealed, since they may repeat the
//! input of a form.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{execute, optional, statements},
};
use domain::Timestamp;

statements! {
    PUT_FLASH =
        "insert into flashes (token_hash, sealed, expires_at) values ($1, $2, $3)
        on conflict (token_hash) do update
        set sealed = excluded.sealed, expires_at = excluded.expires_at";
    TAKE_FLASH = "delete from flashes where token_hash = $1 returning sealed, expires_at";
}

impl Store {
    /// Removes and returns a message, unless it has expired.
    pub async fn take_flash(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut held = self.writer().await?;
        let row: Option<Row> = optional!(held.conn(), TAKE_FLASH, token_hash.as_slice())?;
        match row {
            Some(row) if row.get::<Timestamp>("expires_at")? > now => row.get("sealed").map(Some),
            _ => Ok(None),
        }
    }
}

impl Tx {
    /// Stores a message for the browser that has this token, in place of an earlier one.
    pub async fn put_flash(
        &mut self,
        token_hash: &[u8; 32],
        sealed: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let hash = token_hash.as_slice();
        execute!(self.conn(), PUT_FLASH, hash, sealed, expires_at.as_millis()).map(drop)
    }
}

//! `flashes`: what one browser's next page has to say, once. Sealed, since it may repeat what was
//! typed into a form.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{execute, optional, statements, store_and_tx},
};
use domain::Timestamp;

statements! {
    PUT_FLASH =
        "insert into flashes (token_hash, sealed, expires_at) values ($1, $2, $3)
        on conflict (token_hash) do update
        set sealed = excluded.sealed, expires_at = excluded.expires_at";
    TAKE_FLASH = "delete from flashes where token_hash = $1 returning sealed, expires_at";
    DELETE_OLD_FLASHES = "delete from flashes where expires_at <= $1";
}

impl Store {
    /// Takes a message: it is gone afterwards, even when it came too late.
    pub async fn take_flash(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut held = self.writer().await?;
        let row: Option<Row> = optional!(held.conn(), TAKE_FLASH, token_hash.as_slice())?;
        match row {
            Some(row) if row.time("expires_at")? > now => row.bytes("sealed").map(Some),
            _ => Ok(None),
        }
    }
}

store_and_tx! { writer:
    /// Removes the messages that nobody came for.
    fn delete_old_flashes(conn, now: Timestamp) -> u64 {
        execute!(conn, DELETE_OLD_FLASHES, now.as_millis())
    }
}

impl Tx {
    /// Leaves a message for the browser that holds this token.
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

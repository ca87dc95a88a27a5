//! `drafts`: what was typed into a form that came when its session had ended. Sealed for its account,
//! found through a session of that account and no other way, short-lived.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{execute, optional, statements, store_and_tx},
};
use domain::{SessionId, Timestamp};

statements! {
    PUT_DRAFT =
        "insert into drafts (session_id, page, sealed, expires_at) values ($1, $2, $3, $4)
        on conflict (session_id, page) do update
        set sealed = excluded.sealed, expires_at = excluded.expires_at";
    COUNT_DRAFTS =
        "select count(*) as drafts from drafts
        where session_id = $1 and page <> $2 and expires_at > $3";
    MOVE_DRAFTS =
        "update drafts set session_id = $2
        where session_id = $1 and expires_at > $3
            and (select account_id from sessions where id = $1)
                = (select account_id from sessions where id = $2)";
    TAKE_DRAFT =
        "delete from drafts where session_id = $1 and page = $2 returning sealed, expires_at";
    DELETE_DRAFTS = "delete from drafts where session_id = $1";
    DELETE_OLD_DRAFTS = "delete from drafts where expires_at <= $1";
}

impl Store {
    /// Takes what was typed on a page: it is gone afterwards, even when it came too late.
    pub async fn take_draft(
        &self,
        session: &SessionId,
        page: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut held = self.writer().await?;
        let row: Option<Row> = optional!(held.conn(), TAKE_DRAFT, session.as_str(), page)?;
        match row {
            Some(row) if row.time("expires_at")? > now => row.bytes("sealed").map(Some),
            _ => Ok(None),
        }
    }
}

store_and_tx! { reader:
    /// On how many pages but this one something was typed that is still kept.
    fn count_drafts(
        conn, session: &SessionId, but: &str, now: Timestamp
    ) -> u32 {
        let row: Option<Row> = optional!(conn, COUNT_DRAFTS, session.as_str(), but, now.as_millis())?;
        row.map_or(Ok(0), |row| row.count("drafts"))
    }
}

store_and_tx! { writer:
    /// Removes what nobody came for.
    fn delete_old_drafts(conn, now: Timestamp) -> u64 {
        execute!(conn, DELETE_OLD_DRAFTS, now.as_millis())
    }
}

impl Tx {
    /// Keeps what was typed on a page, in place of what was kept of it before.
    pub async fn put_draft(
        &mut self,
        session: &SessionId,
        page: &str,
        sealed: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (session, expires) = (session.as_str(), expires_at.as_millis());
        execute!(self.conn(), PUT_DRAFT, session, page, sealed, expires).map(drop)
    }

    /// Gives what an ended session left to a newer one, if both are of one account; counts the
    /// pages.
    pub async fn move_drafts(
        &mut self,
        from: &SessionId,
        to: &SessionId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (from, to) = (from.as_str(), to.as_str());
        execute!(self.conn(), MOVE_DRAFTS, from, to, now.as_millis())
    }

    /// Removes what a session left.
    pub async fn delete_drafts(&mut self, session: &SessionId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_DRAFTS, session.as_str()).map(drop)
    }
}

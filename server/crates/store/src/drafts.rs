//! `drafts`: the input of forms that were posted after their session had ended. Sealed for the account,
//! found only through a session of that account, short-lived.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{execute, optional, statements, store_and_tx, value},
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
}

impl Store {
    /// Removes and returns the draft of a page, unless it has expired.
    pub async fn take_draft(
        &self,
        session: &SessionId,
        page: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut held = self.writer().await?;
        let row: Option<Row> = optional!(held.conn(), TAKE_DRAFT, session.as_str(), page)?;
        match row {
            Some(row) if row.get::<Timestamp>("expires_at")? > now => row.get("sealed").map(Some),
            _ => Ok(None),
        }
    }
}

store_and_tx! { reader:
    /// How many pages except `but` have a draft that has not expired.
    fn count_drafts(
        conn, session: &SessionId, but: &str, now: Timestamp
    ) -> u32 {
        let (session, now) = (session.as_str(), now.as_millis());
        Ok(value!(conn, COUNT_DRAFTS, "drafts", session, but, now)?.unwrap_or_default())
    }
}

impl Tx {
    /// Stores the draft of a page, in place of an earlier one.
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

    /// Moves the drafts of an ended session to a newer one, if both belong to one account; counts the
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

    /// Removes the drafts of a session.
    pub async fn delete_drafts(&mut self, session: &SessionId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_DRAFTS, session.as_str()).map(drop)
    }
}

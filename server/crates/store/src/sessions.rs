//! `sessions`: browsers that are signed in. A session is found by the hash of its cookie's token,
//! and only in its own realm.

use crate::{
    Row, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, store_and_tx, value},
    row::{record, select},
};
use domain::{
    AccountId, Realm, SessionId, Timestamp,
    session::{Method, SecondStep},
};

record! {
    /// A signed-in browser.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Session from session of sessions {
        /// Its identifier, which is no secret.
        pub id: SessionId,
        /// The realm that it is valid in.
        pub realm: Realm,
        /// Its account.
        pub account_id: AccountId,
        /// Both steps of its sign-in.
        pub method: Method = [first_step, second_step] with read_method,
        /// When it began.
        pub created_at: Timestamp,
        /// When the user last authenticated in it (step-up).
        pub proved_at: Timestamp,
        /// When it was last used, to the minute.
        pub last_seen_at: Timestamp,
        /// The network that it began from.
        pub network: String,
        /// The browser that it began in.
        pub user_agent: String,
        /// The slug of the project that it began at; none in the back office.
        pub project: Option<String>,
        /// Whether the user chose "stay signed in".
        pub stay: bool,
    }
}

record! {
    /// A session that may have been revoked.
    pub struct FoundSession from found_session of sessions {
        /// When it was revoked.
        pub revoked_at: Option<Timestamp>,
        /// The session.
        pub session: Session = [] with Session::from_row,
    }
}

redacted_debug!(Session {
    id,
    realm,
    account_id,
    method,
    created_at,
    last_seen_at
});

statements! {
    INSERT_SESSION =
        "insert into sessions (id, realm, account_id, token_hash, first_step, second_step,
            created_at, proved_at, last_seen_at, network, user_agent, project, stay)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    SESSION_BY_TOKEN =
        select!(session, "from sessions
        where token_hash = $2 and realm = $1 and revoked_at is null");
    ANY_SESSION_BY_TOKEN =
        concat!("select ", session!(), ", ", found_session!(), "
        from sessions
        where token_hash = $2 and realm = $1");
    SESSIONS_OF =
        select!(session, "from sessions
        where account_id = $1 and revoked_at is null
        order by last_seen_at desc, id desc");
    OPEN_SESSION = "select id from sessions where id = $1 and revoked_at is null";
    TOUCH_SESSION = "update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2";
    SET_SESSION_PROVED = "update sessions set proved_at = $2 where id = $1";
    RENEW_SESSION =
        "update sessions set token_hash = $2 where id = $1 and revoked_at is null";
    REVOKE_SESSION = "update sessions set revoked_at = $2 where id = $1 and revoked_at is null";
    REVOKE_SESSION_OF =
        "update sessions set revoked_at = $3
        where id = $2 and account_id = $1 and revoked_at is null";
    REVOKE_OTHER_SESSIONS =
        "update sessions set revoked_at = $3
        where account_id = $1 and id <> $2 and revoked_at is null";
}

/// Both steps of a session.
pub(crate) fn read_method(row: &Row) -> Result<Method, StoreError> {
    Ok(Method {
        first: row.get("first_step")?,
        second: row.get("second_step")?,
    })
}

store_and_tx! { reader:
    /// The session of a token, unless it was revoked. `domain::session` says whether it has expired.
    fn session_by_token(conn, realm: &Realm, token_hash: &[u8; 32]) -> Option<Session> {
        optional!(conn, SESSION_BY_TOKEN, realm.to_string(), token_hash.as_slice())
    }

    /// The session of a token, revoked or not: to say why it ended.
    fn any_session_by_token(
        conn, realm: &Realm, token_hash: &[u8; 32]
    ) -> Option<FoundSession> {
        optional!(conn, ANY_SESSION_BY_TOKEN, realm.to_string(), token_hash.as_slice())
    }

    /// The sessions of an account that were not revoked, the last used first. Some may have expired.
    fn sessions_of(conn, account: &AccountId) -> Vec<Session> {
        all!(conn, SESSIONS_OF, account.as_str())
    }
}

impl Tx {
    /// Inserts a session.
    pub async fn insert_session(
        &mut self,
        session: &Session,
        token_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_SESSION,
            session.id.as_str(),
            session.realm.to_string(),
            session.account_id.as_str(),
            token_hash.as_slice(),
            session.method.first.as_str(),
            session.method.second.map(SecondStep::as_str),
            session.created_at.as_millis(),
            session.proved_at.as_millis(),
            session.last_seen_at.as_millis(),
            session.network.as_str(),
            session.user_agent.as_str(),
            session.project.as_deref(),
            session.stay,
        )
        .map(drop)
    }

    /// Whether a session was not revoked since it was read. The caller locks the account first
    /// ([`Tx::lock_account`]), as every caller that revokes sessions does.
    pub async fn is_session_open(&mut self, id: &SessionId) -> Result<bool, StoreError> {
        let open: Option<SessionId> = value!(self.conn(), OPEN_SESSION, "id", id.as_str())?;
        Ok(open.is_some())
    }

    /// Records that a session was used; an older time changes nothing.
    pub async fn touch_session(&mut self, id: &SessionId, at: Timestamp) -> Result<(), StoreError> {
        execute!(self.conn(), TOUCH_SESSION, id.as_str(), at.as_millis()).map(drop)
    }

    /// Records that the user authenticated again in a session.
    pub async fn set_session_proved(
        &mut self,
        id: &SessionId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), SET_SESSION_PROVED, id.as_str(), at.as_millis()).map(drop)
    }

    /// Replaces the token of a session; the old one is invalid from now on. False when the session was
    /// revoked.
    pub async fn renew_session(
        &mut self,
        id: &SessionId,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let hash = token_hash.as_slice();
        Ok(execute!(self.conn(), RENEW_SESSION, id.as_str(), hash)? == 1)
    }

    /// Revokes a session; false when it was revoked already.
    pub async fn revoke_session(
        &mut self,
        id: &SessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), REVOKE_SESSION, id.as_str(), at.as_millis())? == 1)
    }

    /// Revokes a session of this account; false when it was revoked already, or belongs to another
    /// account.
    pub async fn revoke_session_of(
        &mut self,
        account: &AccountId,
        id: &SessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let at = at.as_millis();
        Ok(execute!(
            self.conn(),
            REVOKE_SESSION_OF,
            account.as_str(),
            id.as_str(),
            at
        )? == 1)
    }

    /// Revokes the sessions of an account, all of them or all but one, and counts them.
    pub async fn revoke_other_sessions(
        &mut self,
        account: &AccountId,
        keep: Option<&SessionId>,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        // No session has an empty id: nothing is kept.
        let keep = keep.map_or("", SessionId::as_str);
        execute!(
            self.conn(),
            REVOKE_OTHER_SESSIONS,
            account.as_str(),
            keep,
            at.as_millis()
        )
    }
}

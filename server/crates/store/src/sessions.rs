//! `sessions`: browsers that are signed in. A session is found by the hash of its cookie's token,
//! and only in the realm that it was made for.

use crate::{
    Row, StoreError, Tx,
    conn::{Record, all, execute, optional, redacted_debug, statements, store_and_tx},
};
use domain::{
    AccountId, Realm, SessionId, Timestamp,
    session::{FirstStep, Method, SecondStep},
};

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identifier, which is no secret.
    pub id: SessionId,
    /// The house it is valid in.
    pub realm: Realm,
    /// Whose it is.
    pub account_id: AccountId,
    /// How the person proved who she is.
    pub method: Method,
    /// When it began.
    pub created_at: Timestamp,
    /// When she last gave a proof (step-up).
    pub proved_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// The network that it began from.
    pub network: String,
    /// The browser that it began in.
    pub user_agent: String,
    /// The slug of the project whose door it came through; none in the back office.
    pub project: Option<String>,
    /// Whether it may outlive the browser ("stay signed in").
    pub stay: bool,
}

/// A session that was looked up although it may have ended.
pub struct FoundSession {
    /// The session.
    pub session: Session,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
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
        "select id, realm, account_id, first_step, second_step, created_at, proved_at,
            last_seen_at, network, user_agent, project, stay
        from sessions
        where token_hash = $2 and realm = $1 and revoked_at is null";
    ANY_SESSION_BY_TOKEN =
        "select id, realm, account_id, first_step, second_step, created_at, proved_at,
            last_seen_at, network, user_agent, project, stay, revoked_at
        from sessions
        where token_hash = $2 and realm = $1";
    SESSIONS_OF =
        "select id, realm, account_id, first_step, second_step, created_at, proved_at,
            last_seen_at, network, user_agent, project, stay
        from sessions
        where account_id = $1 and revoked_at is null
        order by last_seen_at desc, id desc";
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
    DELETE_DEAD_SESSIONS =
        "delete from sessions
        where (realm = 'back_office') = $1 and stay = $2
            and (created_at < $3 or last_seen_at < $4)";
    DELETE_REVOKED_SESSIONS = "delete from sessions where revoked_at < $1";
}

impl Record for Session {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?.into(),
            realm: Realm::from_stored(row.text("realm")?),
            account_id: row.text("account_id")?.into(),
            method: read_method(&row)?,
            created_at: row.time("created_at")?,
            proved_at: row.time("proved_at")?,
            last_seen_at: row.time("last_seen_at")?,
            network: row.text("network")?,
            user_agent: row.text("user_agent")?,
            project: row.maybe_text("project")?,
            stay: row.flag("stay")?,
        })
    }
}

/// Both steps of a session.
pub(crate) fn read_method(row: &Row) -> Result<Method, StoreError> {
    Ok(Method {
        first: row.parsed("first_step", FirstStep::parse)?,
        second: row.maybe_parsed("second_step", SecondStep::parse)?,
    })
}

impl Record for FoundSession {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            revoked_at: row.maybe_time("revoked_at")?,
            session: Session::read(row)?,
        })
    }
}

store_and_tx! { reader:
    /// The session of a token, unless it was revoked. Whether it is too old is `domain`'s to say.
    fn session_by_token(conn, realm: &Realm, token_hash: &[u8; 32]) -> Option<Session> {
        optional!(conn, SESSION_BY_TOKEN, realm.to_string(), token_hash.as_slice())
    }

    /// The session of a token, though it may have been revoked: to say why it ended.
    fn any_session_by_token(
        conn, realm: &Realm, token_hash: &[u8; 32]
    ) -> Option<FoundSession> {
        optional!(conn, ANY_SESSION_BY_TOKEN, realm.to_string(), token_hash.as_slice())
    }

    /// The sessions of an account that were not revoked, the last used first. Some may be too old.
    fn sessions_of(conn, account: &AccountId) -> Vec<Session> {
        all!(conn, SESSIONS_OF, account.as_str())
    }
}

store_and_tx! { writer:
    /// Removes the sessions that somebody ended before this time.
    fn delete_revoked_sessions(conn, before: Timestamp) -> u64 {
        execute!(conn, DELETE_REVOKED_SESSIONS, before.as_millis())
    }

    /// Removes the sessions of the back office, or of all others, with or without the choice to
    /// stay, that began or were last used before these times.
    fn delete_dead_sessions(
        conn, back_office: bool, stay: bool, created_before: Timestamp, seen_before: Timestamp
    ) -> u64 {
        let (created, seen) = (created_before.as_millis(), seen_before.as_millis());
        execute!(conn, DELETE_DEAD_SESSIONS, back_office, stay, created, seen)
    }
}

impl Tx {
    /// Makes a session.
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

    /// Whether a session was not ended since it was looked up. Ask after
    /// [`Tx::lock_account`]: whoever ends the sessions of an account holds it.
    pub async fn is_session_open(&mut self, id: &SessionId) -> Result<bool, StoreError> {
        let row: Option<Row> = optional!(self.conn(), OPEN_SESSION, id.as_str())?;
        Ok(row.is_some())
    }

    /// Notes that a session was used; an older time changes nothing.
    pub async fn touch_session(&mut self, id: &SessionId, at: Timestamp) -> Result<(), StoreError> {
        execute!(self.conn(), TOUCH_SESSION, id.as_str(), at.as_millis()).map(drop)
    }

    /// Notes that the person of a session gave a proof again.
    pub async fn set_session_proved(
        &mut self,
        id: &SessionId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), SET_SESSION_PROVED, id.as_str(), at.as_millis()).map(drop)
    }

    /// Gives a session a new token; the old one is worth nothing from now on. False when the
    /// session has ended.
    pub async fn renew_session(
        &mut self,
        id: &SessionId,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let hash = token_hash.as_slice();
        Ok(execute!(self.conn(), RENEW_SESSION, id.as_str(), hash)? == 1)
    }

    /// Ends a session; false when it had ended already.
    pub async fn revoke_session(
        &mut self,
        id: &SessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), REVOKE_SESSION, id.as_str(), at.as_millis())? == 1)
    }

    /// Ends a session of this account; false when it had ended already, or is not hers.
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

    /// Ends the sessions of an account, all of them or all but one, and counts them.
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

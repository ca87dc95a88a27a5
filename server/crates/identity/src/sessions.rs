//! Sessions: which user a cookie belongs to, and how a session ends.

use crate::{Client, Error, EventKind, Identity, Result, SignedIn, token_hash};
use domain::{
    AccountId, AccountStatus, Realm, SessionId, Timestamp,
    session::{Ending, Lifetime, SEEN_RESOLUTION},
    token::Secret,
};
use store::{Account, Session};
use unit_of_work::Actor;

/// A session that is over, of an account that may sign in again.
#[derive(Debug)]
pub struct EndedSession {
    /// The session.
    pub session: Session,
    /// Why it is over.
    pub ending: Ending,
    /// The address of its account.
    pub email: String,
}

impl Identity {
    /// The user who is signed in to `realm` with this token.
    ///
    /// Age, idleness and the account's state are looked at on every request, so that locking an
    /// account ends its sessions at once (ASVS 7.4.2, 8.3.2).
    pub async fn signed_in(&self, realm: &Realm, token: &Secret) -> Result<Option<SignedIn>> {
        let Some(mut session) = self
            .store
            .session_by_token(realm, &token_hash(token))
            .await?
        else {
            return Ok(None);
        };
        let now = self.now();
        if ended(&session, now).is_some() {
            return Ok(None);
        }
        let Some(account) = self.active_account(&session).await? else {
            return Ok(None);
        };
        if now.since(session.last_seen_at) >= SEEN_RESOLUTION {
            let mut tx = self.store.begin().await?;
            tx.touch_session(&session.id, now).await?;
            tx.commit().await?;
            session.last_seen_at = now;
        }
        Ok(Some(SignedIn { account, session }))
    }

    /// The session that this token opened and that is over, while it is known why.
    ///
    /// The holder of the token was signed in with it, so the reason may be shown. The token is dead.
    pub async fn ended_session(
        &self,
        realm: &Realm,
        token: &Secret,
    ) -> Result<Option<EndedSession>> {
        let hash = token_hash(token);
        let found = self.store.any_session_by_token(realm, &hash).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        // It was revoked while it lived, or is looked at as it was.
        let at = found.revoked_at.unwrap_or(self.now());
        let by_time = ended(&found.session, at);
        let Some(ending) = by_time.or(found.revoked_at.map(|_| Ending::Revoked)) else {
            return Ok(None);
        };
        let account = self.active_account(&found.session).await?;
        Ok(account.map(|account| EndedSession {
            session: found.session,
            ending,
            email: account.email,
        }))
    }

    async fn active_account(&self, session: &Session) -> Result<Option<Account>> {
        let account = self.store.account(&session.account_id).await?;
        Ok(account.filter(|account| account.status == AccountStatus::Active))
    }

    /// Gives the session a new token after a proof was given in it; the old one is worth nothing
    /// from now on (ASVS 7.2.4). `None` when the session has ended meanwhile.
    pub async fn renew_session(&self, who: &SignedIn) -> Result<Option<Secret>> {
        let token = self.new_secret();
        let mut tx = self.store.begin().await?;
        let renewed = tx
            .renew_session(&who.session.id, &token_hash(&token))
            .await?;
        tx.commit().await?;
        Ok(renewed.then_some(token))
    }

    /// Ends the session on the server; the cookie is worth nothing from now on.
    pub async fn sign_out(&self, who: &SignedIn, client: &Client) -> Result<()> {
        let mut work = self.begin(Actor::Owner, client).await?;
        work.lock_account(&who.account.id).await?;
        // Drafts are for sessions that expired; a user who signs out needs none.
        work.delete_drafts(&who.session.id).await?;
        work.delete_unsaved_codes(&who.account.id, &who.session.id)
            .await?;
        if work.revoke_session(&who.session.id, self.now()).await? {
            let id = &who.account.id;
            work.log(id, EventKind::SignedOut).await?;
        }
        Ok(work.commit().await?)
    }

    /// The live sessions of the user's account, the last used first.
    pub async fn sessions(&self, who: &SignedIn) -> Result<Vec<Session>> {
        let now = self.now();
        let mut sessions = self.store.sessions_of(&who.account.id).await?;
        sessions.retain(|session| ended(session, now).is_none());
        Ok(sessions)
    }

    /// Ends a session of the user's account.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] when the last proof is too old: somebody at a session that was left open must not lock its
    /// owner out elsewhere. [`Error::Unchanged`] when it has ended already, or belongs to another account.
    pub async fn end_session(&self, who: &SignedIn, id: &SessionId, client: &Client) -> Result<()> {
        self.must_have_proved(who)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let own = &who.account.id;
        work.lock_own(who).await?;
        if !work.revoke_session_of(own, id, self.now()).await? {
            return Err(Error::Unchanged);
        }
        work.delete_unsaved_codes(own, id).await?;
        work.log(own, EventKind::SessionEnded).await?;
        Ok(work.commit().await?)
    }

    /// Ends every session of the user's account but the current one, and every unfinished sign-in.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] as for one session.
    pub async fn end_other_sessions(&self, who: &SignedIn, client: &Client) -> Result<()> {
        self.must_have_proved(who)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let own = &who.account.id;
        work.lock_own(who).await?;
        let ended = work
            .revoke_other_sessions(own, Some(&who.session.id), self.now())
            .await?;
        work.delete_other_unsaved_codes(own, Some(&who.session.id))
            .await?;
        work.delete_sign_ins(own).await?;
        if ended > 0 {
            let event = EventKind::OtherSessionsEnded;
            work.log(own, event).await?;
        }
        Ok(work.commit().await?)
    }

    /// Ends every session of an account and every unfinished sign-in, as an operator does who fears that one was stolen.
    /// The account stays open, and so do links in mails. Gives how many sessions ended.
    ///
    /// # Errors
    /// `NoAccount`, `Store`.
    pub async fn end_sessions_of(&self, account: &AccountId) -> Result<u64> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.lock_account(account).await?;
        let ended = work
            .revoke_other_sessions(account, None, self.now())
            .await?;
        work.delete_other_unsaved_codes(account, None).await?;
        work.delete_sign_ins(account).await?;
        if ended > 0 {
            work.log(account, EventKind::OtherSessionsEnded).await?;
        }
        work.commit().await?;
        Ok(ended)
    }
}

/// The limits of a session.
fn lifetime(session: &Session) -> Lifetime {
    Lifetime::of(&session.realm, session.stay)
}

fn ended(session: &Session, now: Timestamp) -> Option<Ending> {
    lifetime(session).ended(now, session.created_at, session.last_seen_at)
}

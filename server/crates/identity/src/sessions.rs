//! Sessions: who a cookie belongs to, and how a session ends.

use crate::{Client, Error, Event, Identity, Result, token_hash};
use domain::{AccountId, AccountStatus, Realm, SessionId, session, token::Secret};
use store::{Account, Session, Tx};

/// Somebody who is fully signed in. A function that takes it need not check anything.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Her account.
    pub account: Account,
    /// The session she is using.
    pub session: Session,
}

impl Identity {
    /// Whoever is signed in to `realm` with this token.
    ///
    /// Age, idleness and the account's state are looked at on every request, so that locking an
    /// account ends its sessions at once (ASVS 7.4.2, 8.3.2).
    pub async fn signed_in(&self, realm: &Realm, token: &Secret) -> Result<Option<SignedIn>> {
        let Some(session) = self
            .store
            .session_by_token(realm, &token_hash(token))
            .await?
        else {
            return Ok(None);
        };
        let now = self.now();
        if !session::is_alive(now, session.created_at, session.last_seen_at) {
            return Ok(None);
        }
        let Some(account) = self.store.account(&session.account_id).await? else {
            return Ok(None);
        };
        if account.status != AccountStatus::Active {
            return Ok(None);
        }
        if now.since(session.last_seen_at) >= session::SEEN_RESOLUTION {
            let mut tx = self.store.begin().await?;
            tx.touch_session(&session.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(SignedIn { account, session }))
    }

    /// Gives the session a new token after a proof was given in it; the old one is worth nothing
    /// from now on (ASVS 7.2.4). `None` when the session has ended meanwhile.
    pub async fn renew_session(&self, who: &SignedIn) -> Result<Option<Secret>> {
        let token = Secret::generate(&*self.entropy);
        let mut tx = self.store.begin().await?;
        let renewed = tx
            .renew_session(&who.session.id, &token_hash(&token))
            .await?;
        tx.commit().await?;
        Ok(renewed.then_some(token))
    }

    /// Ends the session on the server; the cookie is worth nothing from now on.
    pub async fn sign_out(&self, who: &SignedIn, client: &Client) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.hold_account(&who.account.id).await?;
        if tx.revoke_session(&who.session.id, self.now()).await? {
            let id = &who.account.id;
            self.log(&mut tx, id, Some(id), Event::SignedOut, client)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The live sessions of one's own account, the last used first.
    pub async fn sessions(&self, who: &SignedIn) -> Result<Vec<Session>> {
        let now = self.now();
        let mut sessions = self.store.sessions_of(&who.account.id).await?;
        sessions.retain(|session| session::is_alive(now, session.created_at, session.last_seen_at));
        Ok(sessions)
    }

    /// Ends a session of one's own account.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it has ended already, or is not one's own.
    pub async fn end_session(&self, who: &SignedIn, id: &SessionId, client: &Client) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let own = &who.account.id;
        self.hold_own(&mut tx, who).await?;
        if !tx.revoke_session_of(own, id, self.now()).await? {
            return Err(Error::Unchanged);
        }
        self.log(&mut tx, own, Some(own), Event::SessionEnded, client)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Ends every session of one's own account but the one in use, and every begun sign-in.
    pub async fn end_other_sessions(&self, who: &SignedIn, client: &Client) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let own = &who.account.id;
        self.hold_own(&mut tx, who).await?;
        let ended = tx
            .revoke_other_sessions(own, Some(&who.session.id), self.now())
            .await?;
        tx.delete_sign_ins(own).await?;
        if ended > 0 {
            let event = Event::OtherSessionsEnded;
            self.log(&mut tx, own, Some(own), event, client).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends every session of an account but `keep`, and every sign-in that is half-way there; no
    /// browser is spared the code any more.
    pub(crate) async fn end_ways_in(
        &self,
        tx: &mut Tx,
        account: &AccountId,
        keep: Option<&SessionId>,
    ) -> Result<()> {
        tx.revoke_other_sessions(account, keep, self.now()).await?;
        tx.forget_devices(account).await?;
        Ok(tx.delete_sign_ins(account).await?)
    }

    /// Ends every way into an account but the session `keep` and what is known by heart: after a
    /// change of password or address, and whenever somebody else may have had her hands in it
    /// (Keycloak issues 21348 and 26815).
    pub(crate) async fn close_other_ways(
        &self,
        tx: &mut Tx,
        account: &AccountId,
        keep: Option<&SessionId>,
    ) -> Result<()> {
        self.end_ways_in(tx, account, keep).await?;
        self.void_keys(tx, account).await
    }
}

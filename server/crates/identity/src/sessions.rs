//! Sessions: who a cookie belongs to, and how a session ends.

use crate::{Client, Event, Identity, Result, token_hash};
use domain::{AccountStatus, Realm, session, token::Secret};
use store::{Account, Session};

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
}

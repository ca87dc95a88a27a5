//! Linking an account at a provider to one's own, from the settings: the second half, when the
//! person is back.
//!
//! The first half took a proof ([`Identity::begin_link`]) and wrote down in which session; only that
//! session can finish it (Zitadel CVE-2026-105207, Keycloak CVE-2026-9087). The address at the provider
//! is of no account: the link is explicit (promise B30).

use super::may_link;
use crate::{Client, Error, Flow, FlowAim, Identity, Result, SignedIn};
use domain::provider::Claims;

impl Identity {
    /// Links what somebody came back with to her account. Everybody else is signed out of it, its
    /// owner is told.
    ///
    /// # Errors
    /// [`Error::NoFlow`] in another session than the one that began it; [`Error::LinkedElsewhere`],
    /// [`Error::AnotherIsLinked`], [`Error::SessionEnded`].
    pub async fn link(
        &self,
        who: &SignedIn,
        flow: &Flow,
        claims: &Claims,
        client: &Client,
    ) -> Result<()> {
        let FlowAim::Link { session, account } = &flow.aim else {
            return Err(Error::NoFlow);
        };
        let own = *session == who.session.id && *account == who.account.id;
        if !own || flow.provider != claims.subject.provider() {
            return Err(Error::NoFlow);
        }
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        may_link(&account)?;
        let id = &account.id;
        let linked = tx.linked_account(&claims.subject).await?;
        if linked.is_some_and(|linked| linked.account_id == *id) {
            // Begun twice and finished twice: there is nothing to tell.
            return Ok(());
        }
        self.end_ways_in(&mut tx, id, Some(&who.session.id)).await?;
        self.bind(&mut tx, &account, (claims, None), client).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }
}
